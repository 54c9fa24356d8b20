/**
 * Which of two messages of a train is the newer one. A source that is set up anew counts its versions from the start
 * again, so a version says something only beside the number of the count that it is of.
 */

/** What the messages of a train are ordered by; equal ones by their place in the log. */
export interface TrainRank {
  /** How often the source had been set up anew, as whoever published it knew: 0 where that never happened. */
  readonly sourceEpoch: number;
  readonly version: number;
}

/** The greatest epoch: tables keep it in 32 bits. */
export const MAX_SOURCE_EPOCH = 2 ** 31 - 1;

/** Below 0 when `a` is the older one, above 0 when it is the newer one, 0 when they are of the same version. */
export function compareRanks(a: TrainRank, b: TrainRank): number {
  return a.sourceEpoch - b.sourceEpoch || a.version - b.version;
}
