/**
 * Opens and reads mutated tables; a process of its own, so that a crash or a hang is seen from outside. Arguments: how
 * many, and the first seed; "1 17" runs the seed 17 alone.
 *
 * Prints "case SEED NAME" before each case, "fault SEED ..." for an outcome that must not be, and at the end how often
 * each outcome came.
 */

import {
  CorruptFileError,
  CorruptLogError,
  type DeltaTable,
  MemoryStore,
  NotFoundError,
  openTable,
  openTableAt,
  scanTable,
  tableChanges,
  TableNotFoundError,
  UnsupportedTableError,
  vacuumTable,
} from "../../../lib/delta/mod.ts";
import { seededRandom, testContext } from "../test_context.ts";
import { type FuzzTable, fuzzTables } from "./fuzz_tables.ts";
import { mutateTable } from "./mutate_table.ts";
import { naiveFiles } from "./naive_files.ts";

const TYPED = [
  CorruptLogError,
  CorruptFileError,
  UnsupportedTableError,
  TableNotFoundError,
  NotFoundError,
];
const MAX_RESIDENT_BYTES = 1.5e9;

const [cases = 1, first = 1] = Deno.args.map(Number);
const tables = await fuzzTables();
const outcomes: Record<string, number> = {};
for (let seed = first; seed < first + cases; seed++) {
  await runCase(seed, tables[seed % tables.length]);
}

console.log(`outcomes ${JSON.stringify(outcomes)}`);

async function runCase(seed: number, table: FuzzTable | undefined): Promise<void> {
  if (table === undefined) throw new RangeError("there are no tables to mutate");
  console.log(`case ${seed} ${table.name}`);
  const files = mutateTable(table.files, seededRandom(seed));
  const store = new MemoryStore({ clock: () => 0 });
  for (const [path, bytes] of files) await store.put(path, bytes);
  const outcome = await outcomeOf(store, files).catch((error: unknown) => {
    if (!isTyped(error)) console.log(`fault ${seed} ${table.name}: ${describe(error)}`);
    return error instanceof Error ? error.name : "no error";
  });
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const { rss } = Deno.memoryUsage();
  if (rss > MAX_RESIDENT_BYTES) console.log(`fault ${seed} ${table.name}: ${rss} bytes resident`);
  // polars gives memory back only when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve));
}

async function outcomeOf(store: MemoryStore, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const table = await openTable(store, testContext());
  const expected = naiveFiles(files);
  const found = [...table.snapshot.files.values()].map(({ path }) => path).toSorted();
  if (expected !== undefined && expected.join("\n") !== found.join("\n")) {
    throw new RangeError(`found the files ${found}, expected ${expected}`);
  }
  await readEverything(table, store);
  return "read";
}

// Each way to read is tried, whatever became of the others.
async function readEverything(table: DeltaTable, store: MemoryStore): Promise<void> {
  const { version } = table.snapshot;
  const ways = [
    () => drain(scanTable(table)),
    () => table.history(),
    () => drain(tableChanges(table, { from: -1 })),
    async () =>
      await drain(scanTable(await openTableAt(store, { version: Math.max(0, version - 1) }, testContext()))),
    () => openTableAt(store, { timestampMs: table.snapshot.timestamp }, testContext()),
    () => vacuumTable(table, { dryRun: true, retentionMs: 0, force: true }),
  ];
  const results = await Promise.allSettled(ways.map((read) => read()));
  const errors = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  const worst = errors.find((error) => !isTyped(error)) ?? errors[0];
  if (worst !== undefined) throw worst;
}

async function drain(frames: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of frames) { /* Reading is all. */ }
}

// A version that is not there is a RangeError. V8's own TypeErrors ("Cannot read properties of undefined") are none that a caller could act on.
function isTyped(error: unknown): boolean {
  if (TYPED.some((type) => error instanceof type)) return true;
  const isArgument = error instanceof TypeError || error instanceof RangeError;
  return isArgument && /^Cannot [a-z ]+ .*expected /s.test(error.message);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 1500) : String(error);
}
