/** Maintenance that dies before or after each of its store operations; the same for changes is in `crash_test.ts`. */
import { assert, assertEquals } from "@std/assert";
import {
  checkpointTable,
  createTable,
  type DeltaTable,
  MemoryStore,
  openTable,
  openTableAt,
  optimizeTable,
  restoreTable,
  tableSchema,
  vacuumTable,
} from "../../../lib/delta/mod.ts";
import { copiedStore } from "../copied_store.ts";
import { Death, DyingStore, fatesOf } from "../dying_store.ts";
import { tableRows } from "../table_rows.ts";

const DAY_MS = 86_400_000;
const FILES = 6;
/** Days after the first commit at which maintenance runs; one commit was made a day. */
const TODAY = 40;
const schema = tableSchema({ part: "string", id: "long" });

/** Each leaves the rows as they are, but for restore. */
const MAINTENANCE: Readonly<Record<string, (table: DeltaTable) => Promise<unknown>>> = {
  "a checkpoint with clean-up of the log": checkpointTable,
  optimize: (table) => optimizeTable(table),
  vacuum: (table) => vacuumTable(table),
  restore: (table) => restoreTable(table, { version: 3 }),
};

for (const [name, maintain] of Object.entries(MAINTENANCE)) {
  Deno.test(`a crash at any operation of maintenance leaves every row where it was: ${name}`, async () => {
    const whole = await copyOfAged();
    const before = await rowsOf(whole.store, whole.today);
    const counting = new DyingStore(whole.store);
    await maintain(await openTable(counting, whole.today));
    const after = await rowsOf(whole.store, whole.today);
    assertEquals(after.join() === before.join(), name !== "restore");
    for (const fate of fatesOf(counting.operations)) {
      const { store, today } = await copyOfAged();
      await untilDeath(async () => maintain(await openTable(new DyingStore(store, fate), today)));
      const found = await rowsOf(store, today);
      const where = `${fate.moment} operation ${fate.operation}`;
      assert([before, after].some((rows) => rows.join() === found.join()), `${where}: ${found}`);
      await assertGoesOn(store, { today, found, where });
    }
  });
}

/** The next writer, all maintenance, and readers of versions that are young enough. */
async function assertGoesOn(
  store: MemoryStore,
  { today, found, where }: {
    readonly today: Today;
    readonly found: readonly string[];
    readonly where: string;
  },
): Promise<void> {
  const next = await openTable(store, { ...today, ids: nextIds("next") });
  await append(next, "b", 99);
  for (const maintain of [optimizeTable, checkpointTable, vacuumTable]) await maintain(next);
  assertEquals(await rowsOf(store, today), [...found, "b 99"].toSorted(), where);
  const young = await openTableAt(store, { version: FILES + 2 }, today);
  assertEquals((await tableRows(young)).length, FILES, where);
  await vacuumTable(next, { retentionMs: -1, force: true });
  const left = (await store.list("part=", { forRemoval: true })).map(({ path }) => path);
  assertEquals(left, [...next.snapshot.files.keys()].toSorted(), `${where}: orphans`);
}

type Today = Awaited<ReturnType<typeof copyOfAged>>["today"];

/**
 * Version 1 to 6 add a file each; then a delete that is long ago, an append, and a checkpoint between, so that every
 * kind of maintenance finds something to do: old log files, small files, files to remove.
 */
async function agedTable(): Promise<MemoryStore> {
  let now = 0;
  const clock = () => now;
  const store = new MemoryStore({ clock });
  const context = { clock, ids: nextIds("base"), backoff: () => Promise.resolve() };
  const table = await createTable(store, { schema, partitionColumns: ["part"] }, context);
  for (let id = 0; id < FILES; id++) {
    now += DAY_MS;
    await append(table, id % 2 === 0 ? "a" : "b", id);
  }
  await checkpointTable(table);
  const removes = [...table.snapshot.files.values()].slice(0, 1);
  await table.commit({ readSnapshot: table.snapshot, operation: "DELETE", removes, reads: "none" });
  await append(table, "a", 50);
  await store.put("part=a/orphan.parquet", new Uint8Array(1));
  return store;
}

const AGED = await agedTable();

/** That table, for one crash. */
async function copyOfAged() {
  const clock = () => TODAY * DAY_MS;
  const today = { clock, ids: nextIds("today"), backoff: () => Promise.resolve() };
  return { store: await copiedStore(AGED, clock), today };
}

async function append(table: DeltaTable, part: string, id: number): Promise<void> {
  const add = await table.stageRows([{ id: BigInt(id) }], { partitionValues: { part } });
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
}

async function untilDeath(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof Death) return;
    throw error;
  }
}

async function rowsOf(store: MemoryStore, today: Today): Promise<readonly string[]> {
  const rows = await tableRows(await openTable(store, today));
  return rows.map(({ part, id }) => `${part} ${id}`).toSorted();
}

function nextIds(prefix: string): () => string {
  let ids = 0;
  return () => `${prefix}-${ids++}`;
}
