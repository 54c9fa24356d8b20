/**
 * Delays as counts in fixed bins, so that those of batches and of runs add up, which percentiles do not. Bin b holds
 * delays from 2^(b/4) ms up to 2^((b+1)/4) ms, bin 0 all below: a percentile is off by 9.1 % at most, or by 1.2 ms.
 */
import type { Counts } from "./counts.ts";

const BINS_PER_OCTAVE = 4;
/** The last one begins at 49 days. */
const LAST_BIN = 32 * BINS_PER_OCTAVE;

/** Counts delays. */
export class DelayHistogram {
  readonly #counts = new Float64Array(LAST_BIN + 1);

  /** `count` delays of so many milliseconds; what is below 0 is none. */
  add(milliseconds: number, count = 1): void {
    const bin = binOf(milliseconds);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + count;
  }

  /** The bins with something in them, as `<name>.<bin>`. */
  toCounts(name: string): Counts {
    const entries = Array.from(this.#counts, (count, bin) => [`${name}.${bin}`, count] as const);
    return Object.fromEntries(entries.filter(([, count]) => count > 0));
  }
}

/** What counts by bin say of the delays. */
export interface DelayFigures {
  readonly count: number;
  /** The nearest rank's, in milliseconds: the middle of its bin. */
  readonly percentile: (share: number) => number;
  /** How many are certainly above so many milliseconds: those of the bins that lie above it as a whole. */
  readonly above: (milliseconds: number) => number;
}

/** Failures, units and percentiles ask for the same; counts never change. */
const known = new WeakMap<Counts, Map<string, DelayFigures>>();

/** The figures of the counts `<name>.<bin>`. */
export function delayFigures(counts: Counts, name: string): DelayFigures {
  let named = known.get(counts);
  if (named === undefined) known.set(counts, named = new Map());
  let figures = named.get(name);
  if (figures === undefined) named.set(name, figures = figuresOf(counts, name));
  return figures;
}

function figuresOf(counts: Counts, name: string): DelayFigures {
  const prefix = `${name}.`;
  const bins = Object.entries(counts).filter(([key]) => key.startsWith(prefix))
    .map(([key, count]) => ({ bin: Number(key.slice(prefix.length)), count }))
    .sort((a, b) => a.bin - b.bin);
  const count = bins.reduce((sum, each) => sum + each.count, 0);
  return {
    count,
    percentile: (share) => {
      let left = Math.max(1, Math.ceil(share * count));
      const bin = bins.find((each) => (left -= each.count) <= 0)?.bin ?? 0;
      return bin === 0 ? 0 : boundOf(bin + 0.5);
    },
    above: (milliseconds) =>
      bins.reduce((sum, each) => lowerBound(each.bin) >= milliseconds ? sum + each.count : sum, 0),
  };
}

function binOf(milliseconds: number): number {
  if (!(milliseconds > 1)) return 0;
  return Math.min(LAST_BIN, Math.floor(BINS_PER_OCTAVE * Math.log2(milliseconds)));
}

function lowerBound(bin: number): number {
  return bin === 0 ? 0 : boundOf(bin);
}

function boundOf(bin: number): number {
  return 2 ** (bin / BINS_PER_OCTAVE);
}
