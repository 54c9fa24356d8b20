import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { NotFoundError, StoreError } from "../../../lib/delta/errors.ts";
import { LocalStore } from "../../../lib/delta/store/local_store.ts";
import { storeContract } from "../../contract/store_contract.ts";

const FILES = { read: true, write: true } as const;
const bytes = new TextEncoder().encode("some bytes");

Deno.test({
  name: "the local store keeps the promises of a store",
  permissions: FILES,
  fn: (t) => withFolder((folder) => storeContract(t, new LocalStore(`${folder}/not/there/yet`))),
});

Deno.test({
  name: "temporary files that dead processes left behind are not listed and not in the way",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      for (let count = 0; count < 3; count++) {
        await Deno.writeFile(`${folder}/.commit.json.${Deno.pid}-${count}.tmp`, bytes);
      }
      const store = new LocalStore(folder);
      assertEquals(await store.putIfAbsent("commit.json", bytes), true);
      assertEquals((await store.list("")).map(({ path }) => path), ["commit.json"]);
    }),
});

Deno.test({
  name: "a listing has all paths with the prefix that sort after another, wherever the two end",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      const paths = ["a", "a-b/c", "a.b", "a0/b", "b/a-c", "b/a/b", "b/a/c/d", "b/ab/a", "b-a", "c/a"];
      for (const path of paths) {
        await Deno.mkdir(`${folder}/${path}`.replace(/[^/]*$/, ""), { recursive: true });
        await Deno.writeFile(`${folder}/${path}`, bytes);
      }
      const store = new LocalStore(folder);
      const cuts = [
        ...new Set(paths.flatMap((path) => Array.from(path, (_, end) => path.slice(0, end + 1)))),
      ];
      const prefixes = ["", ...cuts];
      for (const prefix of prefixes) {
        for (const startAfter of [...prefixes, "a!", "b!", "b0", "z"]) {
          const found = await store.list(prefix, { startAfter });
          const expected = paths.filter((path) => path.startsWith(prefix) && path > startAfter).sort();
          assertEquals(found.map(({ path }) => path), expected, `"${prefix}" after "${startAfter}"`);
        }
      }
    }),
});

Deno.test({
  name: "a failed write leaves neither the file nor a temporary one",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/taken/child`, { recursive: true });
      const store = new LocalStore(folder);
      await assertRejects(() => store.put("taken", bytes));
      assertEquals(namesOf(folder), ["taken"]);
      // A folder has the name, so the commit counts as taken.
      assertEquals(await store.putIfAbsent("taken", bytes), false);
      assertEquals(namesOf(folder), ["taken"]);
    }),
});

Deno.test({
  name: "native code gets a path that is one for it too, whatever the folder is called",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      const before = Deno.cwd();
      const places: string[] = [];
      Deno.chdir(folder);
      try {
        for (const name of ["~", "file:", "s3:", "plain", folder]) {
          const write = (place: string) => void places.push(place.slice(0, name.length + 2));
          await new LocalStore(name).putWritten("file", write);
        }
      } finally {
        Deno.chdir(before);
      }
      assertEquals(places, ["./~", "./file:", "./s3:", "./plain", `${folder}/.`]);
    }),
});

Deno.test({
  name: "a file where a folder is needed fails the write with the reason of the system",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeFile(`${folder}/file`, bytes);
      await assertRejects(() => new LocalStore(folder).put("file/child", bytes));
      assertEquals(namesOf(folder), ["file"]);
    }),
});

Deno.test({
  name: "a missing file keeps the error of the system as its cause",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      const error = await assertRejects(() => new LocalStore(folder).read("file"), NotFoundError);
      assertInstanceOf(error.cause, Deno.errors.NotFound);
    }),
});

Deno.test({
  name: "a full disk fails a commit without a trace",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      const store = new LocalStore(folder);
      const write = Deno.FsFile.prototype.write;
      Deno.FsFile.prototype.write = () => Promise.reject(new Error("No space left on device (os error 28)"));
      try {
        const commit = await assertRejects(() => store.putIfAbsent("commit.json", bytes), StoreError);
        assertEquals([commit.code, commit.path, commit.table], ["DISK_FULL", "commit.json", folder]);
        await assertRejects(() => store.put("data.parquet", bytes), StoreError, "the disk is full");
      } finally {
        Deno.FsFile.prototype.write = write;
      }
      assertEquals(namesOf(folder), []);
      assertEquals(await store.putIfAbsent("commit.json", bytes), true);
    }),
});

const narrowFolder = Deno.makeTempDirSync();

Deno.test({
  name: "a store makes its own folder with rights for that folder only",
  permissions: { read: [narrowFolder], write: [narrowFolder] },
  fn: async () => {
    await Deno.remove(narrowFolder);
    assert(await new LocalStore(narrowFolder).putIfAbsent("_delta_log/0.json", bytes));
    assertEquals(namesOf(`${narrowFolder}/_delta_log`), ["0.json"]);
    await Deno.remove(narrowFolder, { recursive: true });
  },
});

function namesOf(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
