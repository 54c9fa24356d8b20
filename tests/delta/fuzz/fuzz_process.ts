/**
 * Opens and reads mutated tables until its time is over; a process of its own, so that a crash or a hang is seen from
 * outside. Arguments: the seconds, the first seed; "1 17 only" runs the seed 17 alone.
 *
 * Prints "case SEED NAME" before each case, and "fault SEED ..." for an outcome that must not be.
 */

import {
  CorruptLogError,
  type DeltaTable,
  MemoryStore,
  openTable,
  TableNotFoundError,
  UnsupportedTableError,
} from "../../../lib/delta/mod.ts";
import { seededRandom, testContext } from "../test_context.ts";
import { type FuzzTable, fuzzTables } from "./fuzz_tables.ts";
import { mutateTable } from "./mutate_table.ts";

const TYPED = [CorruptLogError, UnsupportedTableError, TableNotFoundError, Deno.errors.NotFound];
const MAX_RESIDENT_BYTES = 1.5e9;

const [seconds = "3", first = "1", only] = Deno.args;
const deadline = Date.now() + 1000 * Number(seconds);
const tables = await fuzzTables();
for (let seed = Number(first); only === "only" ? seed === Number(first) : Date.now() < deadline; seed++) {
  await runCase(seed, tables[seed % tables.length]);
}

async function runCase(seed: number, table: FuzzTable | undefined): Promise<void> {
  if (table === undefined) throw new RangeError("there are no tables to mutate");
  console.log(`case ${seed} ${table.name}`);
  const store = new MemoryStore();
  for (const [path, bytes] of mutateTable(table.files, seededRandom(seed))) await store.put(path, bytes);
  try {
    await readEverything(await openTable(store, testContext()));
  } catch (error) {
    if (!isTyped(error)) console.log(`fault ${seed} ${table.name}: ${describe(error)}`);
  }
  const { rss } = Deno.memoryUsage();
  if (rss > MAX_RESIDENT_BYTES) console.log(`fault ${seed} ${table.name}: ${rss} bytes resident`);
  // polars gives memory back only when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve));
}

async function readEverything(table: DeltaTable): Promise<void> {
  await table.history();
  for (const add of table.snapshot.files.values()) await table.readFile(add);
}

// V8's own TypeErrors ("Cannot read properties of undefined") are none that a caller could act on.
function isTyped(error: unknown): boolean {
  if (TYPED.some((type) => error instanceof type)) return true;
  return error instanceof TypeError && /^Cannot [a-z ]+ .*expected /s.test(error.message);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 1500) : String(error);
}
