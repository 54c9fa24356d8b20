/** The pipeline from the standard table and landed messages to the analysis tables, without a broker. */
import { FileFacts } from "../../analysis/file_facts.ts";
import { updateAnalysis, type UpdateOptions } from "../../analysis/update_analysis.ts";
import {
  type DeltaTable,
  openTable,
  type Store,
  TableNotFoundError,
  type TableOptions,
} from "../../delta/mod.ts";
import { counted } from "../../printable.ts";
import { type AnalysisTables, openAnalysis, topicTables } from "../../tables/lake.ts";
import { findLakeTables } from "../../tables/lake_tables.ts";
import { topicsOf } from "../../tables/log_marks.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../tables/table_paths.ts";
import { AnalysisWork } from "./analysis_work.ts";
import { seeLanded } from "./see_landed.ts";
import { marksUpTo, unseenRanges, wholeLog } from "./seen_marks.ts";

/** What it works on, and how. */
export interface AnalyseOptions
  extends Omit<UpdateOptions, "facts" | "sightings" | "tracks" | "marks" | "dates"> {
  readonly storeOf: (path: string) => Store;
  readonly context: TableOptions;
  /** Called before messages of a topic are looked through, with their number at most. */
  readonly onMessages?: (messages: number) => void;
}

/** What it did, and what the tables hold then. */
export interface AnalysisOutcome {
  /** Departure dates that were worked out; fewer than were outdated when it was stopped. */
  readonly dates: number;
  /** Whether nothing is outdated now. */
  readonly isComplete: boolean;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Creates the tables where they are missing.
 *
 * @throws {Error} when there is no standard table yet
 */
export async function analyseLake(
  { storeOf, context, ...options }: AnalyseOptions,
): Promise<AnalysisOutcome> {
  const standard = await openStandard(storeOf(TABLE_PATHS.standard), context);
  const analysis = await openAnalysis(storeOf, context);
  let isComplete = true, dates = 0;
  const onDates = (total: number, done: number) => {
    [isComplete, dates] = [done === total, done];
    options.onDates?.(total, done);
  };
  const seen = await seeMessages(standard, analysis, { storeOf, context, ...options });
  await updateAnalysis({ standard, analysis }, { ...options, ...seen, facts: new FileFacts(), onDates });
  const rows: Record<string, number> = {};
  for (const [name, table] of Object.entries(analysis)) {
    rows[name] = 0;
    for (const add of table.snapshot.files.values()) rows[name] += await table.countRows(add);
  }
  return { dates, isComplete, rows };
}

/** What the messages of each topic tell of when trains were first seen, as far as they are there. */
async function seeMessages(
  standard: DeltaTable,
  analysis: AnalysisTables,
  { storeOf, context, isRebuild = false, signal, releaseMemory, onMessages }: AnalyseOptions,
): Promise<Pick<UpdateOptions, "sightings" | "tracks" | "marks">> {
  const work = new AnalysisWork();
  const marks: NonNullable<UpdateOptions["marks"]>[] = [];
  const { tables: { landing, quarantine } } = await findLakeTables(storeOf, context);
  if (landing === undefined || quarantine === undefined) return {};
  for (const topic of topicsOf(standard.snapshot, "standard")) {
    const lake = topicTables({ landing, quarantine, standard }, topic);
    const unseen = isRebuild ? wholeLog(lake) : unseenRanges(lake, analysis.train_runs, work);
    if (unseen.length > 0) onMessages?.(unseen.reduce((sum, { from, to }) => sum + Number(to - from), 0));
    if (!await seeLanded(unseen, work, { lake, signal, releaseMemory })) break;
    marks.push(marksUpTo(lake, analysis.train_runs));
  }
  return {
    sightings: work.sightings,
    tracks: work.tracks,
    marks: (snapshot) => marks.flatMap((marksOf) => marksOf(snapshot)),
  };
}

async function openStandard(store: Store, context: TableOptions): Promise<DeltaTable> {
  try {
    return await openTable(store, context);
  } catch (cause) {
    if (!(cause instanceof TableNotFoundError)) throw cause;
    const message =
      `Cannot analyse "${store.label}": found no table, expected the one that \`deno task process\` fills`;
    throw new Error(message, { cause });
  }
}

/** One line for people. */
export function describeAnalysis({ dates, isComplete, rows }: AnalysisOutcome): string {
  const names = Object.keys(ANALYSIS_PATHS).map((name) => `${counted(rows[name] ?? 0, "row")} in ${name}`);
  const work = dates === 0 ? "nothing was outdated" : `${counted(dates, "departure date")} worked out`;
  return `${isComplete ? "" : "stopped: "}${work}; ${names.join(", ")}`;
}
