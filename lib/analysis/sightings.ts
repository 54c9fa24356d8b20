/** When trains were first seen, and in which version, as their messages tell it: also those that changed nothing. Pure. */
import type { Columns } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import { compareRanks, type TrainRank } from "../train/train_rank.ts";
import { longColumn } from "./make_columns.ts";

/** A message that names a train. */
export interface SeenMessage extends TrainRank {
  /** Days since 1970. */
  readonly departureDay: number;
  readonly trainNumber: number;
  /** Milliseconds since 1970 UTC; below 0 of a message without a time. */
  readonly timestampMs: number;
}

/** The least of what is known of a train, each for itself; the version and the time NaN where nothing is. */
interface Sighting extends TrainRank {
  /** Microseconds since 1970 UTC. */
  readonly seen: number;
}

/** What is known of the trains of a date, by their numbers. */
export type DateSightings = ReadonlyMap<number, Sighting>;

const MS_PER_DAY = 86_400_000;
const MICROS_PER_MS = 1000;

/**
 * Gathers the least version of the least epoch and the earliest time per train. Neither order nor repetition matters, so that what was
 * gathered twice is the same as once.
 */
export class Sightings {
  readonly #byDate: Map<string, Map<number, Sighting>>;

  constructor(byDate: Map<string, Map<number, Sighting>> = new Map()) {
    this.#byDate = byDate;
  }

  /** Departure dates, YYYY-MM-DD, of which something was seen. */
  get dates(): readonly string[] {
    return [...this.#byDate.keys()];
  }

  add(messages: readonly SeenMessage[]): void {
    let day = NaN, trains = new Map<number, Sighting>();
    for (const { departureDay, trainNumber, sourceEpoch, version, timestampMs } of messages) {
      if (departureDay !== day) trains = this.#trainsOf(day = departureDay);
      const sighting = { sourceEpoch, version, seen: timestampMs < 0 ? NaN : timestampMs * MICROS_PER_MS };
      trains.set(trainNumber, earlier(trains.get(trainNumber), sighting));
    }
  }

  of(date: string): DateSightings {
    return this.#byDate.get(date) ?? new Map();
  }

  /** Takes what is known of these dates out, or all; what is added later is kept for the next time. */
  take(dates: Iterable<string> = this.dates): Sightings {
    const taken = new Map([...dates].flatMap((date) => {
      const trains = this.#byDate.get(date);
      return trains === undefined ? [] : [[date, trains] as const];
    }));
    for (const date of taken.keys()) this.#byDate.delete(date);
    return new Sightings(taken);
  }

  #trainsOf(day: number): Map<number, Sighting> {
    const date = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
    const trains = this.#byDate.get(date) ?? new Map<number, Sighting>();
    this.#byDate.set(date, trains);
    return trains;
  }
}

/** What rows of `train_runs` have of it already. */
export function sightingsIn(columns: Columns): DateSightings {
  const rows = new ColumnNumbers(columns);
  const numbers = rows.of("trainNumber"), versions = rows.of("firstVersion"), times = rows.of("firstSeen");
  const epochs = rows.of("firstSourceEpoch");
  const found = new Map<number, Sighting>();
  numbers.forEach((number, row) => {
    const rank = { sourceEpoch: epochOf(epochs[row]), version: versions[row] ?? NaN };
    found.set(number, earlier(found.get(number), { ...rank, seen: times[row] ?? NaN }));
  });
  return found;
}

/** Whether it is less, of a train that the rows have, than what these say. */
export function isLess(seen: DateSightings, stored: DateSightings): boolean {
  for (const [number, found] of seen) {
    const before = stored.get(number);
    if (before === undefined) continue;
    const both = earlier(before, found);
    const isSame = Object.is(both.version, before.version) && both.sourceEpoch === before.sourceEpoch;
    if (!isSame || !Object.is(both.seen, before.seen)) return true;
  }
  return false;
}

/** Rows of `train_runs` with the columns of it: the least of all that is known, the train's newest message too. */
export function withSightings(runs: Columns, known: readonly DateSightings[]): Columns {
  const rows = new ColumnNumbers(runs);
  const numbers = rows.of("trainNumber"), versions = rows.of("lastVersion"), times = rows.of("lastSeen");
  const epochs = rows.of("lastSourceEpoch");
  const firstVersion = new Float64Array(rows.rows), firstSeen = new Float64Array(rows.rows);
  const firstSourceEpoch = new Float64Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    const number = numbers[row] ?? NaN, time = times[row] ?? NaN;
    const rank = { sourceEpoch: epochOf(epochs[row]), version: versions[row] ?? NaN };
    const own: Sighting = { ...rank, seen: time < 0 ? NaN : time };
    const first = known.reduce((least, trains) => earlier(trains.get(number), least), own);
    firstVersion[row] = first.version;
    firstSeen[row] = first.seen;
    firstSourceEpoch[row] = first.sourceEpoch === 0 ? NaN : first.sourceEpoch;
  }
  return {
    ...runs,
    firstVersion: longColumn(firstVersion),
    firstSeen: longColumn(firstSeen),
    firstSourceEpoch: longColumn(firstSourceEpoch),
  };
}

/** Tables have none where it is 0. */
function epochOf(found: number | undefined): number {
  return found === undefined || Number.isNaN(found) ? 0 : found;
}

function earlier(a: Sighting | undefined, b: Sighting): Sighting {
  if (a === undefined) return b;
  const { sourceEpoch, version } = isEarlier(a, b) ? b : a;
  return { sourceEpoch, version, seen: least(a.seen, b.seen) };
}

function isEarlier(a: TrainRank, b: TrainRank): boolean {
  return Number.isNaN(a.version) || (!Number.isNaN(b.version) && compareRanks(b, a) < 0);
}

function least(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}
