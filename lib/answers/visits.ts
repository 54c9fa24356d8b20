/** How trains come to stations and leave them again: the rows of the standard table, in pairs. Pure. */
import type { Columns, RowPiece } from "../delta/mod.ts";
import { gatherColumns } from "../delta/reading.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import { NO, TrainRows, YES } from "../tables/rows/train_rows.ts";
import { numberAt, textAt } from "./train_run.ts";

/** An arrival or a departure. */
export interface Call {
  /** Times as ISO-8601 in UTC; null where there is none. */
  readonly scheduled: string | null;
  readonly actual: string | null;
  /** Whole seconds after the scheduled time, a fraction cut off, as in the analysis tables; below 0 early. */
  readonly delaySeconds: number | null;
  /** The train does not run here: neither has it an actual time. */
  readonly cancelled: boolean;
}

/** A train at a station where the timetable lets it halt; at its ends without the one or the other. */
export interface Visit {
  /** Of the train's departure, YYYY-MM-DD. */
  readonly date: string;
  readonly number: number;
  readonly station: string;
  readonly arrival: Call | null;
  readonly departure: Call | null;
  readonly track: string | null;
}

/** The columns of the standard table that they are made of. */
export const VISIT_COLUMNS: readonly string[] = [
  ...["trainNumber", "rowNumber", "stationShortCode", "type", "trainStopping", "cancelled"],
  ...["trainCancelled", "trainDeleted", "scheduledTime", "actualTime", "commercialTrack"],
];

/** Without what only a page of one run shows. */
export const DELAY_COLUMNS: readonly string[] = VISIT_COLUMNS.filter((name) => name !== "commercialTrack");

/** Which rows are looked at. */
export interface VisitFilter {
  readonly number?: number;
  readonly station?: string;
}

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MS = 1000;
/** The last moment that has a date. */
const MAX_MS = 8.64e15;

/**
 * The visits of a departure date in the order of trains and their routes, whatever the order of the rows: `files` are the
 * data files of that date, and another engine may have written a train into several. Deleted trains have none.
 */
export function visitsIn(date: string, files: readonly Columns[], filter: VisitFilter): readonly Visit[] {
  const rows = files.flatMap((columns) => rowsIn(columns, filter));
  rows.sort((a, b) => a.number - b.number || a.place - b.place);
  const visits: Visit[] = [];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at], next = rows[at + 1];
    if (row === undefined) continue;
    const isPair = next !== undefined && row.arrives && !next.arrives && next.number === row.number &&
      next.station === row.station && next.place === row.place + 1;
    if (isPair) at++;
    const departure = isPair ? next : row;
    if (!row.halts && !departure.halts) continue;
    visits.push({
      ...{ date, number: row.number, station: row.station },
      arrival: row.arrives ? row.call : null,
      departure: departure.arrives ? null : departure.call,
      track: row.track ?? departure.track,
    });
  }
  return visits;
}

interface StopRow {
  readonly number: number;
  readonly place: number;
  readonly station: string;
  readonly arrives: boolean;
  readonly halts: boolean;
  readonly call: Call;
  readonly track: string | null;
}

function rowsIn(columns: Columns, filter: VisitFilter): readonly StopRow[] {
  const numbers = new ColumnNumbers(columns).of("trainNumber");
  const places = placesOf(columns, numbers, filter);
  // A day has 50,000 rows, and all other columns are read of the few that are meant.
  const rows = new TrainRows(gatherColumns(piecesOf(columns, places)));
  const text = textAt(rows), placeOf = numberAt(rows), deleted = rows.flag("trainDeleted");
  return places.flatMap((place, row) => {
    const type = text("type", row), code = text("stationShortCode", row);
    if (deleted[row] === YES || code === null || (type !== "ARRIVAL" && type !== "DEPARTURE")) return [];
    return [{
      ...{ number: numbers[place] ?? NaN, place: placeOf("rowNumber", row) ?? place, station: code },
      arrives: type === "ARRIVAL",
      halts: rows.flag("trainStopping")[row] !== NO,
      call: callAt(rows, row),
      track: text("commercialTrack", row),
    }];
  });
}

/** The rows that are meant. A loop, since a day has so many. */
function placesOf(
  columns: Columns,
  numbers: Float64Array,
  { number, station }: VisitFilter,
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

function callAt(rows: TrainRows, row: number): Call {
  const cancelled = rows.flag("cancelled")[row] === YES || rows.flag("trainCancelled")[row] === YES;
  const scheduled = rows.number("scheduledTime")[row] ?? NaN;
  const actual = cancelled ? NaN : rows.number("actualTime")[row] ?? NaN;
  const delay = Math.trunc((actual - scheduled) / MICROS_PER_SECOND);
  return {
    scheduled: timeOf(scheduled),
    actual: timeOf(actual),
    delaySeconds: Number.isNaN(delay) ? null : delay + 0,
    cancelled,
  };
}

function timeOf(micros: number): string | null {
  const ms = micros / MICROS_PER_MS;
  return Math.abs(ms) <= MAX_MS ? new Date(ms).toISOString() : null;
}
