/** The pipeline from the tables to the day of one station. */
import { findStation } from "../../answers/names/find_station.ts";
import { NAMED_COLUMNS, type NamedTracks, namedTracks } from "../../answers/station/named_tracks.ts";
import { dayBounds, type StationBoard, stationBoard } from "../../answers/station/station_board.ts";
import { RUN_COLUMNS, type TrainRun, trainRunsIn } from "../../answers/train_run.ts";
import { type Visit, VISIT_COLUMNS, visitsIn } from "../../answers/visits.ts";
import type { Add, DeltaTable } from "../../delta/mod.ts";
import { UsageError } from "../../errors.ts";
import { mapAtOnce } from "../../standard/map_at_once.ts";
import { TrainRows } from "../../tables/rows/train_rows.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../tables/table_paths.ts";
import {
  answering,
  type AnswerSource,
  boundedFiles,
  dateOf,
  openNeeded,
  readFileColumns,
} from "./read_analysis.ts";
import { readNames } from "./read_names.ts";

const FILES_AT_ONCE = 8;
/** From so many of the newest dates the codes of stations are known where their names are not. */
const DATES_WITH_CODES = 14;

/** Which station, and when. */
export interface StationQuestion {
  /** As somebody has written it: a name or a code. */
  readonly text: string;
  /** YYYY-MM-DD; by default the newest departure date with trains there. */
  readonly date?: string | undefined;
}

/**
 * Reads of the standard table what may lie on that day in Finland, and of the table of train runs where its trains come
 * from and go to.
 *
 * @throws {UsageError} when there is no such station
 * @throws {Error} when there is no table yet, or nothing of that day
 */
export async function readStation(source: AnswerSource, question: StationQuestion): Promise<StationBoard> {
  const doing = `show the station ${JSON.stringify(question.text)}`;
  return await answering(source, doing, () => boardOf(source, question, doing));
}

async function boardOf(
  source: AnswerSource,
  { text, date }: StationQuestion,
  doing: string,
): Promise<StationBoard> {
  const [days, standard, runs, stationNames] = await Promise.all([
    openNeeded(source, ANALYSIS_PATHS.station_days, doing),
    openNeeded(source, TABLE_PATHS.standard, doing),
    openNeeded(source, ANALYSIS_PATHS.train_runs, doing),
    readNames(source, "stations"),
  ]);
  const newest = [...days.snapshot.files.values()].sort((a, b) =>
    (dateOf(a) ?? "") > (dateOf(b) ?? "") ? -1 : 1
  );
  const station = await stationOf({ text, days, newest, stationNames, doing });
  const day = date ?? await newestDate(days, newest, station);
  if (day === null) throw new Error(`Cannot ${doing}: found no train that halts there, expected one`);
  const visits = await readVisits(standard, day, station);
  const board = stationBoard({ station, date: day, stationNames }, visits, await readRuns(runs, visits));
  if (board.visits.length > 0) return board;
  const span = newest.length === 0
    ? ""
    : `; the tables have ${dateOf(newest.at(-1) as Add)} to ${dateOf(newest[0] as Add)}`;
  throw new Error(`Cannot ${doing} on ${day}: found no train that halts there then, expected one${span}`);
}

interface Asked {
  readonly text: string;
  readonly days: DeltaTable;
  readonly newest: readonly Add[];
  readonly stationNames: ReadonlyMap<string, string> | null;
  readonly doing: string;
}

async function stationOf({ text, days, newest, stationNames, doing }: Asked): Promise<string> {
  const named = findStation(text, stationNames ?? new Map());
  if (named.code !== null) return named.code;
  // The metadata may be missing, or older than a station.
  const codes = new Map<string, string>();
  await mapAtOnce(newest.slice(0, DATES_WITH_CODES), FILES_AT_ONCE, async (add) => {
    for (const code of await codesIn(days, add)) codes.set(code, code);
  });
  const found = findStation(text, codes);
  if (found.code !== null) return found.code;
  const closest = named.closest ?? found.closest;
  const way = stationNames === null
    ? "its code; `deno task fetch --metadata` brings the names"
    : "a name or a code";
  const meant = closest === undefined ? `expected ${way}` : `did you mean ${closest}?`;
  throw new UsageError([`Cannot ${doing}: found no such station, ${meant}`]);
}

async function codesIn(days: DeltaTable, add: Add): Promise<readonly string[]> {
  return new TrainRows(await readFileColumns(days, add, ["stationShortCode"])).text("stationShortCode").words;
}

async function newestDate(days: DeltaTable, newest: readonly Add[], station: string): Promise<string | null> {
  for (const add of newest) {
    if ((await codesIn(days, add)).includes(station)) return dateOf(add);
  }
  return null;
}

/** Of all trains that may be there then: one that left the day before, or earlier, may be still on its way. */
async function readVisits(standard: DeltaTable, day: string, station: string): Promise<readonly Visit[]> {
  const [from, to] = dayBounds(day);
  const files = boundedFiles(standard, "scheduledTime", [from, to]);
  const dates = Map.groupBy(files, (add) => dateOf(add) ?? "");
  const found = await mapAtOnce([...dates], FILES_AT_ONCE, async ([date, adds]) => {
    const columns = await mapAtOnce(
      adds,
      FILES_AT_ONCE,
      (add) => readFileColumns(standard, add, VISIT_COLUMNS),
    );
    return visitsIn(date, columns, { station });
  });
  return found.flat();
}

async function readRuns(
  table: DeltaTable,
  visits: readonly Visit[],
): Promise<{ readonly runs: readonly TrainRun[]; readonly tracks: NamedTracks }> {
  const numbers = Map.groupBy(visits, ({ date }) => date);
  const files = [...table.snapshot.files.values()].filter((add) => numbers.has(dateOf(add) ?? ""));
  const found = await mapAtOnce(files, FILES_AT_ONCE, async (add) => {
    const date = dateOf(add) ?? "", mine = new Set(numbers.get(date)?.map(({ number }) => number));
    const columns = await readFileColumns(table, add, [...new Set([...RUN_COLUMNS, ...NAMED_COLUMNS])]);
    const isMeant = (number: number) => mine.has(number);
    return { runs: trainRunsIn(date, columns, isMeant), tracks: namedTracks(date, columns, isMeant) };
  });
  return {
    runs: found.flatMap(({ runs }) => runs),
    tracks: new Map(found.flatMap(({ tracks }) => [...tracks])),
  };
}
