/** One row of `quality_zone/trains_travel`: what a run found. The first five columns are the replaced system's. */
import type { DataType } from "../delta/mod.ts";
import { tableSchema } from "../delta/reading.ts";
import type { Counts } from "./counts.ts";

const COUNTS: DataType = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true };

const TEXTS: DataType = { type: "map", keyType: "string", valueType: "string", valueContainsNull: true };

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
  expired: "long",
  gaps: "long",
  newly_expired: "long",
  trains: "long",
  stops: "long",
  traffic: COUNTS,
  uncounted_rules: TEXTS,
  rule_units: COUNTS,
  trains_by_category: COUNTS,
  measures: COUNTS,
  table_versions: COUNTS,
});

/** Sums over all batches, and what the tables themselves hold. */
export interface Account {
  /** Offsets from where the log began for these tables up to where they are now. */
  readonly offsets: number;
  /** Offsets that held a message, and are in landing. */
  readonly landed: number;
  /** Offsets that the broker's retention deleted before they were landed: a loss. */
  readonly expired: number;
  /** Offsets that never were a message: markers of transactions, compaction. */
  readonly gaps: number;
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
  /** Expired offsets that no run before this one has told of. */
  readonly newlyExpired: number;
  /** Offsets that waited in the broker when the run ended. */
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
  /** What the standard table holds beside rows; null of a run of version 0.1.0. */
  readonly units: RunUnits | null;
  /** What became of the trains, by kind; null of a run of before there were such figures. */
  readonly traffic: Counts | null;
  /** Rules that could not be counted, by their ids. */
  readonly uncounted: Readonly<Record<string, UncountedRule>>;
  /** Units of rules that have their own, by the anomaly of the rule. */
  readonly ruleUnits: Counts;
  /** What the standard table holds; null of a run of an older version. */
  readonly trainsByCategory: Counts | null;
  /** Sums over all batches; see measures.ts. None of a run, or of batches, of older versions. */
  readonly measures: Counts;
  /** The versions of the tables that were measured, by their names; null of a run that did not say. */
  readonly tableVersions: Counts | null;
}

/** A rule that threw ("error"), or lacked what it needs ("skipped"). */
export interface UncountedRule {
  readonly outcome: "error" | "skipped";
  /** What it threw, or what is missing and what one can do. */
  readonly reason: string;
}

/** Units that rules count in. */
export interface RunUnits {
  readonly trains: number;
  /** Pairs of an arrival and the departure after it. */
  readonly stops: number;
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
    expired: account.expired,
    gaps: account.gaps,
    newly_expired: run.newlyExpired,
    trains: run.units?.trains ?? null,
    stops: run.units?.stops ?? null,
    traffic: run.traffic,
    uncounted_rules: Object.fromEntries(
      Object.entries(run.uncounted).map(([id, { outcome, reason }]) => [id, `${outcome}: ${reason}`]),
    ),
    rule_units: run.ruleUnits,
    trains_by_category: run.trainsByCategory,
    measures: run.measures,
    table_versions: run.tableVersions,
  };
}
