/** One row per station and category of a departure date: how many trains came and went, and how late they were. Pure. */
import { type Column, type Columns } from "../delta/mod.ts";
import { NO, TrainRows, YES } from "../tables/rows/train_rows.ts";
import { increment } from "./increment.ts";
import { knownColumn, longColumn, wordColumn } from "./make_columns.ts";
import type { Routes } from "./routes.ts";

/**
 * From so many seconds on a train is late, as punctuality is published: long-distance trains may be 5 minutes late and
 * freight 30, those of commuters have to be less than 3. Others as long-distance trains.
 */
export const LATE_FROM_SECONDS: Readonly<Record<string, number>> = { Commuter: 180, Cargo: 1801 };
const LATE_FROM_OTHERWISE = 301;

/**
 * The arrivals and departures where the timetable lets trains halt, in the order of trains and routes: what
 * {@linkcode stationDays} counts. Deleted trains have none.
 */
export function trainStops(
  { rows, trains, numbers, from, to, stations, departs, arrives, isOff, delays }: Routes,
): Columns {
  const stopping = rows.flag("trainStopping"), deleted = rows.flag("trainDeleted");
  const found = new Int32Array(rows.rows), mine = new Float64Array(rows.rows);
  let stops = 0;
  for (let train = 0; train < trains; train++) {
    const first = from[train] ?? 0, end = to[train] ?? 0;
    if (deleted[first] === YES) continue;
    for (let row = first; row < end; row++) {
      if (stopping[row] === NO || (departs[row] ?? 0) + (arrives[row] ?? 0) !== 1) continue;
      mine[stops] = numbers[train] ?? NaN;
      found[stops++] = row;
    }
  }
  const places = found.subarray(0, stops);
  return {
    trainNumber: longColumn(mine.subarray(0, stops)),
    stationShortCode: wordColumn(stations, places),
    trainCategory: wordColumn(rows.text("trainCategory"), places),
    departs: knownColumn(Uint8Array.from(places, (row) => departs[row] ?? 0)),
    cancelled: knownColumn(Uint8Array.from(places, (row) => isOff[row] ?? 0)),
    delaySeconds: longColumn(Float64Array.from(places, (row) => delays[row] ?? NaN)),
  };
}

/**
 * The columns of `station_days` but for the date, by station and category. Planned are all, cancelled ones among them;
 * arrivals and departures are those that have an actual time, and of their delays the median and the 95th percentile
 * are the least that so large a share does not exceed, as SQL's `percentile_disc`.
 */
export function stationDays(stops: Columns): Columns {
  const rows = new TrainRows(stops);
  const { firsts, groupOf } = groupStops(rows);
  return {
    stationShortCode: wordColumn(rows.text("stationShortCode"), firsts),
    trainCategory: wordColumn(rows.text("trainCategory"), firsts),
    ...countSide(rows, { firsts, groupOf, side: 0, names: ["Arrival", "arrivals"] }),
    ...countSide(rows, { firsts, groupOf, side: 1, names: ["Departure", "departures"] }),
  };
}

/** Per group a row of it, in the order of the table; and per row its group, -1 without a station. */
function groupStops(rows: TrainRows) {
  const stations = rows.text("stationShortCode"), categories = rows.text("trainCategory");
  const known = new Map<number, number>(), firsts: number[] = [];
  const found = new Int32Array(rows.rows);
  for (let row = 0; row < found.length; row++) {
    const station = stations.codes[row] ?? -1;
    const key = station * (categories.words.length + 1) + (categories.codes[row] ?? -1) + 1;
    let group = station < 0 ? -1 : known.get(key) ?? -2;
    if (group === -2) known.set(key, group = firsts.push(row) - 1);
    found[row] = group;
  }
  const nameOf = (row: number) => stations.words[stations.codes[row] ?? -1] ?? "";
  // A group without a category comes first.
  const categoryOf = (row: number) => categories.words[categories.codes[row] ?? -1] ?? "";
  const order = [...firsts.keys()].sort((a, b) =>
    compareTexts(nameOf(firsts[a] ?? 0), nameOf(firsts[b] ?? 0)) ||
    compareTexts(categoryOf(firsts[a] ?? 0), categoryOf(firsts[b] ?? 0))
  );
  const places = new Int32Array(order.length);
  order.forEach((group, place) => places[group] = place);
  return {
    firsts: Int32Array.from(order, (group) => firsts[group] ?? 0),
    groupOf: found.map((group) => places[group] ?? -1),
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Side {
  readonly firsts: Int32Array;
  readonly groupOf: Int32Array;
  /** 1 for departures. */
  readonly side: 0 | 1;
  readonly names: readonly [one: string, many: string];
}

function countSide(
  rows: TrainRows,
  { firsts, groupOf, side, names: [one, many] }: Side,
): Record<string, Column> {
  const departs = rows.flag("departs"), cancelled = rows.flag("cancelled");
  const delays = rows.number("delaySeconds");
  const groups = firsts.length, lateFrom = lateLimits(rows, firsts);
  const [planned, late, off] = [new Int32Array(groups), new Int32Array(groups), new Int32Array(groups)];
  const found = Array.from({ length: groups }, (): number[] => []);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? -1, delay = delays[row] ?? NaN;
    if (group < 0 || departs[row] !== side) continue;
    increment(planned, group);
    if (cancelled[row] === YES) increment(off, group);
    if (Number.isNaN(delay)) continue;
    found[group]?.push(delay);
    if (delay >= (lateFrom[group] ?? NaN)) increment(late, group);
  }
  const sorted = found.map((each) => Float64Array.from(each).sort());
  const share = (of: number) => longColumn(Float64Array.from(sorted, (each) => quantile(each, of)));
  return {
    [`planned${one}s`]: knownColumn(planned),
    [many]: knownColumn(Int32Array.from(sorted, ({ length }) => length)),
    [`late${one}s`]: knownColumn(late),
    [`cancelled${one}s`]: knownColumn(off),
    [`median${one}DelaySeconds`]: share(0.5),
    [`p95${one}DelaySeconds`]: share(0.95),
  };
}

function lateLimits(rows: TrainRows, firsts: Int32Array): Float64Array {
  const { codes, words } = rows.text("trainCategory");
  return Float64Array.from(
    firsts,
    (row) => LATE_FROM_SECONDS[words[codes[row] ?? -1] ?? ""] ?? LATE_FROM_OTHERWISE,
  );
}

/** NaN of none. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}
