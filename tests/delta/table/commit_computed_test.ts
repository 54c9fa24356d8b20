import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  commitComputed,
  CommitConflictError,
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  openTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { fakeAdd, testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long", name: "string" });
const upsert = { on: ["id"], whenMatched: [{ action: "update" }], whenNotMatched: [{}] } as const;

Deno.test("a change that lost to another is worked out again from the newer rows, and leaves no file behind", async () => {
  const { table, store } = await racing((rival) => mergeInto(rival, frameOf([[1, "theirs"]]), upsert), 1);
  const outcome = await mergeInto(table, frameOf([[1, "mine"], [2, "mine"]]), upsert);
  assertEquals([outcome.status, outcome.version], ["committed", 3]);
  assertEquals(await tableRows(table), [{ id: 1n, name: "mine" }, { id: 2n, name: "mine" }]);
  const files = (await store.list("part")).map(({ path }) => path);
  // The file of the first append, the rival's and ours; the one of the lost attempt is gone.
  assertEquals(files.length, 3);
});

Deno.test("a change whose transaction is in already is given back as a conflict, with its files removed", async () => {
  const txns = [{ appId: "app", version: 5n }];
  const { table, store } = await racing((rival) => appendFrame(rival, frameOf([[7, "theirs"]]), { txns }), 1);
  const outcome = await appendFrame(table, frameOf([[7, "mine"]]), { txns });
  assertEquals(outcome, { status: "conflict", kind: "txn", version: 2, appId: "app" });
  await table.update();
  assertEquals((await tableRows(table)).map(({ name }) => name), ["first", "theirs"]);
  assertEquals((await store.list("part")).length, 2);
});

Deno.test("a change that always loses ends with an error that may be tried again, and leaves no file behind", async () => {
  const { table, store } = await racing(
    (rival) => mergeInto(rival, frameOf([[1, "theirs"]]), upsert),
    Infinity,
  );
  const error = await assertRejects(
    () => mergeInto(table, frameOf([[1, "mine"]]), upsert),
    CommitConflictError,
    'Cannot commit the MERGE to "memory": found concurrentRemove in version',
  );
  assertEquals(error instanceof CommitConflictError && error.retriable, true);
  await table.update();
  assertEquals((await tableRows(table)).map(({ name }) => name), ["theirs"]);
  const live = [...table.snapshot.files.keys()];
  const mine = (await store.list("part")).filter(({ path }) => path.includes("mine"));
  assertEquals([live.length, mine], [1, []]);
});

Deno.test("new columns of another writer are taken in by a change that was under way", async () => {
  const wide = frameOf([[9, "theirs"]]).withColumns(pl.lit(true).alias("late"));
  const { table } = await racing((rival) => appendFrame(rival, wide, { mergeSchema: true }), 1);
  const outcome = await deleteRows(table, { kind: "compare", column: ["id"], operator: "=", value: 1n });
  assertEquals([outcome.status, outcome.version], ["committed", 3]);
  assertEquals(await tableRows(table), [{ id: 9n, name: "theirs", late: true }]);
});

Deno.test("a change that only rearranges rows says so in every action, append-only tables included", async () => {
  const configuration = { "delta.appendOnly": "true" };
  const table = await createTable(new MemoryStore(), { schema, configuration }, testContext());
  await appendFrame(table, frameOf([[1, "a"]]));
  const [old] = table.snapshot.files.values();
  await commitComputed(table, () =>
    Promise.resolve({
      operation: "OPTIMIZE",
      adds: [fakeAdd("new")],
      removes: old === undefined ? [] : [old],
      reads: "none",
      dataChange: false,
    }));
  const [add] = table.snapshot.files.values();
  const [remove] = table.snapshot.tombstones.values();
  assertEquals([add?.path, add?.dataChange, remove?.path, remove?.dataChange], [
    "new",
    false,
    old?.path,
    false,
  ]);
  const [entry] = await table.history();
  assertEquals([entry?.commitInfo.isolationLevel, entry?.commitInfo.isBlindAppend], [
    "SnapshotIsolation",
    false,
  ]);
});

Deno.test("transactions carry their time where the table forgets old ones", async () => {
  const dates = [];
  for (const configuration of [{}, { "delta.setTransactionRetentionDuration": "interval 7 days" }]) {
    const table = await createTable(new MemoryStore(), { schema, configuration }, testContext());
    await appendFrame(table, frameOf([[1, "a"]]), { txns: [{ appId: "app", version: 1n }] });
    const [entry] = await table.history();
    const { lastUpdated } = table.snapshot.txns.get("app") ?? {};
    dates.push(lastUpdated === undefined ? undefined : lastUpdated === entry?.commitInfo.timestamp);
  }
  assertEquals(dates, [undefined, true]);
});

/** A table with one row, whose next commits come after those of a rival that has read the same version. */
async function racing(
  rivalry: (rival: DeltaTable) => Promise<unknown>,
  races: number,
): Promise<{ readonly table: DeltaTable; readonly store: MemoryStore }> {
  let left = 0;
  const store = new MemoryStore({
    beforePut: async (path, self) => {
      if (left <= 0 || !path.startsWith("_delta_log/")) return;
      left--;
      await rivalry(await openTable(self, testContext(`theirs-${left}`)));
    },
  });
  await appendFrame(await createTable(store, { schema }, testContext("first")), frameOf([[1, "first"]]));
  left = races;
  return { table: await openTable(store, { ...testContext("mine"), maxAttempts: 4 }), store };
}

function frameOf(rows: readonly (readonly [number, string])[]): pl.DataFrame {
  const frame = pl.DataFrame({ id: rows.map(([id]) => id), name: rows.map(([, name]) => name) });
  return frame.select(pl.col("id").cast(pl.Int64), pl.col("name").cast(pl.Utf8));
}
