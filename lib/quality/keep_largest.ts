import type { Tally } from "./tally.ts";

const OTHERS = "(others)";

/** The largest counts by name, and the sum of all others as one: names from outside may be endless. */
export function keepLargest(tally: Tally, limit: number): Tally {
  const sorted = Object.entries(tally).sort(([, a], [, b]) => b - a);
  if (sorted.length <= limit) return tally;
  const others = sorted.slice(limit).reduce((sum, [, count]) => sum + count, 0);
  const kept = Object.fromEntries(sorted.slice(0, limit));
  return { ...kept, [OTHERS]: (kept[OTHERS] ?? 0) + others };
}
