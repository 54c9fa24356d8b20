/** What the library needs from its caller, so that the same calls give the same bytes in a test. */

/** The clock and the ids of a table. */
export interface TableContext {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** A new name at each call, unique in the world and fit for a file name, such as a UUID. */
  readonly ids: () => string;
}
