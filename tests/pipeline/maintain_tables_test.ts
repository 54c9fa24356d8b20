import { assert, assertEquals } from "@std/assert";
import { appendFile, type DeltaTable, MemoryStore, openTable, type Store } from "../../lib/delta/mod.ts";
import { maintainTables } from "../../lib/pipeline/maintain_tables.ts";
import { openTables, type PipelineTables, TABLE_PATHS } from "../../lib/tables/lake.ts";
import { batchRow } from "../../lib/tables/batch_record.ts";
import { countBatches, countBatchRows } from "../../lib/quality/count_batch_rows.ts";
import { countQuarantineRows } from "../../lib/quality/count_rejections.ts";
import { countRejections } from "../../lib/quality/count_rejections.ts";
import { countsTag, countTable } from "../../lib/tables/counts.ts";

const RUNS = 400;
const YEAR_MS = 365 * 86_400_000;
const START_MS = Date.UTC(2025, 0, 1);
const NEVER = new AbortController().signal;

Deno.test("a year of runs leaves tables that are quick to open, with every row and every count", async () => {
  const year = simulatedYear();
  const tables = await openTables(year.storeOf, year.context);
  for (let run = 0; run < RUNS; run++) {
    year.at(run);
    await runOnce(tables, run);
    await maintainTables(tables, NEVER);
  }
  for (const name of ["landing", "quarantine", "batches"] as const) {
    const { store, reads } = watched(year.storeOf(TABLE_PATHS[name]));
    const { snapshot } = await openTable(store, year.context);
    assert(snapshot.version >= RUNS);
    assert(snapshot.files.size < 48, `${name} has ${snapshot.files.size} files`);
    assert(reads.length <= 15, `opening ${name} reads ${reads.length} files`);
    assert((await store.list("_delta_log/")).length < RUNS / 5, `${name} has a long log`);
  }
  assertEquals(await landedOffsets(tables.landing), Array.from({ length: RUNS }, (_, run) => BigInt(run)));
  const recount = { batches: countBatchRows, quarantine: countQuarantineRows } as const;
  for (const name of ["batches", "quarantine"] as const) {
    assertEquals(await countTable(tables[name], failIfAsked), await recounted(tables[name], recount[name]));
  }
  assertEquals((await countTable(tables.batches, failIfAsked)).landed, RUNS);
  assertEquals((await countTable(tables.quarantine, failIfAsked)).rows, RUNS);
});

Deno.test("nothing is written when nothing is due", async () => {
  const year = simulatedYear();
  const tables = await openTables(year.storeOf, year.context);
  await runOnce(tables, 0);
  const before = await Promise.all(Object.values(tables).map(({ store }) => store.list("")));
  await maintainTables(tables, NEVER);
  assertEquals(await Promise.all(Object.values(tables).map(({ store }) => store.list(""))), before);
});

Deno.test("a table that cannot be maintained is left for the next run, and the others are not", async () => {
  const year = simulatedYear();
  const tables = await openTables(year.storeOf, year.context);
  for (let run = 0; run < 40; run++) await runOnce(tables, run);
  const [gone] = tables.landing.snapshot.files.values();
  assert(gone !== undefined);
  await tables.landing.store.remove(gone.path);
  await maintainTables(tables, NEVER);
  assertEquals(tables.landing.snapshot.files.size, 40);
  assertEquals(tables.batches.snapshot.files.size, 1);
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
async function runOnce({ landing, quarantine, batches }: PipelineTables, run: number): Promise<void> {
  const kafka = {
    kafkaTopic: "trains",
    kafkaPartition: 0,
    kafkaOffset: BigInt(run),
    kafkaMessageTimestamp: BigInt(run),
  };
  await appendFile(landing, await landing.stageRows([{ jsonValue: "{}", ...kafka }]), { rows: 1 });
  const rejection = { reasonCode: run % 3 === 0 ? "missing_field" : "schema", jsonPath: "$.trainNumber" };
  const tags = countsTag(countRejections([rejection]));
  await appendFile(quarantine, await quarantine.stageRows([{ ...rejection, ...kafka }], { tags }), {
    rows: 1,
  });
  const record = {
    topic: "trains",
    partition: 0,
    offsetFrom: run,
    offsetTo: run + 1,
    landed: 1,
    quarantined: 1,
    accepted: 0,
    duplicate: 0,
    stale: 0,
    conflict: 0,
    rowsAdded: 0,
    rowsRemoved: 0,
    sizeBytes: 2,
    drift: run % 2 === 0 ? { "$.x": run } : {},
    seconds: { judge: 0, quarantine: 0, landing: 0, standard: 0 },
    landingVersion: 1,
    quarantineVersion: 1,
  };
  const row = batchRow(record, run);
  await appendFile(batches, await batches.stageRows([row], { tags: countsTag(countBatches([record])) }), {
    rows: 1,
  });
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

async function recounted(table: DeltaTable, count: Parameters<typeof countTable>[1]) {
  const sums: Record<string, number> = {};
  for (const add of table.snapshot.files.values()) {
    const counts = count(await table.readFile(add));
    for (const [name, part] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + part;
  }
  return sums;
}

function failIfAsked(): never {
  throw new Error("a file without its counts");
}
