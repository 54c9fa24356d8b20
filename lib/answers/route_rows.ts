/** Arrivals and departures out of rows of the standard table, in the order of trains and their routes, whoever wrote them. Pure. */
import type { Columns, RowPiece } from "../delta/mod.ts";
import { gatherColumns } from "../delta/reading.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import { NO, TrainRows, YES } from "../tables/rows/train_rows.ts";

/** An arrival or a departure; times are microseconds since 1970 UTC, null where there is none that a calendar has. */
export interface RouteRow {
  readonly number: number;
  /** The line of the train, else its type; null where neither was read. */
  readonly kind: string | null;
  /** Its place on the route. */
  readonly place: number;
  readonly station: string;
  readonly departs: boolean;
  /** The timetable lets the train halt. */
  readonly halts: boolean;
  readonly planned: number | null;
  /** Never of a cancelled one. */
  readonly actual: number | null;
  readonly isCancelled: boolean;
  readonly track: string | null;
}

/** What is read of the standard table; tracks, types and lines where somebody shows them. */
export const ROUTE_COLUMNS: readonly string[] = [
  ...["trainNumber", "rowNumber", "stationShortCode", "type", "trainStopping", "cancelled"],
  ...["trainCancelled", "trainDeleted", "scheduledTime", "actualTime"],
];

/** Which rows are looked at. */
export interface RouteFilter {
  readonly number?: number;
  readonly station?: string;
}

/** Beyond all places on a route. */
const MAX_PLACE = 2 ** 32;
/** The last moment that has a date. */
const MAX_MICROS = 8.64e18;

/**
 * The rows of a departure date: `files` are its data files, and another engine may have written a train into several.
 * Deleted trains have none, and a row without a place on its route stands after those with one.
 */
export function routeRows(files: readonly Columns[], filter: RouteFilter = {}): readonly RouteRow[] {
  const rows = files.flatMap((columns) => rowsIn(columns, filter));
  return rows.sort((a, b) => a.number - b.number || a.place - b.place);
}

function rowsIn(columns: Columns, filter: RouteFilter): readonly RouteRow[] {
  const numbers = new ColumnNumbers(columns).of("trainNumber");
  const places = placesOf(columns, numbers, filter);
  // A day has 50,000 rows, and all other columns are read of the few that are meant.
  const rows = new TrainRows(
    places.length === numbers.length ? columns : gatherColumns(piecesOf(columns, places)),
  );
  const rowAt = rowReader(rows), deleted = rows.flag("trainDeleted");
  const found: RouteRow[] = [];
  for (const [row, place] of places.entries()) {
    const route = deleted[row] === YES ? null : rowAt(row, numbers[place] ?? NaN, MAX_PLACE + place);
    if (route !== null) found.push(route);
  }
  return found;
}

/** Null of a row that is neither an arrival nor a departure anywhere; `last` is its place where it says none. */
function rowReader(rows: TrainRows): (row: number, number: number, last: number) => RouteRow | null {
  const line = wordsOf(rows, "commuterLineID"), type = wordsOf(rows, "trainType");
  const side = wordsOf(rows, "type"), stationAt = wordsOf(rows, "stationShortCode");
  const track = wordsOf(rows, "commercialTrack"), order = rows.number("rowNumber");
  const halts = rows.flag("trainStopping"), cancelledAt = cancelledRows(rows);
  const planned = rows.number("scheduledTime"), actual = rows.number("actualTime");
  return (row, number, last) => {
    const what = side(row), station = stationAt(row), place = order[row] ?? NaN;
    if (station === null || (what !== "ARRIVAL" && what !== "DEPARTURE")) return null;
    const isCancelled = cancelledAt(row);
    return {
      number,
      kind: line(row) ?? type(row),
      place: Number.isNaN(place) ? last : place,
      station,
      departs: what === "DEPARTURE",
      halts: halts[row] !== NO,
      planned: timeIn(planned[row]),
      actual: isCancelled ? null : timeIn(actual[row]),
      isCancelled,
      track: track(row),
    };
  };
}

function wordsOf(rows: TrainRows, name: string): (row: number) => string | null {
  const { codes, words } = rows.text(name);
  return (row) => words[codes[row] ?? -1] || null;
}

function timeIn(micros = NaN): number | null {
  return Math.abs(micros) <= MAX_MICROS ? micros : null;
}

function cancelledRows(rows: TrainRows): (row: number) => boolean {
  const here = rows.flag("cancelled"), whole = rows.flag("trainCancelled");
  return (row) => here[row] === YES || whole[row] === YES;
}

/** The rows that are meant. A loop, since a day has so many. */
function placesOf(
  columns: Columns,
  numbers: Float64Array,
  { number, station }: RouteFilter,
): readonly number[] {
  const isHere = station === undefined
    ? null
    : new TrainRows(columns).isText("stationShortCode", (code) => code === station);
  const places: number[] = [];
  for (let row = 0; row < numbers.length; row++) {
    const own = numbers[row] ?? NaN;
    if (number === undefined ? Number.isNaN(own) : own !== number) continue;
    if (isHere === null || isHere[row] === 1) places.push(row);
  }
  return places;
}

/** Rows that follow each other together. */
function piecesOf(columns: Columns, rows: readonly number[]): readonly RowPiece[] {
  const pieces: { columns: Columns; from: number; to: number }[] = [];
  for (const row of rows) {
    const last = pieces.at(-1);
    if (last?.to === row) last.to++;
    else pieces.push({ columns, from: row, to: row + 1 });
  }
  return pieces;
}
