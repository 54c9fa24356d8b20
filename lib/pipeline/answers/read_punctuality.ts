/** The pipeline from the table of train runs to punctuality. */
import {
  type Punctuality,
  punctualityColumns,
  PunctualityCounter,
  type PunctualityQuestion,
} from "../../answers/punctuality/punctuality.ts";
import type { Add } from "../../delta/mod.ts";
import { mapAtOnce } from "../../standard/map_at_once.ts";
import { ANALYSIS_PATHS } from "../../tables/table_paths.ts";
import { answering, type AnswerSource, dateOf, openNeeded, readFileColumns } from "./read_analysis.ts";
import { readNames } from "./read_names.ts";

const DOING = "work out the punctuality";
/** While one file is decoded, others come from the disk. */
const FILES_AT_ONCE = 8;

/**
 * Reads the dates that are asked for, and of them the columns that the question needs.
 *
 * @throws {Error} when there is no table yet
 */
export async function readPunctuality(
  source: AnswerSource,
  question: PunctualityQuestion,
): Promise<Punctuality> {
  return await answering(source, DOING, () => countTrains(source, question));
}

async function countTrains(source: AnswerSource, question: PunctualityQuestion): Promise<Punctuality> {
  const table = await openNeeded(source, ANALYSIS_PATHS.train_runs, DOING);
  const files = [...table.snapshot.files.values()];
  const columns = punctualityColumns(question), counter = new PunctualityCounter(question);
  await mapAtOnce(files.filter((add) => isAsked(add, question)), FILES_AT_ONCE, async (add) => {
    counter.add(dateOf(add), await readFileColumns(table, add, columns));
  });
  const dates = files.map(dateOf).filter((date) => date !== null).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  return counter.result({
    names: await namesFor(source, question),
    knownDates: first === undefined || last === undefined ? null : { first, last },
  });
}

/** Dates as YYYY-MM-DD are in order as texts. */
function isAsked(add: Add, { from, to }: PunctualityQuestion): boolean {
  const date = dateOf(add);
  if (date === null) return from === undefined && to === undefined;
  return (from === undefined || date >= from) && (to === undefined || date <= to);
}

async function namesFor(source: AnswerSource, { by }: PunctualityQuestion) {
  if (by === "station") return await readNames(source, "stations");
  return by === "operator" ? await readNames(source, "operators") : null;
}
