/** What newer versions of trains say of older ones, added up over the trains of a batch. */
import { DelayHistogram } from "../tables/delay_bins.ts";
import type { Counts } from "../tables/counts.ts";
import { MEASURES } from "../tables/measures.ts";

const MINUTE_MS = 60_000;
/** Clocks differ. */
const EARLY_MS = -2 * MINUTE_MS;
/** A time that was first seen a day later was recorded, not reported. */
const LATE_MS = 24 * 60 * MINUTE_MS;

/** By minutes from the writing of an estimate to the time that it names: how much earlier or later is in tolerance. */
const HORIZONS = [
  { name: "0-3", to: 3, early: -1, late: 1 },
  { name: "3-6", to: 6, early: -1.5, late: 2 },
  { name: "6-12", to: 12, early: -2.5, late: 3.5 },
  { name: "12-30", to: 30, early: -4, late: 6 },
] as const;

/** What one newer version takes back. */
export interface Revision {
  readonly vanishedTimes: number;
  readonly movedTimes: number;
  readonly vanishedRows: number;
}

/** One per Kafka partition. */
export class VersionChanges {
  readonly #counts = new Map<string, number>();
  readonly #lags = new DelayHistogram();

  /** A version that was compared with the one before. */
  addVersion({ vanishedTimes, movedTimes, vanishedRows }: Revision): void {
    this.#add(MEASURES.versions, 1);
    if (vanishedTimes + movedTimes + vanishedRows === 0) return;
    this.#add(MEASURES.revised, 1);
    this.#add(MEASURES.vanishedTimes, vanishedTimes);
    this.#add(MEASURES.movedTimes, movedTimes);
    this.#add(MEASURES.vanishedRows, vanishedRows);
  }

  /** An actual time that the version before did not have: so long after it the newer one was seen. */
  addReport(lagMs: number): void {
    if (lagMs >= EARLY_MS && lagMs <= LATE_MS) this.#lags.add(lagMs);
  }

  /** An estimate, so far ahead when it was written, and how much later than it the train was there. */
  addEstimate(aheadMs: number, errorMs: number): void {
    const ahead = aheadMs / MINUTE_MS, error = errorMs / MINUTE_MS;
    const horizon = ahead >= 0 ? HORIZONS.find(({ to }) => ahead < to) : undefined;
    if (horizon === undefined) return;
    this.#add(`${MEASURES.estimates}.${horizon.name}`, 1);
    if (error < horizon.early || error > horizon.late) this.#add(`${MEASURES.off}.${horizon.name}`, 1);
  }

  /** By the names of {@linkcode MEASURES}. */
  toCounts(): Counts {
    return { ...Object.fromEntries(this.#counts), ...this.#lags.toCounts(MEASURES.lag) };
  }

  #add(name: string, count: number): void {
    if (count > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }
}
