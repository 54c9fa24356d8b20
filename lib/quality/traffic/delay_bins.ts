/** Delays in bins that are the same in every file and run, so that their counts may be added up. */
import type { Counts } from "../../tables/counts.ts";

/**
 * Where bins begin, in seconds, early trains below 0. A bin reaches up to the next one; the first takes what is earlier
 * still, the last has no end. They are narrow where most trains are, and all limits of punctuality are among them.
 */
export const BIN_STARTS: readonly number[] = [
  ...[-43_200, -21_600, -10_800, -7200, -3600, -1800, -900, -600, -300, -180, -120, -90, -60, -45, -30, -15],
  ...[0, 15, 30, 45, 60, 75, 90, 105, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600, 720],
  ...[900, 1200, 1500, 1800, 2400, 3600, 5400, 7200, 10_800, 21_600],
];

/** Where the bin of a delay begins. */
export function binStart(seconds: number): number {
  let low = 0, high = BIN_STARTS.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((BIN_STARTS[middle] ?? Infinity) <= seconds) low = middle;
    else high = middle;
  }
  return BIN_STARTS[low] ?? 0;
}

/** A bin and how many trains are in it. */
export interface DelayBin {
  /** Seconds. */
  readonly from: number;
  /** Null where there is no end. */
  readonly to: number | null;
  readonly trains: number;
}

/** The bins that are not empty, in rising order; of counts by where the bins begin. Others may have written anything. */
export function delayBins(counts: Counts): readonly DelayBin[] {
  return BIN_STARTS.flatMap((from, at) => {
    const trains = counts[from] ?? 0;
    return trains > 0 ? [{ from, to: BIN_STARTS[at + 1] ?? null, trains }] : [];
  });
}

/**
 * The delay that so large a share of the trains does not exceed, as if those of a bin were spread evenly over it: it is
 * in the right bin, and off by the width of the bin at most. Null without trains.
 */
export function delayQuantile(bins: readonly DelayBin[], share: number): number | null {
  let rest = share * bins.reduce((sum, { trains }) => sum + trains, 0);
  for (const { from, to, trains } of bins) {
    if (rest <= trains) return to === null ? from : Math.round(from + (to - from) * rest / trains);
    rest -= trains;
  }
  return null;
}
