/**
 * When a table of metadata was last fetched, and from where: a `txn` action, committed with the rows. Checkpoints keep
 * it, and other engines leave it alone.
 */
import type { SetTransaction, Snapshot } from "../delta/mod.ts";

/** A fetch that the table knows. */
export interface FetchMark {
  /** Base address of the API. */
  readonly source: string;
  /** Since 1970 UTC. */
  readonly fetchedAtMs: number;
}

const PREFIX = "metadata.fetched/";
/** A job that runs every day runs a little sooner than 24 hours after yesterday's now and then. */
const DAY_MS = 20 * 3_600_000;

/** The action that notes a fetch. */
export function markAction({ source, fetchedAtMs }: FetchMark): SetTransaction {
  return { appId: `${PREFIX}${source}`, version: BigInt(Math.trunc(fetchedAtMs)) };
}

/** The last fetch of the table; null when it has none. Only this one tells what the rows are from. */
export function lastFetch({ txns }: Snapshot): FetchMark | null {
  let last: FetchMark | null = null;
  for (const [appId, { version }] of txns) {
    const fetchedAtMs = Number(version);
    if (!appId.startsWith(PREFIX) || Number.isNaN(new Date(fetchedAtMs).getTime())) continue;
    if (last === null || fetchedAtMs > last.fetchedAtMs) {
      last = { source: appId.slice(PREFIX.length), fetchedAtMs };
    }
  }
  return last;
}

/** Whether a fetch was less than a day ago. One of the future says nothing: a clock was wrong. */
export function isOfToday({ fetchedAtMs }: FetchMark, nowMs: number): boolean {
  const ageMs = nowMs - fetchedAtMs;
  return ageMs >= 0 && ageMs < DAY_MS;
}
