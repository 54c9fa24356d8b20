/** How long a follower waits after a failure. Pure. */
import { FetchError } from "../../digitraffic/fetch_error.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Whatever a server asks for. */
const MOST_ASKED_MS = 60 * MINUTE_MS;

/** A failure, and how many there were in a row, this one included. */
interface Failure {
  readonly error: unknown;
  readonly failures: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * Milliseconds until it is tried again: doubled with each failure in a row, from 15 s to 5 minutes; from a minute to 15
 * where the API says that it is asked too often; never shorter than the server asks, up to an hour.
 */
export function retryLaterMs({ error, failures, random }: Failure): number {
  const isTooOften = error instanceof FetchError && error.status === 429;
  const [firstMs, mostMs] = isTooOften ? [MINUTE_MS, 15 * MINUTE_MS] : [15 * SECOND_MS, 5 * MINUTE_MS];
  const steadyMs = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 20));
  const askedMs = error instanceof FetchError ? error.retryAfterMs ?? 0 : 0;
  return Math.max(Math.round(steadyMs * (1 + random / 4)), Math.min(askedMs, MOST_ASKED_MS));
}

/** The same for a broker, or a disk, which are nobody else's and come back sooner: from 2 s to a minute. */
export function retryBrokerMs({ failures, random }: Omit<Failure, "error">): number {
  const steadyMs = Math.min(MINUTE_MS, 2 * SECOND_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(steadyMs * (1 + random / 4));
}
