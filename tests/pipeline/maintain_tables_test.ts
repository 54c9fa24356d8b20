import { assert, assertEquals } from "@std/assert";
import { configure, reset } from "@logtape/logtape";
import { appendFile, type DeltaTable, MemoryStore, openTable, type Store } from "../../lib/delta/mod.ts";
import { maintainTables } from "../../lib/pipeline/maintain_tables.ts";
import { type Lake, lakeTables, openLake } from "../../lib/tables/lake.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { batchRow } from "../../lib/tables/batch_record.ts";
import { BATCHES_COUNTER, batchesTag } from "../../lib/quality/batch_counter.ts";
import { QUARANTINE_COUNTER, rejectionsTag } from "../../lib/quality/rejection_counter.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { countTable, type RowCounter } from "../../lib/tables/count_tags.ts";
import { QuarantineColumns } from "../../lib/validate/quarantine_columns.ts";
import type { Rejection } from "../../lib/validate/rejection.ts";

const RUNS = 150;
const YEAR_MS = 365 * 86_400_000;
const START_MS = Date.UTC(2025, 0, 1);
const NEVER = new AbortController().signal;

Deno.test("many runs leave tables that are quick to open, with every row and every count", async () => {
  const year = simulatedYear();
  const lake = await openLake(year.storeOf, { topic: "trains", ...year.context });
  for (let run = 0; run < RUNS; run++) {
    year.at(run);
    await runOnce(lake, run);
    await maintainTables(lake, { signal: NEVER });
  }
  for (const name of ["landing", "quarantine", "batches"] as const) {
    const { store, reads } = watched(year.storeOf(TABLE_PATHS[name]));
    const { snapshot } = await openTable(store, year.context);
    assert(snapshot.version >= RUNS);
    assert(snapshot.files.size < 48, `${name} has ${snapshot.files.size} files`);
    assert(reads.length <= 15, `opening ${name} reads ${reads.length} files`);
    assert((await store.list("_delta_log/")).length < RUNS / 5, `${name} has a long log`);
  }
  assertEquals(
    await landedOffsets(lake.landing.delta),
    Array.from({ length: RUNS }, (_, run) => BigInt(run)),
  );
  const { batches, quarantine } = lakeTables(lake);
  for (const [table, counter] of [[batches, BATCHES_COUNTER], [quarantine, QUARANTINE_COUNTER]] as const) {
    assertEquals(await countTable(table, neverAsked(counter)), await recounted(table, counter));
  }
  assertEquals((await countTable(batches, neverAsked(BATCHES_COUNTER))).landed, RUNS);
  assertEquals((await countTable(quarantine, neverAsked(QUARANTINE_COUNTER))).rows, RUNS);
});

