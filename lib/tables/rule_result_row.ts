/** One row of `quality_zone/rule_results`: what a rule came to in a run, and by which limits. */
import { type DataType, type Row, tableSchema } from "../delta/mod.ts";
import type { Counts } from "./counts.ts";

const THRESHOLDS: DataType = listOf({
  severity: "string",
  operator: "string",
  value: "double",
  unit: "string",
  part: "string",
});
const SAMPLES: DataType = listOf({
  trainNumber: "integer",
  departureDate: "string",
  station: "string",
  rowNumber: "integer",
  kafkaPartition: "integer",
  kafkaOffset: "long",
});

/** Key: (run_id, rule_id, segment). A segment of null is the whole, others are of one departure date. */
export const RESULTS_SCHEMA = tableSchema({
  run_id: "string",
  topic: "string",
  data_quality_generation_time: "timestamp",
  rule_id: "string",
  rule_set: "string",
  segment: "string",
  dimension: "string",
  severity: "string",
  grain: "string",
  outcome: "string",
  failed: "long",
  units: "long",
  share: "double",
  thresholds: THRESHOLDS,
  observed: "double",
  expected_lowest: "double",
  expected_highest: "double",
  samples: SAMPLES,
  schema_policy: "string",
  landing_version: "long",
  quarantine_version: "long",
  standard_version: "long",
  batches_version: "long",
  duration_seconds: "double",
});

/** What the failures of a rule had to be, in the words of the Open Data Contract Standard. */
export interface Threshold {
  readonly severity: string;
  readonly operator: string;
  readonly value: number;
  readonly unit: string;
  /** Of a rule that tells parts apart: of which failures. */
  readonly part?: string | undefined;
}

/** Where a row is that breaks the rule. */
export interface ResultSample {
  readonly trainNumber: number;
  readonly departureDate: string;
  readonly station: string | null;
  readonly rowNumber: number;
  readonly kafkaPartition: number;
  readonly kafkaOffset: number;
}

/** What a rule came to in a run. */
export interface RuleResultRecord {
  readonly runId: string;
  readonly topic: string;
  readonly generatedAt: Date;
  readonly ruleId: string;
  readonly ruleSet: string | null;
  /** Of which rows, as `departureDate=2025-02-17`; null of all. */
  readonly segment: string | null;
  readonly dimension: string;
  readonly severity: string;
  readonly grain: string;
  readonly outcome: string;
  readonly failed: number | null;
  readonly units: number | null;
  readonly thresholds: readonly Threshold[];
  readonly observed: number | null;
  readonly expected: { readonly lowest: number; readonly highest: number } | null;
  readonly samples: readonly ResultSample[];
  /** Of the rule on unknown fields and values, what the user has chosen for them, as JSON; null where nothing was. */
  readonly schemaPolicy: string | null;
  readonly tableVersions: Counts;
  /**
   * How long it took to measure the run, all rules together: data files that were not counted yet, the sums of all, and
   * recording them. The rules on rows are counted earlier, as the files are written. Null where nobody has measured it.
   */
  readonly durationSeconds: number | null;
}

/** The record as a row of the table. */
export function resultRow(record: RuleResultRecord): Row {
  const { failed, units, tableVersions: versions } = record;
  return {
    run_id: record.runId,
    topic: record.topic,
    data_quality_generation_time: record.generatedAt,
    rule_id: record.ruleId,
    rule_set: record.ruleSet,
    segment: record.segment,
    dimension: record.dimension,
    severity: record.severity,
    grain: record.grain,
    outcome: record.outcome,
    failed,
    units,
    share: failed === null || units === null || units === 0 ? null : failed / units,
    // Limits out of a file may know more than the table has columns for.
    thresholds: record.thresholds.map(({ severity, operator, value, unit, part }) => {
      return { severity, operator, value, unit, part: part ?? null };
    }),
    observed: record.observed,
    expected_lowest: record.expected?.lowest ?? null,
    expected_highest: record.expected?.highest ?? null,
    samples: record.samples,
    schema_policy: record.schemaPolicy,
    landing_version: versions.landing ?? null,
    quarantine_version: versions.quarantine ?? null,
    standard_version: versions.standard ?? null,
    batches_version: versions.batches ?? null,
    duration_seconds: record.durationSeconds,
  };
}

function listOf(columns: Readonly<Record<string, DataType>>): DataType {
  return { type: "array", elementType: tableSchema(columns), containsNull: true };
}
