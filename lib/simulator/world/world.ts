/** What a living world of trains is made of: few numbers, from which everybody computes the same trains. */

/** Trains share a version when they change within the same so many milliseconds of simulated time. */
export const BATCH_MS = 5_000;
/** The API gives no more trains than this one version, and no page holds as many. */
export const MAX_TRAINS_PER_VERSION = 2_500;

/** A moment from which all versions are lower: the source was set up anew. */
export interface Rebase {
  readonly atMs: number;
  readonly lowerBy: number;
}

/** What determines every train of every departure date at every moment. */
export interface World {
  readonly seed: number;
  /** Number of trains of each departure date. */
  readonly trains: number;
  /** Default {@linkcode MAX_TRAINS_PER_VERSION}; tests set few, to see a burst that no page can hold. */
  readonly trainsPerVersion?: number;
  /** Default none. */
  readonly rebases?: readonly Rebase[];
}
