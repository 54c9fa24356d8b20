/** How trains come to stations and leave them again: the rows of the standard table, in pairs. Pure. */
import type { Columns } from "../delta/mod.ts";
import { rowName } from "../tables/rows/row_name.ts";
import { ROUTE_COLUMNS, type RouteFilter, type RouteRow, routeRows } from "./route_rows.ts";

/** An arrival or a departure. */
export interface Call {
  /** Times as ISO-8601 in UTC; null where there is none. */
  readonly scheduled: string | null;
  readonly actual: string | null;
  /** Whole seconds after the scheduled time, a fraction cut off, as in the analysis tables; below 0 early. */
  readonly delaySeconds: number | null;
  /** The train does not run here: neither has it an actual time. */
  readonly cancelled: boolean;
  /** The so-many-eth arrival, or departure, of the train at this station. */
  readonly visit: number;
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
export const VISIT_COLUMNS: readonly string[] = [...ROUTE_COLUMNS, "commercialTrack"];

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MS = 1000;

/**
 * The visits of a departure date in the order of trains and their routes, whatever the order of the rows: `files` are the
 * data files of that date, and another engine may have written a train into several. Deleted trains have none.
 */
export function visitsIn(date: string, files: readonly Columns[], filter: RouteFilter): readonly Visit[] {
  const rows = routeRows(files, filter);
  const visits: Visit[] = [], callOf = callReader();
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at], next = rows[at + 1];
    if (row === undefined) continue;
    const isPair = next !== undefined && !row.departs && next.departs && next.number === row.number &&
      next.station === row.station && next.place === row.place + 1;
    if (isPair) at++;
    const departure = isPair ? next : row;
    const calls = {
      arrival: row.departs ? null : callOf(row),
      departure: departure.departs ? callOf(departure) : null,
    };
    if (!row.halts && !departure.halts) continue;
    visits.push({
      ...{ date, number: row.number, station: row.station, ...calls },
      track: row.track ?? departure.track,
    });
  }
  return visits;
}

/** Reads one row after another, also those where the train does not halt: it may do so the next time. */
function callReader(): (row: RouteRow) => Call {
  const visits = new Map<string, number>();
  return (row) => {
    const name = `${row.number} ${rowName(row.station, row.departs, 1)}`, visit = (visits.get(name) ?? 0) + 1;
    visits.set(name, visit);
    return callOf(row, visit);
  };
}

function callOf({ planned, actual, isCancelled }: RouteRow, visit: number): Call {
  return {
    scheduled: timeOf(planned),
    actual: timeOf(actual),
    // Without -0.
    delaySeconds: planned === null || actual === null
      ? null
      : Math.trunc((actual - planned) / MICROS_PER_SECOND) + 0,
    ...{ cancelled: isCancelled, visit },
  };
}

function timeOf(micros: number | null): string | null {
  return micros === null ? null : new Date(micros / MICROS_PER_MS).toISOString();
}
