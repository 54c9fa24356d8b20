/** The runs in `quality_zone/trains_travel`: one row is appended per run, and the newest read back. */
import { tableFromIPC } from "apache-arrow";
import pl from "nodejs-polars";
import { type Add, appendFile, type DeltaTable } from "../delta/mod.ts";
import { type RunRecord, runRow } from "../tables/run_record.ts";
import type { Counts } from "../tables/counts.ts";

const TIME = "data_quality_generation_time";

/** Appends what a run measured, as one row. */
export async function recordRun(runs: DeltaTable, run: RunRecord): Promise<void> {
  await appendFile(runs, await runs.stageRows([runRow(run)]), { rows: 1 });
}

/** What the newest run measured; null when there was none. Opens one data file, whatever the table's age. */
export async function readNewestRun(runs: DeltaTable): Promise<RunRecord | null> {
  const newest = [...runs.snapshot.files.values()].sort((a, b) => newestTime(b) - newestTime(a))[0];
  if (newest === undefined) return null;
  const frame = await runs.readFile(newest);
  const times = ["newest_message_time", TIME].map((name) => pl.col(name).cast(pl.Int64));
  const row = tableFromIPC(frame.withColumns(...times).sort(TIME).tail(1).writeIPC()).get(0)?.toJSON();
  return row === undefined ? null : toRecord(row);
}

function newestTime({ stats }: Add): number {
  const { maxValues } = JSON.parse(stats ?? "{}") as { maxValues?: Record<string, string> };
  return Date.parse(maxValues?.[TIME] ?? "") || Infinity;
}

function toRecord(row: Readonly<Record<string, unknown>>): RunRecord {
  const count = (name: string) => Number(row[name] ?? 0);
  return {
    runId: String(row.run_id),
    topic: String(row.topic),
    generatedAt: timeOf(row[TIME]) ?? new Date(0),
    account: {
      published: count("published"),
      landed: count("landed"),
      accepted: count("accepted"),
      duplicate: count("duplicate"),
      stale: count("stale"),
      quarantined: count("quarantined"),
      rowsAdded: count("rows_added"),
      rowsRemoved: count("rows_removed"),
      landingRows: count("landing_rows"),
      quarantineRows: count("quarantine_rows"),
      standardRows: count("total_train_travel_records"),
    },
    conflict: count("conflict"),
    lag: count("lag"),
    missingValues: countsOf(row.missing_values),
    duplicateRecords: count("duplicate_records"),
    anomalies: countsOf(row.anomalies),
    quarantineReasons: countsOf(row.quarantine_reasons),
    schemaDrift: countsOf(row.schema_drift),
    newestMessageTime: timeOf(row.newest_message_time),
  };
}

/** Microseconds since 1970 UTC as a date. */
function timeOf(micros: unknown): Date | null {
  return typeof micros === "bigint" ? new Date(Number(micros / 1000n)) : null;
}

/** polars hands a map column on as a list of entries. */
function countsOf(entries: unknown): Counts {
  const counts: Record<string, number> = {};
  for (const entry of entries as Iterable<{ readonly key: string; readonly value: bigint | null }>) {
    counts[entry.key] = Number(entry.value ?? 0);
  }
  return counts;
}
