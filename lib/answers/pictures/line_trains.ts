/** The trains of a departure date with all their arrivals and departures, out of rows of the standard table. Pure. */
import type { Columns } from "../../delta/mod.ts";
import { NO, TrainRows, YES } from "../../tables/rows/train_rows.ts";

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
export const LINE_COLUMNS: readonly string[] = [
  ...["trainNumber", "rowNumber", "trainType", "commuterLineID", "stationShortCode", "type", "trainStopping"],
  ...["cancelled", "trainCancelled", "trainDeleted", "scheduledTime", "actualTime"],
];

const MICROS_PER_MS = 1000;

/** A visit and its place on the route. */
interface Placed {
  readonly place: number;
  readonly visit: RoutedVisit;
}

/**
 * The trains of the rows of some files, in whatever order, by their numbers. Trains that were deleted are left out, and
 * so are rows without a station or a planned time.
 */
export function routedTrains(files: readonly Columns[]): readonly RoutedTrain[] {
  const trains = new Map<number, { readonly name: string; readonly placed: Placed[] }>();
  for (const columns of files) {
    const rows = new TrainRows(columns);
    const numbers = rows.number("trainNumber"), places = rows.number("rowNumber");
    const deleted = rows.flag("trainDeleted"), visitAt = visitsOf(rows), nameAt = namesOf(rows);
    for (let row = 0; row < rows.rows; row++) {
      const number = numbers[row] ?? NaN, visit = visitAt(row);
      if (Number.isNaN(number) || deleted[row] === YES || visit === null) continue;
      let train = trains.get(number);
      if (train === undefined) trains.set(number, train = { name: nameAt(row), placed: [] });
      train.placed.push({ place: places[row] ?? NaN, visit });
    }
  }
  return [...trains].sort(([a], [b]) => a - b).map(([, { name, placed }]) => ({
    name,
    // Where a writer left the place out its rows stay as they come.
    visits: placed.sort((a, b) => a.place - b.place || 0).map(({ visit }) => visit),
  }));
}

function namesOf(rows: TrainRows): (row: number) => string {
  const numbers = rows.number("trainNumber");
  const types = rows.text("trainType"), lines = rows.text("commuterLineID");
  return (row) => {
    const kind = lines.words[lines.codes[row] ?? -1] || types.words[types.codes[row] ?? -1] || "";
    return `${kind} ${numbers[row]}`.trim();
  };
}

function visitsOf(rows: TrainRows): (row: number) => RoutedVisit | null {
  const { codes, words } = rows.text("stationShortCode");
  const departs = rows.isText("type", (type) => type === "DEPARTURE"), halts = rows.flag("trainStopping");
  const cancelled = rows.flag("cancelled"), whole = rows.flag("trainCancelled");
  const planned = rows.number("scheduledTime"), actual = rows.number("actualTime");
  return (row) => {
    const station = words[codes[row] ?? -1], plannedMs = (planned[row] ?? NaN) / MICROS_PER_MS;
    if (station === undefined || Number.isNaN(plannedMs)) return null;
    const isCancelled = cancelled[row] === YES || whole[row] === YES;
    const actualMs = (actual[row] ?? NaN) / MICROS_PER_MS;
    return {
      station,
      departs: departs[row] === 1,
      halts: halts[row] !== NO,
      plannedMs,
      actualMs: isCancelled || Number.isNaN(actualMs) ? null : actualMs,
      isCancelled,
    };
  };
}
