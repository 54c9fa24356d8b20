/** The rows of a stringline, out of the trains of a departure date. Pure. */
import type { LinePoint, LineTrain, Stringline } from "../../charts/stringline_rows.ts";
import { helsinkiMs } from "../../tables/rows/helsinki_day.ts";
import { type LineEnds, lineStations, runningSeconds } from "./choose_line.ts";
import type { RoutedTrain, RoutedVisit } from "./line_trains.ts";

/** What is asked for. */
export interface LineQuestion {
  readonly ends: LineEnds;
  /** The departure date, YYYY-MM-DD. */
  readonly date: string;
  /** Hours of a clock in Finland, from 0 on; all when there are trains when absent. */
  readonly hours?: Hours | undefined;
  readonly nameOf: (station: string) => string;
}

/** From one hour of the day to another. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

const HOUR = 3_600_000;
/** Where a train passes no more stations that are not on the line, it has taken another track beside it. */
const MOST_BESIDE = 2;

/** All trains that run a part of the line, each with its parts. */
export function lineRows(
  trains: readonly RoutedTrain[],
  { ends, date, hours, nameOf }: LineQuestion,
): Stringline {
  const codes = lineStations(trains, ends), seconds = runningSeconds(trains, codes);
  const places = new Map(codes.map((code, at) => [code, at]));
  const halts = codes.map(() => 0), found: LineTrain[] = [];
  for (const { name, visits } of trains) {
    const parts = partsOf(visits, places);
    if (parts.length === 0) continue;
    found.push({ name, parts });
    for (const { station, halts: isHalt } of visits) {
      const at = places.get(station);
      if (at !== undefined && isHalt) halts[at] = (halts[at] ?? 0) + 1;
    }
  }
  return {
    from: nameOf(ends.from),
    to: nameOf(ends.to),
    date,
    stations: codes.map((code, at) => ({
      name: nameOf(code),
      seconds: seconds[at] ?? 0,
      halts: halts[at] ?? 0,
    })),
    trains: found,
    ...(hours === undefined ? timesOf(found, date) : {
      fromMs: momentOf(date, hours.from),
      toMs: momentOf(date, hours.to),
    }),
  };
}

/** Parts of a way that are on the line; a single station is no part. */
function partsOf(
  visits: readonly RoutedVisit[],
  places: ReadonlyMap<string, number>,
): readonly (readonly LinePoint[])[] {
  const parts: LinePoint[][] = [];
  let part: LinePoint[] = [], beside = new Set<string>();
  for (const { station: code, plannedMs, actualMs, isCancelled } of visits) {
    const station = places.get(code);
    if (station === undefined) {
      beside.add(code);
      continue;
    }
    if (beside.size > MOST_BESIDE || part.length === 0) parts.push(part = []);
    beside = new Set();
    part.push({ station, plannedMs, actualMs, isCancelled });
  }
  return parts.filter((points) => points.some(({ station }) => station !== points[0]?.station));
}

/** Whole hours around all planned times. */
function timesOf(trains: readonly LineTrain[], date: string): Pick<Stringline, "fromMs" | "toMs"> {
  let fromMs = Infinity, toMs = -Infinity;
  for (const { parts } of trains) {
    for (const points of parts) {
      for (const { plannedMs } of points) {
        fromMs = Math.min(fromMs, plannedMs);
        toMs = Math.max(toMs, plannedMs);
      }
    }
  }
  if (fromMs > toMs) return { fromMs: momentOf(date, 0), toMs: momentOf(date, 24) };
  return { fromMs: Math.floor(fromMs / HOUR) * HOUR, toMs: Math.ceil(toMs / HOUR) * HOUR };
}

/** When a clock in Finland shows this hour; of 25 and more, one of the next day. */
function momentOf(date: string, hour: number): number {
  const shown = Date.parse(`${date}T00:00:00Z`) + hour * HOUR;
  // Two hours before: then the offset of the moment itself holds, also on the days when clocks change.
  const before = shown - 2 * HOUR;
  return shown - (helsinkiMs(before) - before);
}
