import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createTable,
  type DeltaTable,
  LocalStore,
  MemoryStore,
  openTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { fileKey, realPath } from "../../../lib/delta/actions/log_encoding.ts";
import { vacuumTable } from "../../../lib/delta/maintain/vacuum_table.ts";
import { planVacuum } from "../../../lib/delta/maintain/vacuum_plan.ts";
import { checkpointTable } from "../../../lib/delta/maintain/checkpoint_table.ts";
import { fakeAdd, seededRandom } from "../test_context.ts";
import { rounds } from "../../rounds.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const schema = tableSchema({ id: "long" });

Deno.test("vacuum removes old files that left the table, old orphans and nothing else", async () => {
  const { table, store, at } = await timedTable();
  at(1);
  await write(table, ["live", "left long ago", "left lately"]);
  for (
    const path of [
      "orphan.parquet",
      ".orphan.parquet.crc",
      ".x.parquet.12-0.tmp",
      "_delta_log/.00.json.12-0.tmp",
    ]
  ) {
    await store.put(path, new Uint8Array(3));
  }
  for (const path of ["notes.txt", "_hidden/x.parquet", ".live.crc", "_delta_log/x.parquet"]) {
    await store.put(path, new Uint8Array(3));
  }
  at(10);
  await remove(table, ["left long ago"]);
  at(17);
  await remove(table, ["left lately"]);
  await store.put("young orphan.parquet", new Uint8Array(3));
  at(20);
  const before = await store.list("");
  const planned = await vacuumTable(table, { dryRun: true });
  assertEquals(planned.paths, [
    ".orphan.parquet.crc",
    ".x.parquet.12-0.tmp",
    "_delta_log/.00.json.12-0.tmp",
    "left long ago.parquet",
    "orphan.parquet",
  ]);
  assertEquals(await store.list(""), before);
  assertEquals(await vacuumTable(table), planned);
  const left = new Set((await store.list("")).map(({ path }) => path));
  assertEquals(left, new Set(before.map(({ path }) => path)).difference(new Set(planned.paths)));
  assertEquals((await vacuumTable(table)).paths, []);
});

Deno.test("a retention below what the table asks for has to be forced", async () => {
  const { table, at } = await timedTable();
  at(1);
  await write(table, ["a"]);
  await remove(table, ["a"]);
  at(1.5);
  await assertRejects(
    () => vacuumTable(table, { retentionMs: HOUR_MS }),
    RangeError,
    'Cannot vacuum "memory": found a retention of 1 h, expected 168 h or more unless it is forced',
  );
  assertEquals((await vacuumTable(table, { retentionMs: HOUR_MS, force: true })).paths, ["a.parquet"]);
});

Deno.test("no version of the retention time loses a file, whatever the retention, checkpoints and crashes", async () => {
  for (let seed = 1; seed <= rounds(20); seed++) {
    const random = seededRandom(seed);
    const { table, store, at } = await timedTable();
    const versions: { readonly day: number; readonly paths: readonly string[] }[] = [];
    for (let day = 1; day <= 60; day += random() * 2) {
      at(day);
      if (random() < 0.2) await store.put(`orphan ${day}.parquet`, new Uint8Array(1));
      if (random() < 0.5) await remove(table, live(table).filter(() => random() < 0.4));
      await write(table, [`file ${seed} ${day}`]);
      if (random() < 0.2) await checkpointTable(table);
      versions.push({ day, paths: live(table) });
    }
    const now = 61;
    at(now);
    const days = 7 + Math.floor(random() * 30);
    await vacuumTable(await openTable(store, table.options), { retentionMs: days * DAY_MS });
    const stored = new Set((await store.list("")).map(({ path }) => path));
    for (const { paths } of versions.filter((_, index) => (versions[index + 1]?.day ?? now) >= now - days)) {
      for (const path of paths) assert(stored.has(`${path}.parquet`), `seed ${seed}: ${path}`);
    }
    const old = [...stored].filter((path) =>
      path.startsWith("orphan") && parseFloat(path.slice(7)) < now - days
    );
    assertEquals(old, []);
  }
});

