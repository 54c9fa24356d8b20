/** How trains come to stations and leave them again: the rows of the standard table, in pairs. Pure. */
import type { Columns } from "../delta/mod.ts";
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
  const visits: Visit[] = [];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at], next = rows[at + 1];
    if (row === undefined) continue;
    const isPair = next !== undefined && !row.departs && next.departs && next.number === row.number &&
      next.station === row.station && next.place === row.place + 1;
    if (isPair) at++;
    const departure = isPair ? next : row;
    if (!row.halts && !departure.halts) continue;
    visits.push({
      ...{ date, number: row.number, station: row.station },
      arrival: row.departs ? null : callOf(row),
      departure: departure.departs ? callOf(departure) : null,
      track: row.track ?? departure.track,
    });
  }
  return visits;
}

function callOf({ planned, actual, isCancelled }: RouteRow): Call {
  return {
    scheduled: timeOf(planned),
    actual: timeOf(actual),
    // Without -0.
    delaySeconds: planned === null || actual === null
      ? null
      : Math.trunc((actual - planned) / MICROS_PER_SECOND) + 0,
    cancelled: isCancelled,
  };
}

function timeOf(micros: number | null): string | null {
  return micros === null ? null : new Date(micros / MICROS_PER_MS).toISOString();
}
