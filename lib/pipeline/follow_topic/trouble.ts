/** Which errors end a follower, and how long it waits after the others. Pure. */
import { CorruptFileError, CorruptLogError, UnsupportedTableError } from "../../delta/mod.ts";
import { BrokerError, LostRowsError, OtherLogError, systemFault, UsageError } from "../../errors.ts";

/** Tables that are not what they should be, whoever says so in other words. */
const BROKEN_TABLES = [UnsupportedTableError, CorruptLogError, CorruptFileError];
const HOPELESS = [
  ...BROKEN_TABLES,
  OtherLogError,
  LostRowsError,
  UsageError,
  // Mistakes of ours.
  TypeError,
  RangeError,
  ReferenceError,
  SyntaxError,
];
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;

/**
 * Whether no wait can heal it. A broker that refuses for good ends a follower only at its start, as a wrong password or
 * a file of another program does; later it may come back.
 */
export function isHopeless(error: unknown, { isStart }: { readonly isStart: boolean }): boolean {
  if (HOPELESS.some((Kind) => error instanceof Kind) || systemFault(error) === "missing right") return true;
  if (error instanceof Error && BROKEN_TABLES.some((Kind) => error.cause instanceof Kind)) return true;
  return isStart && error instanceof BrokerError && !error.retriable;
}

/** Milliseconds before the next try: twice as long each time, up to a minute, of which half is left to chance. */
export function waitAfter(failures: number, random: () => number): number {
  const most = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(most * (0.5 + random() / 2));
}
