/**
 * The pipeline from the tables to the live page: follows the log of each table and reads only data files that are new, so
 * that looking again costs what has changed.
 */
import { runningAt } from "../../answers/live/live_figures.ts";
import { LIVE_COLUMNS, type LiveTrain, liveTrains } from "../../answers/live/live_trains.ts";
import { LINE_COLUMNS, type RoutedTrain, routedTrains } from "../../answers/pictures/line_trains.ts";
import type { Add, DeltaTable } from "../../delta/mod.ts";
import { columnBounds } from "../../delta/reading.ts";
import { helsinkiDay } from "../../tables/rows/helsinki_day.ts";
import { TABLE_PATHS } from "../../tables/table_paths.ts";
import { type AnswerSource, dateOf, readFileColumns } from "../answers/read_analysis.ts";
import { FollowedTable } from "./followed_table.ts";

/** Trains of a data file, as the page needs them. */
interface FileTrains {
  readonly date: string;
  readonly live: readonly LiveTrain[];
  readonly routed: readonly RoutedTrain[];
}

/** What the standard table says of the trains of these days. */
export interface LiveStandard {
  readonly version: number;
  /** Milliseconds since 1970 UTC; null without any. */
  readonly newestMessageMs: number | null;
  /** On the way at the moment. */
  readonly trains: readonly LiveTrain[];
  /** The departure dates that were read, in order. */
  readonly dates: readonly string[];
  /** All trains of a date with their routes. */
  readonly routed: (date: string) => readonly RoutedTrain[];
}

const COLUMNS = [...new Set([...LIVE_COLUMNS, ...LINE_COLUMNS])];
const DAY_MS = 86_400_000, MS_PER_MICRO = 1_000;
/** Of the statistics of a data file. */
const NEWEST = "kafkaMessageTimestamp";

/** The standard table, of which the trains of yesterday, today and tomorrow are kept in memory. */
export class FollowedStandard {
  readonly #table: FollowedTable;
  #files = new Map<string, FileTrains>();

  constructor(source: AnswerSource) {
    this.#table = new FollowedTable(source, TABLE_PATHS.standard);
  }

  async look(nowMs: number): Promise<LiveStandard | null> {
    const table = await this.#table.look();
    if (table === null) return null;
    const files = await this.#read(table, nowMs);
    const trains = files.flatMap(({ live }) => live);
    return {
      version: table.snapshot.version,
      newestMessageMs: newestMessage(table),
      trains: runningAt(trains, nowMs),
      dates: [...new Set(files.map(({ date }) => date))].sort(),
      routed: (date) => files.filter((file) => file.date === date).flatMap(({ routed }) => routed),
    };
  }

  async #read(table: DeltaTable, nowMs: number): Promise<readonly FileTrains[]> {
    const known = this.#files, kept = new Map<string, FileTrains>();
    const shown = datesAround(nowMs);
    for (const add of table.snapshot.files.values()) {
      const date = dateOf(add);
      if (date === null || !shown.has(date)) continue;
      kept.set(fileKey(add), known.get(fileKey(add)) ?? await readTrains(table, add, date));
    }
    this.#files = kept;
    return [...kept.values()];
  }
}

async function readTrains(table: DeltaTable, add: Add, date: string): Promise<FileTrains> {
  const columns = await readFileColumns(table, add, COLUMNS);
  return { date, live: liveTrains(date, columns), routed: routedTrains([columns]) };
}

/** A deletion vector makes other rows of the same file. */
function fileKey({ path, deletionVector }: Add): string {
  return deletionVector === undefined ? path : `${path} ${JSON.stringify(deletionVector)}`;
}

function datesAround(nowMs: number): ReadonlySet<string> {
  const today = helsinkiDay(nowMs * MS_PER_MICRO);
  return new Set([-1, 0, 1].map((days) => new Date((today + days) * DAY_MS).toISOString().slice(0, 10)));
}

function newestMessage({ snapshot }: DeltaTable): number | null {
  const boundsOf = columnBounds([NEWEST], snapshot);
  let newest: number | null = null;
  for (const add of snapshot.files.values()) {
    const { upper } = boundsOf(add);
    if (typeof upper !== "bigint") continue;
    newest = Math.max(newest ?? -Infinity, Number(upper) / MS_PER_MICRO);
  }
  return newest;
}
