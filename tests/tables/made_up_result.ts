/** A result of a rule, for tests that are about a part of it. */
import type { RuleResultRecord } from "../../lib/tables/rule_result_row.ts";

export const MADE_UP_RESULT: RuleResultRecord = {
  runId: "run",
  topic: "trains",
  generatedAt: new Date(0),
  ruleId: "C6",
  ruleSet: null,
  segment: null,
  dimension: "consistency",
  severity: "E",
  grain: "row",
  outcome: "failed",
  failed: 1,
  units: 4,
  thresholds: [],
  observed: null,
  expected: null,
  samples: [],
  schemaPolicy: null,
  tableVersions: {},
  durationSeconds: null,
};
