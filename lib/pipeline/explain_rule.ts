/** The pipeline from one rule to the reader: open, read the newest runs, find the rows that break it. Writes nothing. */
import { findFailures } from "../quality/find_failures.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { readRuns } from "../quality/run_history.ts";
import { RULES } from "../quality/rules.ts";
import { renderExplanation } from "../report/render_explanation.ts";
import { openReportTables, type ReportOptions } from "./report_quality.ts";

const RUNS_SHOWN = 20;
const ROWS_SHOWN = 10;

/** What to explain, and how. */
export interface ExplainOptions extends ReportOptions {
  readonly ruleId: string;
}

/** The ids of all rules, in the order of the report. */
export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);

/**
 * Explains a rule: what it is for, how it came out in the last runs, and rows that break it.
 *
 * @throws {TypeError} when there is no such rule
 */
export async function explainRule({ ruleId, ...options }: ExplainOptions): Promise<string> {
  const rule = RULES.find(({ id }) => id.toLowerCase() === ruleId.toLowerCase());
  if (rule === undefined) {
    throw new TypeError(`Cannot explain "${ruleId}": expected one of ${RULE_IDS.join(", ")}`);
  }
  const { standard, runs, landing, quarantine } = await openReportTables(options);
  const results = (await readRuns(runs, RUNS_SHOWN)).flatMap((run, i, all) =>
    evaluateRun(run, all.slice(0, i)).rules.filter(({ id }) => id === rule.id)
  );
  const rows = rule.count.from === "rows" ? await findFailures(standard, rule.count, ROWS_SHOWN) : null;
  const folders = { landing: landing.store.label, quarantine: quarantine.store.label };
  return renderExplanation({ rule, results, rows, folders }, { colour: options.format === "colour" });
}
