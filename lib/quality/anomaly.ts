/** Whether a number is like those before it, by median and MAD: a few odd ones among them change neither. */

/** Fewer numbers make no habit. */
const LEAST_POINTS = 7;
/** The robust z-score from which a number counts as unusual; Iglewicz and Hoaglin, 1993. */
const LIMIT = 3.5;
/** MAD to standard deviation, for normally distributed numbers. */
const SCALE = 1.4826;
/** Numbers that are all alike have no spread: within so much of their median the next is like them. */
const LEAST_SPREAD = 0.05;

/** What is usual. */
export interface Habit {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What the numbers so far make usual; null while there are too few of them. */
export function habitOf(past: readonly number[]): Habit | null {
  if (past.length < LEAST_POINTS) return null;
  const median = medianOf(past);
  const mad = medianOf(past.map((value) => Math.abs(value - median)));
  const reach = LIMIT * Math.max(SCALE * mad, LEAST_SPREAD * Math.abs(median));
  return { median, lowest: median - reach, highest: median + reach };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
