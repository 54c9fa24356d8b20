/** Counts in an array of counts: where all counters are typed arrays this is a line of its own. */
export function increment(counts: Int32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
