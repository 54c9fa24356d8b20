/** One row per station and category of a departure date: how many trains came and went, and how late they were. Pure. */
import { type Column, type Columns } from "../delta/mod.ts";
import { rowName } from "../tables/rows/row_name.ts";
import { lateFromSeconds } from "../tables/rows/train_kinds.ts";
import { NO, TrainRows, YES } from "../tables/rows/train_rows.ts";
import { intsAt } from "./columns_at.ts";
import { knownColumn, NO_ROW, wordColumn } from "./make_columns.ts";
import type { ChangedTracks } from "./changed_tracks.ts";
import type { Routes } from "./routes.ts";

const NOTHING: ChangedTracks = new Map();
const MOST_KEYS = 1 << 20;

/**
 * The arrivals and departures where the timetable lets trains halt, in the order of trains and routes: what
 * {@linkcode stationDays} counts. Deleted trains have none.
 */
export function trainStops(
  { rows, trains, numbers, from, to, stations, departs, arrives, isOff, ran, delays }: Routes,
): Columns {
  const stopping = rows.flag("trainStopping"), deleted = rows.flag("trainDeleted");
  const found = new Int32Array(rows.rows),
    mine = new Int32Array(rows.rows),
    visits = new Int32Array(rows.rows);
  const visitOf = visitCounter(stations.words.length);
  let stops = 0;
  for (let train = 0; train < trains; train++) {
    const first = from[train] ?? 0, end = to[train] ?? 0;
    if (deleted[first] === YES) continue;
    for (let row = first; row < end; row++) {
      const visit = visitOf(first, 2 * (stations.codes[row] ?? -1) + (departs[row] ?? 0));
      if (stopping[row] === NO || (departs[row] ?? 0) + (arrives[row] ?? 0) !== 1) continue;
      mine[stops] = train;
      visits[stops] = visit;
      found[stops++] = row;
    }
  }
  const places = found.subarray(0, stops);
  return {
    trainNumber: intsAt(numbers, mine.subarray(0, stops)),
    stationShortCode: wordColumn(stations, places),
    trainCategory: wordColumn(rows.text("trainCategory"), places),
    departs: knownColumn(flagsAt(departs, places)),
    visit: knownColumn(visits.slice(0, stops)),
    cancelled: knownColumn(flagsAt(isOff, places)),
    made: knownColumn(madeAt(ran, places)),
    delaySeconds: intsAt(delays, places),
  };
}

/** The so-many-eth arrival or departure of a train at a station, for one train after another. */
function visitCounter(stations: number): (train: number, place: number) => number {
  const seenBy = new Int32Array(2 * stations).fill(-1), visits = new Int32Array(2 * stations);
  return (train, place) => {
    const visit = seenBy[place] === train ? (visits[place] ?? 0) + 1 : 1;
    if (place >= 0) {
      seenBy[place] = train;
      visits[place] = visit;
    }
    return visit;
  };
}

function flagsAt(flags: Uint8Array, rows: Int32Array): Uint8Array {
  const found = new Uint8Array(rows.length);
  for (let at = 0; at < found.length; at++) found[at] = flags[rows[at] ?? 0] ?? 0;
  return found;
}

/** Whether there is an actual time, also where another engine has left no scheduled one to compare it with. */
function madeAt(ran: Float64Array, rows: Int32Array): Uint8Array {
  const found = new Uint8Array(rows.length);
  for (let at = 0; at < found.length; at++) found[at] = Number.isNaN(ran[rows[at] ?? -1] ?? NaN) ? 0 : 1;
  return found;
}

/**
 * The columns of `station_days` but for the date, by station and category. Planned are all, cancelled ones among them;
 * arrivals and departures are those that have an actual time, and of their delays the median and the 95th percentile
 * are the least that so large a share does not exceed, as SQL's `percentile_disc`. The track was changed where messages
 * have named more than one.
 */
