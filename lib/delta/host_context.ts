/**
 * The clock and the ids of a table whose caller gives none. This is the one file of lib/ that may look at the clock
 * and draw names: the library's own door. Whoever wants the same bytes twice hands in a clock and ids.
 */

/** What comes from outside. */
interface HostContext {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** A new name at each call. */
  readonly ids: () => string;
}

/** What the caller gave, completed: the clock of this computer, and random UUIDs. */
export function completeContext<Given extends Partial<HostContext>>(given: Given): Given & HostContext {
  const { clock = () => Date.now(), ids = () => crypto.randomUUID() } = given;
  return { ...given, clock, ids };
}
