/** The rows of one train in one version, as flat numbers that are compared with those of another version. */
import type { Column, Columns } from "../delta/mod.ts";

/** Columns that a comparison looks at. */
export const ROUTE_COLUMNS = [
  "trainNumber",
  "rowNumber",
  "stationUICCode",
  "type",
  "scheduledTime",
  "actualTime",
  "liveEstimateTime",
  "kafkaMessageTimestamp",
  "trainDeleted",
] as const;

/** Where the rows of a train stand: from and one beyond, pair by pair. They are one pair unless others moved them. */
export type RowPlaces = readonly number[];

type Numbers = (row: number) => number;

const TWO_POW_32 = 4_294_967_296;
const MICROS_PER_MS = 1000;
const LETTER_D = 68;

/** Reads columns as numbers, NaN where there is none. */
export interface RouteReader {
  readonly place: Numbers;
  readonly station: Numbers;
  /** 1 for a departure, else 0. */
  readonly departs: Numbers;
  readonly scheduled: Numbers;
  readonly actual: Numbers;
  readonly estimate: Numbers;
  readonly written: Numbers;
  readonly deleted: Numbers;
}

/** One per columns, for all trains in them. */
export function routeReader(columns: Columns): RouteReader {
  return {
    place: numbersOf(columns.rowNumber),
    station: numbersOf(columns.stationUICCode),
    departs: departuresOf(columns.type),
    scheduled: numbersOf(columns.scheduledTime),
    actual: numbersOf(columns.actualTime),
    estimate: numbersOf(columns.liveEstimateTime),
    written: numbersOf(columns.kafkaMessageTimestamp),
    deleted: numbersOf(columns.trainDeleted),
  };
}

/** Room for the rows of one train; filled again for each. Times are milliseconds since 1970 UTC, NaN where there is none. */
export class Route {
  rows = 0;
  /** When the message was written. */
  writtenMs = NaN;
  isDeleted = false;
  /** Station and type as one number. */
  stops = new Float64Array(0);
  scheduled = new Float64Array(0);
  actual = new Float64Array(0);
  estimate = new Float64Array(0);

  /** Takes the rows in the order of the route. */
  fill(reader: RouteReader, places: RowPlaces): void {
    const first = places[0] ?? 0;
    this.rows = 0;
    this.writtenMs = reader.written(first) / MICROS_PER_MS;
    this.isDeleted = reader.deleted(first) === 1;
    this.#makeRoom(places);
    if (isInOrder(reader, places)) eachRow(places, (row) => this.#push(reader, row));
    else {
      const rows: number[] = [];
      eachRow(places, (row) => rows.push(row));
      rows.sort((a, b) => reader.place(a) - reader.place(b));
      for (const row of rows) this.#push(reader, row);
    }
  }

  #makeRoom(places: RowPlaces): void {
    let needed = 0;
    for (let pair = 0; pair < places.length; pair += 2) {
      needed += (places[pair + 1] ?? 0) - (places[pair] ?? 0);
    }
    if (needed <= this.stops.length) return;
    const room = () => new Float64Array(2 * needed);
    [this.stops, this.scheduled, this.actual, this.estimate] = [room(), room(), room(), room()];
  }

  #push(reader: RouteReader, row: number): void {
    const at = this.rows++;
    const station = reader.station(row);
    this.stops[at] = 2 * (Number.isNaN(station) ? -1 : station) + reader.departs(row);
    this.scheduled[at] = reader.scheduled(row) / MICROS_PER_MS;
    this.actual[at] = reader.actual(row) / MICROS_PER_MS;
    this.estimate[at] = reader.estimate(row) / MICROS_PER_MS;
  }
}

/** Where each of these trains stands in rows of one departure date. */
export function placesOfTrains(
  { trainNumber: column }: Columns,
  numbers: ReadonlySet<number>,
): ReadonlyMap<number, RowPlaces> {
  const numberAt = numbersOf(column), length = column?.length ?? 0;
  const found = new Map<number, number[]>();
  for (let from = 0, to = 0; from < length; from = to) {
    const number = numberAt(from);
    to = from + 1;
    while (to < length && numberAt(to) === number) to++;
    if (!numbers.has(number)) continue;
    const places = found.get(number);
    if (places === undefined) found.set(number, [from, to]);
    else places.push(from, to);
  }
  return found;
}

function eachRow(places: RowPlaces, visit: (row: number) => void): void {
  for (let pair = 0; pair < places.length; pair += 2) {
    for (let row = places[pair] ?? 0, to = places[pair + 1] ?? 0; row < to; row++) visit(row);
  }
}

function isInOrder({ place }: RouteReader, places: RowPlaces): boolean {
  let last = -1, inOrder = true;
  eachRow(places, (row) => {
    const here = place(row);
    if (here < last) inOrder = false;
    last = here;
  });
  return inOrder;
}

function numbersOf(column: Column | undefined): Numbers {
  if (column?.kind === "int32" || column?.kind === "boolean") {
    const { values, present } = column;
    return (row) => present !== null && present[row] === 0 ? NaN : values[row] ?? NaN;
  }
  if (column?.kind !== "int64") return () => NaN;
  const { halves, present } = column;
  return (row) =>
    present !== null && present[row] === 0
      ? NaN
      : (halves[2 * row + 1] ?? 0) * TWO_POW_32 + ((halves[2 * row] ?? 0) >>> 0);
}

/** By the first letter, so that no text has to be made. */
function departuresOf(column: Column | undefined): Numbers {
  if (column?.kind === "words") {
    const { codes } = column;
    const departs = column.words.map((word) => word.startsWith("D") ? 1 : 0);
    return (row) => departs[codes[row] ?? -1] ?? 0;
  }
  if (column?.kind !== "bytes") return () => 0;
  const { ends, bytes } = column;
  return (row) => bytes[ends[row] ?? 0] === LETTER_D ? 1 : 0;
}