export function stationDays(stops: Columns, changed = NOTHING): Columns {
  const rows = new TrainRows(stops);
  const { firsts, groupOf } = groupStops(rows);
  const counts = {
    ...countSides(rows, firsts, groupOf),
    moved: countMoved(rows, groupOf, { changed, groups: firsts.length }),
  };
  return {
    stationShortCode: wordColumn(rows.text("stationShortCode"), firsts),
    trainCategory: wordColumn(rows.text("trainCategory"), firsts),
    ...sideColumns(counts, 0, ["Arrival", "arrivals"]),
    ...sideColumns(counts, 1, ["Departure", "departures"]),
  };
}

/** Per group a row of it, in the order of the table; and per row its group, -1 without a station. */
function groupStops(rows: TrainRows) {
  const stations = rows.text("stationShortCode"), categories = rows.text("trainCategory");
  const width = categories.words.length + 1;
  const first = firstRows(stations.words.length * width),
    groupOf = new Int32Array(rows.rows),
    keys: number[] = [];
  for (let row = 0; row < groupOf.length; row++) {
    const station = stations.codes[row] ?? -1;
    // A group without a category comes first.
    const key = groupOf[row] = station < 0 ? -1 : station * width + (categories.codes[row] ?? -1) + 1;
    if (key >= 0 && first.add(key, row)) keys.push(key);
  }
  const stationRanks = ranksOf(stations.words), categoryRanks = ranksOf(categories.words);
  const rankOf = (key: number) =>
    (stationRanks[Math.floor(key / width)] ?? 0) * width + (categoryRanks[key % width - 1] ?? -1);
  const sorted = keys.map((key) => [rankOf(key), key] as const).sort(([a], [b]) => a - b);
  const firsts = Int32Array.from(sorted, ([, key]) => first.get(key));
  sorted.forEach(([, key], group) => first.set(key, group));
  for (let row = 0; row < groupOf.length; row++) {
    const key = groupOf[row] ?? -1;
    if (key >= 0) groupOf[row] = first.get(key);
  }
  return { firsts, groupOf };
}

/** Numbers by key, which are below `keys`: in an array, unless messages have named so many stations and categories. */
function firstRows(keys: number) {
  if (keys > MOST_KEYS) {
    const known = new Map<number, number>();
    return {
      add: (key: number, value: number) => !known.has(key) && known.set(key, value) === known,
      get: (key: number) => known.get(key) ?? 0,
      set: (key: number, value: number) => void known.set(key, value),
    };
  }
  const values = new Int32Array(keys).fill(-1);
  return {
    add: (key: number, value: number) => (values[key] ?? 0) < 0 && (values[key] = value) >= 0,
    get: (key: number) => values[key] ?? 0,
    set: (key: number, value: number) => void (values[key] = value),
  };
}

/** The place of each word in the order of their UTF-16. */
function ranksOf(words: readonly string[]): Int32Array {
  const ranks = new Map(words.toSorted().map((word, rank) => [word, rank]));
  return Int32Array.from(words, (word) => ranks.get(word) ?? 0);
}

/** Two slots per group: its arrivals, then its departures. */
interface SideCounts {
  readonly planned: Int32Array;
  readonly late: Int32Array;
  readonly off: Int32Array;
  readonly made: Int32Array;
  /** How many delays there are, and where those of a slot end: each slot's are sorted. */
  readonly known: Int32Array;
  readonly ends: Int32Array;
  readonly delays: Float64Array;
}

function countSides(rows: TrainRows, firsts: Int32Array, groupOf: Int32Array): SideCounts {
  const departs = rows.flag("departs"), cancelled = rows.flag("cancelled"), made = rows.flag("made");
  const given = rows.number("delaySeconds"), lateFrom = lateLimits(rows, firsts);
  const zeros = () => new Int32Array(2 * firsts.length);
  const counts = { planned: zeros(), late: zeros(), off: zeros(), made: zeros(), known: zeros() };
  const slots = new Int32Array(groupOf.length);
  for (let row = 0; row < slots.length; row++) {
    const group = groupOf[row] ?? -1, slot = 2 * group + (departs[row] ?? 0), delay = given[row] ?? NaN;
    slots[row] = group < 0 || Number.isNaN(delay) ? -1 : slot;
    if (group < 0) continue;
    add(counts.planned, slot, 1);
    add(counts.off, slot, cancelled[row] === YES ? 1 : 0);
    add(counts.made, slot, made[row] === YES ? 1 : 0);
    if (Number.isNaN(delay)) continue;
    add(counts.known, slot, 1);
    add(counts.late, slot, delay >= (lateFrom[group] ?? NaN) ? 1 : 0);
  }
  return { ...counts, ...sortDelays(given, slots, counts.known) };
}

