import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import {
  createTable,
  LocalStore,
  MemoryStore,
  openTable,
  type Store,
  tableSchema,
  UnsupportedTableError,
} from "../../../lib/delta/mod.ts";
import { DeltaTable } from "../../../lib/delta/table/table.ts";
import { fakeAdd, someActions, testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long" });

Deno.test("update takes in what others have committed, and reads nothing else", async () => {
  const store = new MemoryStore();
  const writer = await createTable(store, { schema }, testContext());
  const asked: string[] = [];
  const watched: Store = {
    label: "watched",
    guarantees: store.guarantees,
    read: (path, range) => (asked.push(path), store.read(path, range)),
    list: () => Promise.reject(new Error("update must not list")),
    put: () => Promise.reject(new Error("update must not write")),
    putIfAbsent: () => Promise.reject(new Error("update must not write")),
    remove: () => Promise.reject(new Error("update must not write")),
  };
  const reader = new DeltaTable(watched, writer.snapshot, testContext());
  await append(writer, "a");
  await append(writer, "b");
  assertEquals((await reader.update()).version, 2);
  assertEquals(asked, [1, 2, 3].map(commitPath));
  assertEquals(reader.snapshot, writer.snapshot);
});

Deno.test("an update without news keeps the snapshot", async () => {
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  const before = table.snapshot;
  assertStrictEquals(await table.update(), before);
});

Deno.test("a commit from an older snapshot moves a table that has seen more in between", async () => {
  const store = new MemoryStore();
  const table = await createTable(store, { schema }, testContext());
  const old = table.snapshot;
  const other = await openTable(store, testContext("other"));
  await append(other, "a");
  await table.update();
  const adds = [fakeAdd("b")];
  const outcome = await table.commit({ readSnapshot: old, operation: "WRITE", adds, reads: "none" });
  assertEquals(outcome, { status: "committed", version: 2 });
  assertEquals([...table.snapshot.files.keys()], ["a", "b"]);
});

Deno.test("updates and commits that overlap leave the newest snapshot", async () => {
  const store = new MemoryStore();
  const table = await createTable(store, { schema }, testContext());
  await Promise.all([
    append(table, "a"),
    table.update(),
    append(table, "b"),
    table.update(),
    append(table, "c"),
  ]);
  assertEquals(table.snapshot.version, 3);
  assertEquals([...table.snapshot.files.keys()].toSorted(), ["a", "b", "c"]);
  assertEquals((await openTable(store, testContext())).snapshot.files, table.snapshot.files);
});

Deno.test("a table that others lifted to an unknown protocol is not read on", async () => {
  const store = new MemoryStore();
  const table = await createTable(store, { schema }, testContext());
  const protocol = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["catalogManaged"] };
  await store.put(commitPath(1), serializeCommit(someActions({ protocol })));
  await assertRejects(() => table.update(), UnsupportedTableError, "catalogManaged");
  assertEquals(table.snapshot.version, 0);
});

Deno.test({
  name: "many writers on one folder lose no commit and tear none",
  permissions: { read: true, write: true },
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const creators = Array.from({ length: 6 }, (_, index) => testContext(`writer-${index}`));
      await Promise.all(creators.map(async (context) => {
        const table = await createTable(new LocalStore(folder), { schema }, context);
        for (let round = 0; round < 5; round++) await append(table, context.ids());
      }));
      const table = await openTable(new LocalStore(folder), testContext());
      assertEquals([table.snapshot.version, table.snapshot.files.size], [30, 30]);
      const left = [...Deno.readDirSync(`${folder}/_delta_log`)].map(({ name }) => name);
      assertEquals(left.filter((name) => !/^\d{20}\.json$/.test(name)).toSorted(), [
        ...[10, 20, 30].map((version) => `${String(version).padStart(20, "0")}.checkpoint.parquet`),
        "_last_checkpoint",
      ]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function append(table: DeltaTable, path: string): Promise<void> {
  const adds = [fakeAdd(path)];
  const outcome = await table.commit({
    readSnapshot: table.snapshot,
    operation: "WRITE",
    adds,
    reads: "none",
  });
  assertEquals(outcome.status, "committed");
}