Deno.test("nothing is written and nothing is logged when nothing is due", async () => {
  const year = simulatedYear();
  const lake = await openLake(year.storeOf, { topic: "trains", ...year.context });
  await runOnce(lake, 0);
  const before = await Promise.all(Object.values(lakeTables(lake)).map(({ store }) => store.list("")));
  const logged: string[] = [];
  await configure({
    reset: true,
    sinks: { logs: ({ level, rawMessage }) => void logged.push(`${level} ${rawMessage}`) },
    loggers: [
      { category: "ratalake", sinks: ["logs"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  await maintainTables(lake, { signal: NEVER });
  await reset();
  assertEquals(logged, []);
  assertEquals(await Promise.all(Object.values(lakeTables(lake)).map(({ store }) => store.list(""))), before);
});

Deno.test("a table that cannot be maintained is left for the next run, and the others are not", async () => {
  const year = simulatedYear();
  const lake = await openLake(year.storeOf, { topic: "trains", ...year.context });
  for (let run = 0; run < 40; run++) await runOnce(lake, run);
  const { landing, batches } = lakeTables(lake);
  const [gone] = landing.snapshot.files.values();
  assert(gone !== undefined);
  await landing.store.remove(gone.path);
  await maintainTables(lake, { signal: NEVER });
  assertEquals(landing.snapshot.files.size, 40);
  assertEquals(batches.snapshot.files.size, 1);
});

Deno.test("small files of every table become one, with the counts of their rows", async () => {
  const year = simulatedYear();
  const lake = await openLake(year.storeOf, { topic: "trains", ...year.context });
  const { standard, runs, results, ...others } = lakeTables(lake);
  if (results === undefined) throw new Error("no results");
  const partitionValues = { departureDate: "2025-01-01" };
  for (let run = 0; run < 40; run++) {
    await runOnce(lake, run);
    const row = { trainNumber: BigInt(run), rowNumber: 0, trainTravelId: `${run}`, type: "" };
    await appendFile(standard, await standard.stageRows([row], { partitionValues }), { rows: 1 });
    for (const table of [runs, results]) {
      await appendFile(table, await table.stageRows([{ run_id: `${run}` }]), { rows: 1 });
    }
  }
  await maintainTables(lake, { signal: NEVER });
  for (const [name, { snapshot }] of Object.entries({ standard, runs, results, ...others })) {
    assertEquals([name, snapshot.files.size], [name, 1]);
  }
  assertEquals(
    await countTable(standard, neverAsked(STANDARD_COUNTER)),
    await recounted(standard, STANDARD_COUNTER),
  );
});

/** Stores whose files get the time of the run. */
function simulatedYear() {
  let now = START_MS, ids = 0;
  const clock = () => now;
  const stores = new Map<string, Store>();
  const storeOf = (path: string) => {
    const store = stores.get(path) ?? new MemoryStore({ label: path, clock });
    stores.set(path, store);
    return store;
  };
  const at = (run: number) => now = START_MS + Math.floor(run * YEAR_MS / RUNS);
  return { storeOf, at, context: { clock, ids: () => `${ids++}` } };
}

/** What one run of process leaves: a message that is rejected, and the accounting of it. */
async function runOnce(lake: Lake, run: number): Promise<void> {
  const { landing, quarantine, batches } = lakeTables(lake);
  const kafka = {
    kafkaTopic: "trains",
    kafkaPartition: 0,
    kafkaOffset: BigInt(run),
    kafkaMessageTimestamp: BigInt(run),
  };
  await appendFile(landing, await landing.stageRows([{ jsonValue: "{}", ...kafka }]), { rows: 1 });
  const rejection: Rejection = {
    code: run % 3 === 0 ? "missing_field" : "wrong_type",
    path: "$.trainNumber",
    message: "",
    rule: "S1",
    partition: 0,
    offset: BigInt(run),
    timestampMs: 0,
    key: null,
    fetchedAtMs: null,
    sourceEpoch: 0,
    rawValue: null,
  };
  const rejected = { reasonCode: rejection.code, jsonPath: rejection.path, ...kafka };
  const columns = new QuarantineColumns();
  columns.append(rejection, "trains");
  const tags = rejectionsTag(columns.toColumns());
  await appendFile(quarantine, await quarantine.stageRows([rejected], { tags }), { rows: 1 });
  const record = {
    topic: "trains",
    partition: 0,
    offsetFrom: BigInt(run),
    offsetTo: BigInt(run + 1),
    landed: 1,
    expired: 0,
    gaps: 0,
    quarantined: 1,
    accepted: 0,
    duplicate: 0,
    stale: 0,
    conflict: 0,
    rowsAdded: 0,
    rowsRemoved: 0,
    sizeBytes: 2,
    drift: run % 2 === 0 ? { "$.x": run } : {},
    seconds: { validate: 0, quarantine: 0, landing: 0, standard: 0 },
    landingVersion: 1,
    quarantineVersion: 1,
  };
  const row = batchRow(record, run);
  await appendFile(batches, await batches.stageRows([row], { tags: batchesTag([record]) }), { rows: 1 });
}

function watched(store: Store): { readonly store: Store; readonly reads: readonly string[] } {
  const reads: string[] = [];
  const spy: Store = {
    label: store.label,
    guarantees: store.guarantees,
    read: (path, range) => (reads.push(path), store.read(path, range)),
    list: (prefix, options) => store.list(prefix, options),
    put: (path, bytes) => store.put(path, bytes),
    putIfAbsent: (path, bytes) => store.putIfAbsent(path, bytes),
    remove: (path) => store.remove(path),
  };
  return { store: spy, reads };
}

async function landedOffsets(landing: DeltaTable): Promise<readonly bigint[]> {
  const offsets: bigint[] = [];
  for (const add of landing.snapshot.files.values()) {
    const frame = await landing.readFile(add, { columns: ["kafkaOffset"] });
    offsets.push(...Array.from(frame.getColumn("kafkaOffset").toArray(), (offset) => BigInt(offset)));
  }
  return offsets.toSorted((left, right) => Number(left - right));
}

async function recounted(table: DeltaTable, { count }: RowCounter) {
  const sums: Record<string, number> = {};
  for (const add of table.snapshot.files.values()) {
    const counts = count(await table.readFile(add));
    for (const [name, part] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + part;
  }
  return sums;
}

/** The same set; a file that does not carry it fails the test. */
function neverAsked({ set }: RowCounter): RowCounter {
  return {
    set,
    count: () => {
      throw new Error("a file without its counts");
    },
  };
}
