/**
 * Stage 6 of 7. Receives the tables from landing, quarantine and standard; hands one row per run, and the accounting
 * of every batch, to the report.
 */
import type { DeltaTable } from "../delta/mod.ts";
import { countBatchRows } from "./count_batch_rows.ts";
import { countQuarantineRows } from "./count_rejections.ts";
import { countStandardRows, REQUIRED_COLUMNS } from "./count_standard_rows.ts";
import type { Account, RunRecord } from "../tables/run_record.ts";
import { type Counts, countsUnder, countTable, keepLargest } from "../tables/counts.ts";

/** The tables that a run is measured from. */
export interface MeasuredTables {
  readonly landing: DeltaTable;
  readonly quarantine: DeltaTable;
  readonly standard: DeltaTable;
  readonly batches: DeltaTable;
}

/** What a measure cannot find in the tables. */
export interface RunIdentity {
  readonly runId: string;
  readonly topic: string;
  readonly generatedAt: Date;
  readonly lag: number;
}

/** Names of a run's schema drift; each batch may bring as many new ones. */
const DRIFT_NAMES = 1000;

/** Kinds of anomaly; the first two are the replaced system's names and count quarantined messages. */
const ANOMALIES = [
  "arrivalTime_format_errors",
  "departureTime_format_errors",
  "departureDate_format_errors",
  "differenceInMinutes_mismatch",
  "actualTime_in_future",
  "scheduledTime_out_of_order",
] as const;

/** Measures the tables as their snapshots stand. */
export async function measureRun(tables: MeasuredTables, identity: RunIdentity): Promise<RunRecord> {
  const rows = await countTable(tables.standard, countStandardRows);
  const rejections = await countTable(tables.quarantine, countQuarantineRows);
  const batches = await countTable(tables.batches, countBatchRows);
  return {
    ...identity,
    account: accountOf(tables, { rows, rejections, batches }),
    conflict: batches.conflict ?? 0,
    missingValues: missingValues(rows, rejections),
    duplicateRecords: rows.duplicates ?? 0,
    anomalies: anomalies(rows, rejections),
    quarantineReasons: countsUnder(rejections, "reason."),
    schemaDrift: keepLargest(countsUnder(batches, "drift."), DRIFT_NAMES),
    newestMessageTime: newestMessageTime(tables.landing),
  };
}

function accountOf(
  tables: MeasuredTables,
  { rows, rejections, batches }: Readonly<Record<"rows" | "rejections" | "batches", Counts>>,
): Account {
  return {
    published: batches.published ?? 0,
    landed: batches.landed ?? 0,
    accepted: batches.accepted ?? 0,
    duplicate: batches.duplicate ?? 0,
    stale: batches.stale ?? 0,
    quarantined: batches.quarantined ?? 0,
    rowsAdded: batches.rowsAdded ?? 0,
    rowsRemoved: batches.rowsRemoved ?? 0,
    landingRows: landingRows(tables.landing),
    quarantineRows: rejections.rows ?? 0,
    standardRows: rows.rows ?? 0,
  };
}

/** Absent values in accepted rows and in quarantined messages together: neither is allowed to hide the other. */
function missingValues(rows: Counts, rejections: Counts): Counts {
  const counts: Record<string, number> = {};
  for (const name of REQUIRED_COLUMNS) {
    counts[name] = (rows[`missing.${name}`] ?? 0) + (rejections[`missing.${name}`] ?? 0);
    counts[`${name}_empty`] = (rows[`empty.${name}`] ?? 0) + (rejections[`empty.${name}`] ?? 0);
  }
  return counts;
}

function anomalies(rows: Counts, rejections: Counts): Counts {
  const found: Counts = {
    ...countsUnder(rows, "anomaly."),
    arrivalTime_format_errors: rejections["reason.arrival_time_format"] ?? 0,
    departureTime_format_errors: rejections["reason.departure_time_format"] ?? 0,
    departureDate_format_errors: rejections["reason.date_format"] ?? 0,
  };
  return Object.fromEntries(ANOMALIES.map((name) => [name, found[name] ?? 0]));
}

function landingRows(landing: DeltaTable): number {
  return [...landing.snapshot.files.values()].reduce(
    (sum, add) => sum + (statsOf(add.stats).numRecords ?? 0),
    0,
  );
}

function newestMessageTime(landing: DeltaTable): Date | null {
  const times = [...landing.snapshot.files.values()].map((add) =>
    Date.parse(statsOf(add.stats).maxValues?.kafkaMessageTimestamp ?? "")
  );
  const newest = Math.max(...times.filter((time) => !Number.isNaN(time)));
  return Number.isFinite(newest) ? new Date(newest) : null;
}

interface FileStats {
  readonly numRecords?: number;
  readonly maxValues?: { readonly kafkaMessageTimestamp?: string };
}

function statsOf(stats: string | undefined): FileStats {
  return stats === undefined ? {} : JSON.parse(stats);
}
