/** Waits while another process holds the broker file locked: without stopping this one, and not for ever. */

import { setTimeout as sleep } from "node:timers/promises";

import { isLocked } from "./embedded_failure.ts";

/** What the message of a lock that is not given says, too. */
const DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** How time passes while a lock is awaited. */
export interface LockWait {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** The wait of a real process. */
export const REAL_LOCK_WAIT: LockWait = {
  monotonic: () => performance.now(),
  pause: (milliseconds) => sleep(milliseconds),
};

/**
 * Runs the work, which must have done nothing when it meets a lock, until it meets none. All tries together have one
 * deadline; then, or when the signal comes, it fails as the last try did.
 */
export async function untilUnlocked<T>(
  work: () => T,
  { monotonic, pause, signal }: LockWait,
): Promise<T> {
  const startMs = monotonic();
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (cause) {
      const isOver = signal?.aborted === true || monotonic() - startMs >= DEADLINE_MS;
      if (isOver || !isLocked(cause)) throw cause;
    }
    await pause(pauseMs);
  }
}
