/** Named counts that may be added up. */

/** Numbers by name. */
export type Counts = Readonly<Record<string, number>>;

/** The name under which the counts of many small names go together. */
const OTHERS = "(others)";

/** The count of a name, 0 where it has none: names come from outside, and every object has a "constructor". */
export function countOf(counts: Counts, name: string): number {
  return Object.hasOwn(counts, name) ? counts[name] ?? 0 : 0;
}

/** Entries whose names start with the prefix, without it. */
export function countsUnder(counts: Counts, prefix: string): Counts {
  const entries = Object.entries(counts).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, count]) => [name.slice(prefix.length), count]));
}

/** The largest counts by name, and the sum of all others as one: names from outside may be endless. */
export function keepLargest(counts: Counts, limit: number): Counts {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (sorted.length <= limit) return counts;
  const others = sorted.slice(limit).reduce((sum, [, count]) => sum + count, 0);
  const kept = Object.fromEntries(sorted.slice(0, limit));
  return { ...kept, [OTHERS]: (kept[OTHERS] ?? 0) + others };
}
