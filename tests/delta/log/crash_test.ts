import { assert, assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  openTable,
  overwriteTable,
  type Predicate,
  replaceGroups,
  type Store,
  tableSchema,
  updateRows,
  vacuumTable,
  type WriteOutcome,
} from "../../../lib/delta/mod.ts";
import { copiedStore } from "../copied_store.ts";
import { DyingStore, type Fate, fatesOf } from "../dying_store.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const schema = tableSchema({ part: "string", id: "long" });
const isSmall: Predicate = { kind: "compare", column: ["id"], operator: "<", value: 2n };

/** Every kind of commit, on a table with the ids 0 to 3 in two partitions. */
const CHANGES: Readonly<Record<string, (table: DeltaTable) => Promise<WriteOutcome>>> = {
  append: (table) => appendFrame(table, frameOf([10, 11])),
  "append with a new column": (table) =>
    appendFrame(table, frameOf([10, 11]).withColumns(pl.lit("x").alias("more")), { mergeSchema: true }),
  overwrite: (table) => overwriteTable(table, frameOf([10, 11])),
  "replace where": (table) => overwriteTable(table, frameOf([0]), { replaceWhere: isSmall }),
  delete: (table) => deleteRows(table, isSmall),
  update: (table) =>
    updateRows(table, { set: { id: pl.col("id").add(pl.lit("100").cast(pl.Int64)) }, where: isSmall }),
  merge: (table) =>
    mergeInto(table, frameOf([3, 12]), {
      on: ["part", "id"],
      whenMatched: [{ action: "delete" }],
      whenNotMatched: [{}],
    }),
  "replace groups": (table) => replaceGroups(table, frameOf([0, 2, 12]), { by: ["part"] }),
};

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`a crash at any operation of a change leaves all of it or nothing: ${name}`, async () => {
    const before = await rowsOf(await filledStore());
    const whole = await filledStore();
    const counting = new DyingStore(whole);
    assertEquals((await change(await openTable(counting, testContext("writer")))).status, "committed");
    const after = await rowsOf(whole);
    assert(before.join() !== after.join());
    for (const fate of fatesOf(counting.operations)) await crash(fate, { change, before, after });
  });
}

Deno.test("a crash at any operation of a creation leaves a table that the next one opens", async () => {
  const counting = new DyingStore(new MemoryStore());
  await createTable(counting, { schema }, testContext("writer"));
  for (const fate of fatesOf(counting.operations)) {
    const store = new MemoryStore();
    await outcomeOf(() => createTable(new DyingStore(store, fate), { schema }, testContext()));
    const table = await createTable(store, { schema }, testContext("next"));
    await appendFrame(table, frameOf([1]));
    assertEquals(await rowsOf(store), ["b 1"]);
    assertEquals((await openTable(store, testContext())).snapshot.version, 1);
  }
});

interface CrashCase {
  readonly change: (table: DeltaTable) => Promise<WriteOutcome>;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

async function crash(fate: Fate, { change, before, after }: CrashCase): Promise<void> {
  const store = await filledStore();
  const where = `${fate.moment} operation ${fate.operation}`;
  const outcome = await outcomeOf(async () =>
    change(await openTable(new DyingStore(store, fate), testContext("writer")))
  );
  const found = await rowsOf(store);
  const isIn = found.join() === after.join();
  assert(isIn || found.join() === before.join(), `${where}: ${found}`);
  if (outcome === "committed") assert(isIn, `${where}: acknowledged and lost`);
  // The next writer goes on, whatever lies around.
  const next = await openTable(store, { ...testContext("next"), clock: () => Date.UTC(2030, 0, 1) });
  await appendFrame(next, frameOf([99]));
  assertEquals(await rowsOf(store), [...found, "b 99"].toSorted(), where);
  assertEquals((await store.list("_delta_log/")).length, next.snapshot.version + 1);
  await vacuumTable(next, { retentionMs: 0, force: true });
  const left = (await store.list("part=")).map(({ path }) => path);
  assertEquals(left, [...next.snapshot.files.keys()].toSorted(), `${where}: orphans`);
  assertEquals(await rowsOf(store), [...found, "b 99"].toSorted());
}

async function outcomeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    const result = await act();
    return typeof result === "object" && result !== null && "status" in result
      ? String(result.status)
      : "done";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

function filledStore(): Promise<MemoryStore> {
  return copiedStore(FILLED, () => 0);
}

async function fillStore(): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => 0 });
  const table = await createTable(store, { schema, partitionColumns: ["part"] }, testContext("base"));
  await appendFrame(table, frameOf([0, 1]));
  await appendFrame(table, frameOf([2, 3]));
  return store;
}

const FILLED = await fillStore();

async function rowsOf(store: Store): Promise<readonly string[]> {
  const rows = await tableRows(await openTable(store, testContext("reader")));
  return rows.map(({ part, id }) => `${part} ${id}`).toSorted();
}

/** Even ids are in partition a, odd ones in b. */
function frameOf(ids: readonly number[]): pl.DataFrame {
  return pl.DataFrame([
    pl.Series("part", ids.map((id) => id % 2 === 0 ? "a" : "b"), pl.Utf8),
    pl.Series("id", ids.map(String), pl.Utf8).cast(pl.Int64),
  ]);
}
