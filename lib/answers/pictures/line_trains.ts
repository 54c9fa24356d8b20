/** The trains of a departure date with all their arrivals and departures, out of rows of the standard table. Pure. */
import type { Columns } from "../../delta/mod.ts";
import { ROUTE_COLUMNS, routeRows } from "../route_rows.ts";

/** A train and where it comes through, in the order of its route. */
export interface RoutedTrain {
  /** "IC 27"; of lines around Helsinki "K 9725". */
  readonly name: string;
  readonly visits: readonly RoutedVisit[];
}

/** An arrival or a departure; milliseconds since 1970 UTC. */
export interface RoutedVisit {
  readonly station: string;
  readonly departs: boolean;
  readonly halts: boolean;
  readonly plannedMs: number;
  readonly actualMs: number | null;
  readonly isCancelled: boolean;
}

/** What is read of the standard table. */
export const LINE_COLUMNS: readonly string[] = [...ROUTE_COLUMNS, "trainType", "commuterLineID"];

const MICROS_PER_MS = 1000;

/** The trains of the rows of some files, in whatever order, by their numbers; rows without a planned time are left out. */
export function routedTrains(files: readonly Columns[]): readonly RoutedTrain[] {
  const trains = new Map<number, { readonly name: string; readonly visits: RoutedVisit[] }>();
  for (const { number, kind, station, departs, halts, planned, actual, isCancelled } of routeRows(files)) {
    if (planned === null) continue;
    let train = trains.get(number);
    if (train === undefined) {
      trains.set(number, train = { name: `${kind ?? ""} ${number}`.trim(), visits: [] });
    }
    const actualMs = actual === null ? null : actual / MICROS_PER_MS;
    train.visits.push({ station, departs, halts, plannedMs: planned / MICROS_PER_MS, actualMs, isCancelled });
  }
  return [...trains.values()];
}
