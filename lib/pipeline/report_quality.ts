/** The pipeline from the tables to the reader: open, read the newest run, evaluate it, render it. Writes nothing. */
import { getLogger } from "../packages/logtape.ts";
import type { Broker, PartitionOffsets } from "../broker/broker.ts";
import { type Store, TableNotFoundError, type TableOptions } from "../delta/mod.ts";
import { measureSince } from "./measure_since.ts";
import { type LakeTables, openLakeTables } from "../tables/lake_tables.ts";
import { TABLE_PATHS, type TableName } from "../tables/table_paths.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { RULES } from "../quality/rules.ts";
import { readRuns } from "../quality/run_history.ts";
import { buildReport, type Report, tableFigures } from "../report/build_report.ts";
import { renderHtml } from "../report/render_html.ts";
import { renderJson } from "../report/render_json.ts";
import { renderText } from "../report/render_text.ts";

const log = getLogger(["ratalake", "report"]);
/** So many runs make a trend. */
const RUNS_SHOWN = 20;
const ELSEWHERE = "or set DATA_DIR to where the tables are";

/** One renderer per format. To add a format, add a file in lib/report and an entry here. */
const RENDERERS = {
  text: (report: Report) => renderText(report, { colour: false }),
  /** The text page for a terminal. */
  colour: (report: Report) => renderText(report, { colour: true }),
  /** One object. */
  json: renderJson,
  html: (report: Report) => renderHtml(report, { rules: RULES }),
} as const;

/** What a report is given. */
export interface ReportOptions extends TableOptions {
  readonly storeOf: (path: string) => Store;
  readonly format: keyof typeof RENDERERS;
  /** The topic whose messages may wait before there is a run. */
  readonly topic?: string | undefined;
  /** Opens the log for reading alone, to say what waits now; absent where it must not be asked. */
  readonly openBroker?: (() => Promise<Broker>) | undefined;
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
  const tables = await openReportTables(options);
  const runs = await readRuns(tables.runs, RUNS_SHOWN);
  const run = runs.at(-1);
  if (run === undefined) {
    throw new Error(`Cannot report: found no finished run, expected one; ${await firstSteps(options)}`);
  }
  const verdict = evaluateRun(run, runs.slice(0, -1));
  const figures = await Promise.all(
    Object.entries(tables).map(([name, table]) => tableFigures(name, TABLE_PATHS[name as TableName], table)),
  );
  const since = await measureSince(tables, run, await askOffsets(options, run.topic));
  const history = runs.slice(0, -1).map((past, i) => ({
    run: past,
    verdict: evaluateRun(past, runs.slice(0, i)),
  }));
  const report = buildReport(run, { verdict, tables: figures, since, history, madeAt: new Date(clock()) });
  return { passed: verdict.passed, text: RENDERERS[format](report) };
}

/**
 * Opens the tables for reading alone.
 *
 * @throws {Error} with what to do first, when they are not there
 */
export async function openReportTables(options: ReportOptions): Promise<LakeTables> {
  try {
    return await openLakeTables(options.storeOf, options);
  } catch (cause) {
    if (!(cause instanceof TableNotFoundError)) throw cause;
    throw new Error(`Cannot report yet: ${await firstSteps(options)}`, { cause });
  }
}

async function firstSteps(options: ReportOptions): Promise<string> {
  const offsets = options.topic === undefined ? null : await askOffsets(options, options.topic);
  const areWaiting = offsets?.some(({ earliest, end }) => earliest < end) ?? false;
  return areWaiting
    ? `messages wait: run \`deno task process\`, ${ELSEWHERE}`
    : `run \`deno task fetch\`, then \`deno task process\`, ${ELSEWHERE}`;
}

/** Null when the log is not to be asked, or does not answer: the report is about the tables. */
async function askOffsets(
  { openBroker }: ReportOptions,
  topic: string,
): Promise<readonly PartitionOffsets[] | null> {
  if (openBroker === undefined) return null;
  try {
    await using broker = await openBroker();
    return await broker.topicOffsets(topic);
  } catch (error) {
    log.debug("Cannot ask the broker what waits: {error}", { error });
    return null;
  }
}