/** Per slot: few trains change their tracks, so that names are put together of these alone. */
function countMoved(
  rows: TrainRows,
  groupOf: Int32Array,
  { changed, groups }: { readonly changed: ChangedTracks; readonly groups: number },
): Int32Array {
  const counts = new Int32Array(2 * groups);
  if (changed.size === 0) return counts;
  const numbers = rows.number("trainNumber"), departs = rows.flag("departs"), visits = rows.number("visit");
  const { codes, words } = rows.text("stationShortCode");
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? -1, mine = group < 0 ? undefined : changed.get(numbers[row] ?? NaN);
    if (mine === undefined) continue;
    const name = rowName(words[codes[row] ?? -1] ?? "", departs[row] === YES, visits[row] ?? 1);
    if (mine.has(name)) add(counts, 2 * group + (departs[row] ?? 0), 1);
  }
  return counts;
}

function add(counts: Int32Array, slot: number, count: number): void {
  counts[slot] = (counts[slot] ?? 0) + count;
}

/** All delays in one array, slot by slot. */
function sortDelays(given: Float64Array, slots: Int32Array, known: Int32Array) {
  const ends = new Int32Array(known.length);
  for (let slot = 0, end = 0; slot < known.length; slot++) ends[slot] = end += known[slot] ?? 0;
  const delays = new Float64Array(ends.at(-1) ?? 0), next = ends.map((end, slot) => end - (known[slot] ?? 0));
  for (let row = 0; row < slots.length; row++) {
    const slot = slots[row] ?? -1;
    if (slot < 0) continue;
    delays[next[slot] ?? 0] = given[row] ?? NaN;
    add(next, slot, 1);
  }
  for (let slot = 0, from = 0; slot < ends.length; from = ends[slot++] ?? 0) {
    if ((known[slot] ?? 0) > 1) delays.subarray(from, ends[slot]).sort();
  }
  return { ends, delays };
}

function sideColumns(
  { planned, late, off, made, known, ends, delays, moved }: SideCounts & { readonly moved: Int32Array },
  side: 0 | 1,
  [one, many]: readonly [one: string, many: string],
): Record<string, Column> {
  const mine = (counts: Int32Array) => {
    const found = new Int32Array(counts.length / 2);
    for (let group = 0; group < found.length; group++) found[group] = counts[2 * group + side] ?? 0;
    return knownColumn(found);
  };
  const share = (of: number) => {
    const places = new Int32Array(ends.length / 2).fill(NO_ROW);
    for (let slot: number = side; slot < ends.length; slot += 2) {
      const count = known[slot] ?? 0;
      if (count > 0) places[slot >> 1] = (ends[slot] ?? 0) - count + Math.ceil(of * count) - 1;
    }
    return intsAt(delays, places);
  };
  return {
    [`planned${one}s`]: mine(planned),
    [many]: mine(made),
    [`late${one}s`]: mine(late),
    [`cancelled${one}s`]: mine(off),
    [`median${one}DelaySeconds`]: share(0.5),
    [`p95${one}DelaySeconds`]: share(0.95),
    [`trackChanged${one}s`]: mine(moved),
  };
}

function lateLimits(rows: TrainRows, firsts: Int32Array): Float64Array {
  const { codes, words } = rows.text("trainCategory");
  return Float64Array.from(firsts, (row) => lateFromSeconds(words[codes[row] ?? -1]));
}
