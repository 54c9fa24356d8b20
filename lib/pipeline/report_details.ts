/** The pipelines from one rule, or one column of the standard table, to the reader: closer looks than the report. */
import { countSegments, type SegmentBy } from "../quality/count_segments.ts";
import { defaultPolicy } from "../quality/default_policy.ts";
import { findFailures } from "../quality/find_failures.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { readRuns } from "../quality/run_history.ts";
import { RULES } from "../quality/rules.ts";
import { renderExplanation } from "../report/render_explanation.ts";
import { renderSegments, scoreSegments } from "../report/render_segments.ts";
import { openReportTables, readLimits, type ReportOptions } from "./report_quality.ts";

const RUNS_SHOWN = 20;
const ROWS_SHOWN = 10;

/** What to explain, and how. */
export interface ExplainOptions extends ReportOptions {
  readonly ruleId: string;
}

/**
 * Explains a rule: what it is for, how it came out in the last runs, and rows that break it.
 *
 * @throws {TypeError} when there is no such rule
 */
export async function explainRule({ ruleId, ...options }: ExplainOptions): Promise<string> {
  const rule = RULES.find(({ id }) => id.toLowerCase() === ruleId.toLowerCase());
  if (rule === undefined) {
    throw new TypeError(
      `Cannot explain "${ruleId}": expected one of ${RULES.map(({ id }) => id).join(", ")}`,
    );
  }
  const { standard, runs, landing, quarantine } = await openReportTables(options);
  const policy = (await readLimits(options))?.policy ?? new Map();
  const results = (await readRuns(runs, RUNS_SHOWN)).flatMap((run, i, all) =>
    evaluateRun(run, { past: all.slice(0, i), policy }).rules.filter(({ id }) => id === rule.id)
  );
  const rows = rule.count.from === "rows" ? await findFailures(standard, rule.count, ROWS_SHOWN) : null;
  const folders = { landing: landing.store.label, quarantine: quarantine.store.label };
  return renderExplanation({ rule, results, rows, folders }, { colour: options.format === "colour" });
}

/** By what, and how. */
export interface SegmentOptions extends ReportOptions {
  readonly by: SegmentBy;
}

/** Counts the rules on rows of the standard table as it is now, apart for each value. */
export async function reportSegments({ by, ...options }: SegmentOptions): Promise<string> {
  const { standard } = await openReportTables(options);
  const segments = await countSegments(standard, by);
  const rules = RULES.filter(({ count }) => count.from === "rows");
  if (options.format === "json") {
    const { version } = standard.snapshot;
    return JSON.stringify({ by, standardVersion: version, segments: scoreSegments({ segments, rules }) });
  }
  return renderSegments({ by, segments, rules }, { colour: options.format === "colour" });
}

/** A quality.yaml to begin with, which changes nothing as it stands. */
export function startPolicy(): string {
  return defaultPolicy().trimEnd();
}
