/** The pipeline from the tables to the history of one train. */
import {
  isNamed,
  shownRun,
  type TrainHistory,
  trainHistory,
  type TrainName,
} from "../../answers/train/train_history.ts";
import { RUN_COLUMNS, type TrainRun, trainRunsIn } from "../../answers/train_run.ts";
import { ROUTE_COLUMNS } from "../../answers/route_rows.ts";
import { type Visit, VISIT_COLUMNS, visitsIn } from "../../answers/visits.ts";
import type { Add, DeltaTable } from "../../delta/mod.ts";
import { printable } from "../../printable.ts";
import { mapAtOnce } from "../../standard/map_at_once.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../tables/table_paths.ts";
import {
  answering,
  type AnswerSource,
  boundedFiles,
  dateOf,
  openNeeded,
  readTrainColumns,
} from "./read_analysis.ts";
import { readNames } from "./read_names.ts";

const FILES_AT_ONCE = 8;

/** Which train, and how far back. */
export interface TrainQuestion {
  readonly name: TrainName;
  /** How many runs. */
  readonly last: number;
  /** The newest run is that of this date, YYYY-MM-DD; by default the newest there is. */
  readonly date?: string | undefined;
}

/**
 * Looks through the dates from the newest backwards until it has so many runs, at the numbers of the trains first.
 *
 * @throws {Error} when there is no table yet, or no such train
 */
export async function readTrain(source: AnswerSource, question: TrainQuestion): Promise<TrainHistory> {
  const doing = `show the train "${nameText(question.name)}"`;
  return await answering(source, doing, () => historyOf(source, question, doing));
}

async function historyOf(
  source: AnswerSource,
  question: TrainQuestion,
  doing: string,
): Promise<TrainHistory> {
  const [table, standard, names] = await Promise.all([
    openNeeded(source, ANALYSIS_PATHS.train_runs, doing),
    openNeeded(source, TABLE_PATHS.standard, doing),
    readNames(source, "stations"),
  ]);
  const { runs, others } = await findRuns(table, question);
  if (runs.length === 0) throw new Error(`Cannot ${doing}: ${notFound(table, question, others)}`);
  if (question.date !== undefined && runs[0]?.date !== question.date) {
    throw new Error(
      `Cannot ${doing} on ${question.date}: found no run of that date, expected one; the last one before is of ${
        runs[0]?.date
      }`,
    );
  }
  const shown = question.date === undefined ? shownRun(runs) : 0;
  const visits = await mapAtOnce([...runs.entries()], FILES_AT_ONCE, async ([at, run]) => {
    // Of the others delays are asked for, and one that was cancelled has none.
    if (at !== shown && run.cancelled) return [];
    return await readVisits(standard, run, at === shown ? VISIT_COLUMNS : ROUTE_COLUMNS);
  });
  return trainHistory(runs, visits, { shown, stationNames: names });
}

interface FoundRuns {
  /** Newest first. */
  readonly runs: readonly TrainRun[];
  /** Of the same number and another type. */
  readonly others: readonly TrainRun[];
}

async function findRuns(table: DeltaTable, { name, last, date }: TrainQuestion): Promise<FoundRuns> {
  const files = boundedFiles(table, "trainNumber", [name.number, name.number])
    .filter((add) => date === undefined || (dateOf(add) ?? "") <= date)
    .sort((a, b) => (dateOf(a) ?? "") > (dateOf(b) ?? "") ? -1 : 1);
  const runs: TrainRun[] = [], others: TrainRun[] = [];
  // As many dates as there should be runs: most trains run on most days.
  const step = Math.max(FILES_AT_ONCE, last);
  for (let from = 0; from < files.length && runs.length < last; from += step) {
    const found = await mapAtOnce(
      files.slice(from, from + step),
      FILES_AT_ONCE,
      (add) => runsIn(table, add, name),
    );
    for (const run of found.flat()) (isNamed(run, name) ? runs : others).push(run);
  }
  return { runs: runs.slice(0, last), others };
}

async function runsIn(table: DeltaTable, add: Add, { number }: TrainName): Promise<readonly TrainRun[]> {
  const columns = await readTrainColumns(table, add, { number, columns: RUN_COLUMNS });
  return columns === null ? [] : trainRunsIn(dateOf(add) ?? "", columns, (own) => own === number);
}

async function readVisits(
  standard: DeltaTable,
  { date, number }: TrainRun,
  columns: readonly string[],
): Promise<readonly Visit[]> {
  const files = boundedFiles(standard, "trainNumber", [number, number]).filter((add) => dateOf(add) === date);
  const found = await mapAtOnce(
    files,
    FILES_AT_ONCE,
    (add) => readTrainColumns(standard, add, { number, columns }),
  );
  return visitsIn(date, found.filter((some) => some !== null), { number });
}

function nameText({ type, number }: TrainName): string {
  return type === null ? String(number) : `${type} ${number}`;
}

function notFound(
  { snapshot }: DeltaTable,
  { date, name }: TrainQuestion,
  others: readonly TrainRun[],
): string {
  const [other] = others;
  if (other !== undefined) {
    const known = other.type === null ? String(other.number) : `${other.type} ${other.number}`;
    return `found ${printable(known)} under that number, did you mean "${printable(known)}"?`;
  }
  const dates = [...snapshot.files.values()].map(dateOf).filter((known) => known !== null).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined) {
    return "found no trains at all, expected some; the next `deno task process` adds those that wait";
  }
  const span = `of the departure dates ${first} to ${last}`;
  if (date !== undefined && date < first) return `found trains ${span} alone, expected --date among them`;
  return `found no train ${name.number} among those ${span}, expected one that runs then`;
}