Deno.test("files that the log names by an absolute path are kept", () => {
  const files = new Map(
    ["file:///data/my%20table/day=1/a.parquet", "/data/b.parquet"].map((
      path,
    ) => [fileKey(path), fakeAdd(path)]),
  );
  const entries = ["day=1/a.parquet", "b.parquet", "a.parquet", "c.parquet"].map((path) => ({
    path,
    sizeBytes: 1,
    modifiedMs: 0,
  }));
  const plan = planVacuum(entries, { snapshot: { files, tombstones: new Map() }, oldestMs: 1 });
  assertEquals(plan.map(({ path }) => path), ["c.parquet"]);
});

Deno.test("deletion vector files stay while any is in use, and partition columns may begin with _", () => {
  const entries = ["ab/deletion_vector_1.bin", "_day=1/a.parquet", "_day/a.parquet", "x.bin"].map((path) => ({
    path,
    sizeBytes: 1,
    modifiedMs: 0,
  }));
  const none = { files: new Map(), tombstones: new Map() };
  assertEquals(planVacuum(entries, { snapshot: none, oldestMs: 1 }).map(({ path }) => path), [
    "ab/deletion_vector_1.bin",
    "_day=1/a.parquet",
  ]);
  const add = {
    ...fakeAdd("b.parquet"),
    deletionVector: { storageType: "u", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1 },
  };
  const used = { files: new Map([["b.parquet", add]]), tombstones: new Map() };
  assertEquals(planVacuum(entries, { snapshot: used, oldestMs: 1 }).map(({ path }) => path), [
    "_day=1/a.parquet",
  ]);
});

Deno.test({
  name: "links are neither removed nor followed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const elsewhere = await Deno.makeTempDir();
    try {
      const old = new Date(0);
      for (
        const path of [
          `${elsewhere}/precious.parquet`,
          `${folder}/orphan.parquet`,
          `${folder}/.x.parquet.1-0.tmp`,
        ]
      ) {
        await Deno.writeTextFile(path, "x");
        await Deno.utime(path, old, old);
      }
      await Deno.symlink(elsewhere, `${folder}/day=1`);
      await Deno.symlink(`${elsewhere}/precious.parquet`, `${folder}/link.parquet`);
      const table = await createTable(new LocalStore(folder), { schema }, {
        clock: () => 30 * DAY_MS,
        ids: () => "id",
      });
      assertEquals((await vacuumTable(table)).paths, [".x.parquet.1-0.tmp", "orphan.parquet"]);
      const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
      assertEquals(left, ["_delta_log", "day=1", "link.parquet"]);
      assertEquals(await Deno.readTextFile(`${elsewhere}/precious.parquet`), "x");
    } finally {
      await Deno.remove(folder, { recursive: true });
      await Deno.remove(elsewhere, { recursive: true });
    }
  },
});

/** A table in memory whose time is set in days. */
async function timedTable() {
  let now = 0, ids = 0;
  const clock = () => now;
  const store = new MemoryStore({ clock });
  const table = await createTable(store, { schema }, { clock, ids: () => `${ids++}` });
  return { table, store, at: (day: number) => now = Math.round(day * DAY_MS) };
}

async function write(table: DeltaTable, names: readonly string[]): Promise<void> {
  const adds = names.map((name) => fakeAdd(`${encodeURIComponent(name)}.parquet`));
  for (const name of names) await table.store.put(`${name}.parquet`, new Uint8Array(1));
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
}

async function remove(table: DeltaTable, names: readonly string[]): Promise<void> {
  const removes = [...table.snapshot.files.values()].filter(({ path }) =>
    names.some((name) => realPath(path) === `${name}.parquet`)
  );
  await table.commit({ readSnapshot: table.snapshot, operation: "DELETE", removes, reads: "none" });
}

function live(table: DeltaTable): readonly string[] {
  return [...table.snapshot.files.keys()].map((key) => realPath(key).replace(/\.parquet$/, ""));
}
