/** The pipeline from the tables to the reader: open, read the newest run, evaluate it, render it. Writes nothing. */
import type { Store, TableOptions } from "../delta/mod.ts";
import { openLakeTables, TABLE_PATHS, type TableName } from "../tables/lake.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { readNewestRun } from "../quality/run_history.ts";
import { buildReport, tableFigures } from "../report/build_report.ts";
import { renderJson } from "../report/render_json.ts";
import { renderText } from "../report/render_text.ts";

/** What a report is given. */
export interface ReportOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
  /** "json" is one object; "colour" is the text page for a terminal. */
  readonly format: "text" | "colour" | "json";
}

/** A report, ready to print. */
export interface RenderedReport {
  /** The accounting adds up and no error-level rule is broken. */
  readonly passed: boolean;
  readonly text: string;
}

/**
 * Reports on the newest run.
 *
 * @throws {TableNotFoundError} when `process` has not made the tables yet
 */
export async function reportQuality(options: ReportOptions): Promise<RenderedReport> {
  const { clock, format } = options;
  const tables = await openLakeTables(options.storeOf, options);
  const run = await readNewestRun(tables.runs);
  if (run === null) {
    throw new Error("Cannot report: found no finished run, expected one of `deno task process`");
  }
  const verdict = evaluateRun(run);
  const figures = await Promise.all(
    Object.entries(tables).map(([name, table]) => tableFigures(name, TABLE_PATHS[name as TableName], table)),
  );
  const report = buildReport(run, { verdict, tables: figures, madeAt: new Date(clock()) });
  const text = format === "json" ? renderJson(report) : renderText(report, { colour: format === "colour" });
  return { passed: verdict.passed, text };
}
