/** The pipeline from the tables to the reader: open, read the newest run, evaluate it, render it. Writes nothing. */
import type { Store, TableOptions } from "../delta/mod.ts";
import { openLakeTables } from "../tables/lake_tables.ts";
import { TABLE_PATHS, type TableName } from "../tables/table_paths.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { readNewestRun } from "../quality/run_history.ts";
import { buildReport, type Report, tableFigures } from "../report/build_report.ts";
import { renderJson } from "../report/render_json.ts";
import { renderText } from "../report/render_text.ts";

/** One renderer per format. To add a format, add a file in lib/report and an entry here. */
const RENDERERS = {
  text: (report: Report) => renderText(report, { colour: false }),
  /** The text page for a terminal. */
  colour: (report: Report) => renderText(report, { colour: true }),
  /** One object. */
  json: renderJson,
} as const;

/** What a report is given. */
export interface ReportOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
  readonly format: keyof typeof RENDERERS;
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
  return { passed: verdict.passed, text: RENDERERS[format](report) };
}
