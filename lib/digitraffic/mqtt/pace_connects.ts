/** When a broken connection may be made again: ever more rarely, and never often. Pure. */

const MINUTE_MS = 60_000;
/** The operators allow five a minute; one is left for a process that is started anew. */
const MOST_PER_MINUTE = 4;
const FIRST_WAIT_MS = 1_000;
/** A connection that lived so long was a good one: the next failure is the first again. */
export const STEADY_MS = MINUTE_MS;

/** The connections that were begun, as far as they matter. Milliseconds of a clock that never goes back. */
export interface ConnectHistory {
  /** When, in order; the last few. */
  readonly begunMs: readonly number[];
  /** How many in a row did not last. */
  readonly failures: number;
}

/** Before the first connection. */
export const NO_CONNECTS: ConnectHistory = { begunMs: [], failures: 0 };

/** When the next one may begin; may be past. Doubled with each failure in a row, to a minute; half of it is chance. */
export function nextConnectMs(
  { begunMs, failures }: ConnectHistory,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): number {
  if (begunMs.length === 0) return nowMs;
  const backOffMs = Math.min(MINUTE_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 20));
  const freeMs = (begunMs.at(-MOST_PER_MINUTE) ?? -Infinity) + MINUTE_MS;
  return Math.max(nowMs + Math.ceil(backOffMs * (1 + random) / 2), freeMs);
}

/** The history with a connection that begins. */
export function addConnect(history: ConnectHistory, nowMs: number): ConnectHistory {
  return { ...history, begunMs: [...history.begunMs, nowMs].slice(-MOST_PER_MINUTE) };
}

/** The history with the end of the last connection; a steady one ends a row of failures. */
export function addEnd(history: ConnectHistory, { livedMs }: { readonly livedMs: number }): ConnectHistory {
  return { ...history, failures: livedMs >= STEADY_MS ? 0 : history.failures + 1 };
}
