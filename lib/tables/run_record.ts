/** One row of `quality_zone/trains_travel`: what a run found. The first five columns are the replaced system's. */
import { type DataType, tableSchema } from "../delta/mod.ts";
import type { Counts } from "./counts.ts";

const COUNTS: DataType = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true };

/** Key: data_quality_generation_time. Map values and counts are numbers of rows or messages. */
export const RUNS_SCHEMA = tableSchema({
  total_train_travel_records: "long",
  missing_values: COUNTS,
  duplicate_records: "long",
  anomalies: COUNTS,
  data_quality_generation_time: "timestamp",
  run_id: "string",
  topic: "string",
  published: "long",
  landed: "long",
  accepted: "long",
  duplicate: "long",
  stale: "long",
  conflict: "long",
  quarantined: "long",
  rows_added: "long",
  rows_removed: "long",
  landing_rows: "long",
  quarantine_rows: "long",
  lag: "long",
  quarantine_reasons: COUNTS,
  schema_drift: COUNTS,
  newest_message_time: "timestamp",
  rule_set: "string",
});

/** Sums over all batches, and what the tables themselves hold. */
export interface Account {
  /** Offsets ingested: every message that the broker acknowledged below the next offset. */
  readonly offsets: number;
  readonly landed: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly stale: number;
  readonly quarantined: number;
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
  /** Rows of the tables as their files say. */
  readonly landingRows: number;
  readonly quarantineRows: number;
  readonly standardRows: number;
}

/** What one run measured. */
export interface RunRecord {
  readonly runId: string;
  readonly topic: string;
  readonly generatedAt: Date;
  readonly account: Account;
  readonly conflict: number;
  /** Messages that waited in the broker when the run ended. */
  readonly lag: number;
  /** Absent values by column; `<column>_empty` counts "". */
  readonly missingValues: Counts;
  readonly duplicateRecords: number;
  readonly anomalies: Counts;
  readonly quarantineReasons: Counts;
  readonly schemaDrift: Counts;
  /** Creation time of the newest message; null before the first. */
  readonly newestMessageTime: Date | null;
  /** Names the rules that the rows were counted with; null of a run of version 0.1.0. */
  readonly ruleSet: string | null;
}

/** The record as a row of the table. */
export function runRow(run: RunRecord): Readonly<Record<string, unknown>> {
  const { account } = run;
  return {
    total_train_travel_records: account.standardRows,
    missing_values: run.missingValues,
    duplicate_records: run.duplicateRecords,
    anomalies: run.anomalies,
    data_quality_generation_time: run.generatedAt,
    run_id: run.runId,
    topic: run.topic,
    published: account.offsets,
    landed: account.landed,
    accepted: account.accepted,
    duplicate: account.duplicate,
    stale: account.stale,
    conflict: run.conflict,
    quarantined: account.quarantined,
    rows_added: account.rowsAdded,
    rows_removed: account.rowsRemoved,
    landing_rows: account.landingRows,
    quarantine_rows: account.quarantineRows,
    lag: run.lag,
    quarantine_reasons: run.quarantineReasons,
    schema_drift: run.schemaDrift,
    newest_message_time: run.newestMessageTime,
    rule_set: run.ruleSet,
  };
}
