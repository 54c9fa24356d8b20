/** Checkpoints that commits write by themselves: when they are due, and that a commit never fails for one. */
import { assertEquals } from "@std/assert";
import {
  addColumns,
  appendFrame,
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  openTable,
  optimizeTable,
  overwriteTable,
  replaceGroups,
  restoreTable,
  tableSchema,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

const SCHEMA = tableSchema({ id: "long", n: "long" });
const DAY_MS = 86_400_000;

/** Each way to make a commit. */
const WAYS: Readonly<Record<string, (table: DeltaTable) => Promise<unknown>>> = {
  append: (table) => appendFrame(table, [{ id: 9n, n: 9n }]),
  overwrite: (table) => overwriteTable(table, [{ id: 9n, n: 9n }]),
  delete: (table) => deleteRows(table, "id = 1"),
  update: (table) => updateRows(table, { set: { n: 5n }, where: "id = 1" }),
  merge: (table) =>
    mergeInto(table, [{ id: 1n, n: 7n }], { on: ["id"], whenMatched: [{ action: "update" }] }),
  "replace groups": (table) => replaceGroups(table, [{ id: 1n, n: 7n }], { by: ["id"] }),
  "add columns": (table) => addColumns(table, tableSchema({ more: "string" }).fields),
  optimize: (table) => optimizeTable(table),
  restore: (table) => restoreTable(table, { version: 1 }),
  "a commit of its own": (table) =>
    table.commit({ readSnapshot: table.snapshot, operation: "WRITE", reads: "none" }),
};

async function tableAt(
  version: number,
  { options = {}, interval = "3", store = new MemoryStore() }: {
    readonly options?: Parameters<typeof openTable>[1];
    readonly interval?: string;
    readonly store?: MemoryStore;
  } = {},
): Promise<DeltaTable> {
  const configuration = { "delta.checkpointInterval": interval };
  const table = await createTable(store, { schema: SCHEMA, configuration }, { ...testContext(), ...options });
  for (let id = 1; id <= version; id++) await appendFrame(table, [{ id: BigInt(id), n: 0n }]);
  return table;
}

async function checkpointsOf({ store }: DeltaTable): Promise<readonly number[]> {
  const paths = (await store.list("_delta_log/")).map(({ path }) => path);
  return paths.flatMap((path) => path.endsWith(".checkpoint.parquet") ? [Number(path.slice(11, 31))] : []);
}

for (const [name, change] of Object.entries(WAYS)) {
  Deno.test(`the version that is due gets its checkpoint whoever makes it: ${name}`, async () => {
    const table = await tableAt(2);
    assertEquals(await checkpointsOf(table), []);
    await change(table);
    assertEquals([table.snapshot.version, await checkpointsOf(table)], [3, [3]]);
    for (let version = 0; version < 3; version++) {
      await table.store.remove(`_delta_log/${String(version).padStart(20, "0")}.json`);
    }
    const { timestamp: _, ...reopened } = (await openTable(table.store, testContext())).snapshot;
    const { timestamp: __, ...known } = table.snapshot;
    assertEquals(reopened, known);
  });
}

Deno.test("every tenth version is due where the table does not say, and none where the caller turns it off", async () => {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA }, testContext());
  for (let id = 1; id <= 21; id++) await appendFrame(table, [{ id: BigInt(id) }]);
  assertEquals(await checkpointsOf(table), [10, 20]);
  assertEquals(await checkpointsOf(await tableAt(7, { options: { autoCheckpoint: false } })), []);
});

Deno.test("a checkpoint that fails leaves its commit in, and is heard of where the caller listens", async () => {
  const heard: string[] = [];
  for (const isHeard of [true, false]) {
    const store = new MemoryStore({
      beforePut: (path) => {
        if (path.includes("checkpoint")) throw new Error("the disk is full");
      },
    });
    const onCheckpointError = (error: unknown) => void heard.push(String(error));
    const table = await tableAt(4, { store, options: isHeard ? { onCheckpointError } : {} });
    assertEquals(table.snapshot.version, 4);
    assertEquals((await openTable(store, testContext())).snapshot.files.size, 4);
    assertEquals(await checkpointsOf(table), []);
  }
  assertEquals(heard, ["Error: the disk is full"]);
});

Deno.test("the log that has expired goes with a checkpoint, unless the table keeps it", async () => {
  for (const cleanup of ["true", "false"]) {
    let now = 0;
    const clock = () => now;
    const configuration = {
      "delta.checkpointInterval": "2",
      "delta.logRetentionDuration": "interval 1 day",
      "delta.enableExpiredLogCleanup": cleanup,
    };
    const store = new MemoryStore({ clock });
    const table = await createTable(store, { schema: SCHEMA, configuration }, { ...testContext(), clock });
    for (let id = 1; id <= 6; id++) {
      now += DAY_MS;
      await appendFrame(table, [{ id: BigInt(id) }]);
    }
    const commits = (await store.list("_delta_log/")).filter(({ path }) => /\d\.json$/.test(path));
    assertEquals(commits.length, cleanup === "true" ? 3 : 7);
  }
});

Deno.test("of two writers that commit at once the one that makes the version that is due writes the checkpoint", async () => {
  const store = new MemoryStore();
  const first = await tableAt(1, { store });
  const second = await openTable(store, testContext("second"));
  await appendFrame(second, [{ id: 10n }]);
  await appendFrame(first, [{ id: 11n }]);
  assertEquals(await checkpointsOf(first), [3]);
  assertEquals((await openTable(store, testContext())).snapshot.files.size, 3);
});
