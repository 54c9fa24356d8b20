/** The pipeline from the tables to the reader: open, read the newest run, evaluate it, render it. Writes nothing. */
import { type DeltaTable, openTable, type Store, type TableOptions } from "../delta/mod.ts";
import { TABLE_PATHS } from "../tables/lake.ts";
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
  const tables = await openExisting(options);
  const run = await readNewestRun(tables.runs);
  if (run === null) {
    throw new Error("Cannot report: found no finished run, expected one of `deno task process`");
  }
  const verdict = evaluateRun(run);
  const figures = await Promise.all(
    Object.entries(tables).map(([name, table]) => tableFigures(name, pathOf(name), table)),
  );
  const report = buildReport(run, { verdict, tables: figures, madeAt: new Date(clock()) });
  const text = format === "json" ? renderJson(report) : renderText(report, { colour: format === "colour" });
  return { passed: verdict.passed, text };
}

async function openExisting(options: ReportOptions): Promise<Record<keyof typeof TABLE_PATHS, DeltaTable>> {
  const open = async (path: string) => {
    const store = options.storeOf(path);
    try {
      return await openTable(store, options);
    } catch (cause) {
      // What the system says of a folder that is a file, or of a disk that fails, does not name the table.
      const isPlain = cause instanceof Error && !cause.message.includes(store.label);
      throw isPlain ? new Error(`Cannot open the table "${store.label}"`, { cause }) : cause;
    }
  };
  const [landing, quarantine, standard, batches, runs] = await Promise.all([
    open(TABLE_PATHS.landing),
    open(TABLE_PATHS.quarantine),
    open(TABLE_PATHS.standard),
    open(TABLE_PATHS.batches),
    open(TABLE_PATHS.runs),
  ]);
  return { landing, quarantine, standard, batches, runs };
}

function pathOf(name: string): string {
  const paths: Readonly<Record<string, string>> = TABLE_PATHS;
  return paths[name] ?? name;
}
