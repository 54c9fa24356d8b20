/**
 * The rules, one entry each: what the report shows, what the data files are counted for, and the names of the
 * anomalies in `quality_zone/trains_travel` follow from this table alone. To add a rule, add an entry to its family in
 * `rules/`; files that were counted without it are counted again by the next run.
 */
import { CHANGE_RULES } from "./rules/change_rules.ts";
import { COVERAGE_RULES } from "./rules/coverage_rules.ts";
import { LEG_RULES } from "./rules/leg_rules.ts";
import { METADATA_RULES } from "./rules/metadata_rules.ts";
import { LATENCY_RULES } from "./rules/latency_rules.ts";
import { PRESENCE_RULES } from "./rules/presence_rules.ts";
import { ROUTE_RULES } from "./rules/route_rules.ts";
import type { Rule } from "./rules/rule.ts";
import { RUN_RULES } from "./rules/run_rules.ts";
import { TIME_RULES } from "./rules/time_rules.ts";
import { VALUE_RULES } from "./rules/value_rules.ts";

const RANK = { E: 0, W: 1, I: 2 } as const;

/** All rules in the order of the report: what fails it first. */
export const RULES: readonly Rule[] = [
  ...RUN_RULES,
  ...PRESENCE_RULES,
  ...VALUE_RULES,
  ...METADATA_RULES,
  ...ROUTE_RULES,
  ...LEG_RULES,
  ...TIME_RULES,
  ...COVERAGE_RULES,
  ...CHANGE_RULES,
  ...LATENCY_RULES,
].sort((a, b) => RANK[a.severity] - RANK[b.severity]);

/** The anomalies that a rule counts, by the names under which a run stores them. */
export function anomaliesOf({ count }: Rule): readonly string[] {
  if (count.from === "rows") return [count.anomaly];
  return count.from === "rejections" ? Object.keys(count.anomalies) : [];
}
