/** A store in a folder reads files of that folder, and nothing that only looks like one. */

import { assertEquals, assertRejects } from "@std/assert";
import { CorruptFileError, NotFoundError, StoreError } from "../../../lib/delta/errors.ts";
import {
  convertFolder,
  createTable,
  type DeltaTable,
  openTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { LocalStore } from "../../../lib/delta/store/local_store.ts";
import { testContext } from "../test_context.ts";
import "../../load_packages.ts";

const SYSTEM = { read: true, write: true, run: ["mkfifo"] };
const SCHEMA = tableSchema({ p: "string", id: "long" });

/** A table of one file in a folder, beside a folder with a secret. */
interface Place {
  readonly root: string;
  readonly secret: string;
  readonly file: string;
  readonly table: DeltaTable;
}

function withTable(act: (place: Place) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    try {
      const root = `${folder}/table`;
      const table = await createTable(
        new LocalStore(root),
        { schema: SCHEMA, partitionColumns: ["p"] },
        testContext(),
      );
      const adds = [await table.stageRows([{ id: 1n }], { partitionValues: { p: "a" } })];
      await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
      await Deno.mkdir(`${folder}/secret`);
      await Deno.copyFile(`${root}/${adds[0]?.path}`, `${folder}/secret/rows.parquet`);
      await act({ root, secret: `${folder}/secret`, file: `${root}/${adds[0]?.path}`, table });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

async function faultOf({ root }: Place): Promise<unknown> {
  const table = await openTable(new LocalStore(root), testContext());
  const [add] = table.snapshot.files.values();
  const error = await assertRejects(
    () => table.readFile(add ?? { path: "", partitionValues: {} }),
    StoreError,
  );
  assertEquals([error.table, add?.path.startsWith(error.path)], [root, true]);
  return error.code;
}

Deno.test({
  name: "a data file that is a pipe, a device or a folder is refused before it is opened",
  permissions: SYSTEM,
  fn: withTable(async (place) => {
    await Deno.remove(place.file);
    await new Deno.Command("mkfifo", { args: [place.file] }).output();
    assertEquals(await faultOf(place), "NO_FILE");
    await Deno.remove(place.file);
    await Deno.symlink("/dev/zero", place.file);
    assertEquals(await faultOf(place), "OUTSIDE");
    await Deno.remove(place.file);
    await Deno.mkdir(place.file);
    assertEquals(await faultOf(place), "NO_FILE");
  }),
});

Deno.test({
  name: "a link that leaves the table is refused, be it the file, a folder on the way or a link to a link",
  permissions: SYSTEM,
  fn: withTable(async (place) => {
    const { root, secret, file } = place;
    for (
      const target of [
        `${secret}/rows.parquet`,
        "../../secret/rows.parquet",
        "x/../../../secret/rows.parquet",
      ]
    ) {
      await Deno.remove(file);
      await Deno.symlink(target, file);
      assertEquals(await faultOf(place), "OUTSIDE", target);
    }
    await Deno.remove(`${root}/p=a`, { recursive: true });
    await Deno.symlink(secret, `${root}/p=a`);
    await Deno.copyFile(`${secret}/rows.parquet`, `${secret}/${file.slice(file.lastIndexOf("/") + 1)}`);
    assertEquals(await faultOf(place), "OUTSIDE");
    await Deno.remove(`${root}/p=a`);
    await Deno.symlink("b", `${root}/p=a`);
    await Deno.symlink("p=a", `${root}/b`);
    assertEquals(await faultOf(place), "NO_FILE");
  }),
});

Deno.test({
  name: "links that stay inside the table are followed, and the folder of the table may be a link",
  permissions: SYSTEM,
  fn: withTable(async ({ root, file, table }) => {
    await Deno.rename(file, `${root}/moved`);
    await Deno.symlink("../moved", file);
    await Deno.symlink(root, `${root}-link`);
    for (const folder of [root, `${root}-link`]) {
      const [add] = table.snapshot.files.values();
      const opened = await openTable(new LocalStore(folder), testContext());
      assertEquals((await opened.readFile(add ?? { path: "", partitionValues: {} })).height, 1);
    }
    await Deno.remove(file);
    await Deno.symlink(`${root}/moved`, file);
    assertEquals((await new LocalStore(root).read(file.slice(root.length + 1))).length > 100, true);
    await Deno.remove(file);
    await Deno.symlink("../gone", file);
    await assertRejects(() => new LocalStore(root).read(file.slice(root.length + 1)), NotFoundError);
  }),
});

Deno.test({
  name:
    "commits, checkpoints and the log as a whole are no links out of the table either, nor is anything written through one",
  permissions: SYSTEM,
  fn: withTable(async ({ root, secret }) => {
    const log = `${root}/_delta_log`;
    const open = () => openTable(new LocalStore(root), testContext());
    const commit = `${log}/${"0".repeat(19)}1.json`;
    await Deno.rename(commit, `${secret}/1.json`);
    await Deno.symlink(`${secret}/1.json`, commit);
    assertEquals((await assertRejects(open, StoreError)).code, "OUTSIDE");
    await Deno.rename(log, `${secret}/log`);
    await Deno.symlink(`${secret}/log`, log);
    assertEquals((await assertRejects(open, StoreError)).code, "OUTSIDE");
    const write = () => new LocalStore(root).putIfAbsent("_delta_log/x", new Uint8Array(1));
    assertEquals((await assertRejects(write, StoreError)).code, "OUTSIDE");
    assertEquals(
      await Array.fromAsync(Deno.readDir(`${secret}/log`), ({ name }) => name).then((names) =>
        names.includes("x")
      ),
      false,
    );
  }),
});

Deno.test({
  name: "a folder with a link that leaves it is not converted",
  permissions: SYSTEM,
  fn: withTable(async ({ root, secret }) => {
    await Deno.remove(`${root}/_delta_log`, { recursive: true });
    await Deno.symlink(`${secret}/rows.parquet`, `${root}/p=a/linked.parquet`);
    const convert = () => convertFolder(new LocalStore(root), {}, testContext());
    assertEquals((await assertRejects(convert, StoreError)).code, "OUTSIDE");
  }),
});

Deno.test({
  name: "a data file that is far longer than the log says is refused, and not read to its end",
  permissions: SYSTEM,
  fn: withTable(async ({ file, table }) => {
    const [add] = table.snapshot.files.values();
    await Deno.truncate(file, 2 ** 43);
    const error = await assertRejects(
      () => table.readFile(add ?? { path: "", partitionValues: {} }),
      CorruptFileError,
      "found far more bytes",
    );
    assertEquals(error.table, table.store.label);
  }),
});
