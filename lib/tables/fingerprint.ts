/**
 * A message by place, time and content: what distinguishes a log from another of the same name. Knows no table and no
 * polars, as `fetch` needs it too, nor `node:crypto`, which takes longer to load than all that `fetch` hashes.
 */

/** One message of the log. */
export interface Fingerprint {
  readonly partition: number;
  readonly offset: bigint;
  /** Since 1970 UTC, as landing has it. */
  readonly timestampMs: number;
  /** Of the value's bytes; null where landing does not have them (no UTF-8, or no value). */
  readonly hash: string | null;
}

const FIRST_TIME_MS = Date.parse("0001-01-01T00:00:00Z");
/** A whole second, as microseconds of that size have no odd digits. */
const LAST_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** 64 bits of SHA-256, as hexadecimal digits. */
export async function hashValue(value: Uint8Array | null): Promise<string | null> {
  if (value === null) return null;
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(value));
  return new Uint8Array(digest, 0, 8).toHex();
}

/**
 * A producer may write any 64 bits as the time of a message; tables and their readers know the years 1 to 9999. A time
 * beyond them lands as the nearest that they know, -1 (which some clients write for "none") as the millisecond before
 * 1970, no number as 1970.
 */
export function withinCalendar(milliseconds: number): number {
  return Math.min(Math.max(Math.trunc(milliseconds) || 0, FIRST_TIME_MS), LAST_TIME_MS);
}
