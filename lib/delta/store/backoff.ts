/** How long to wait after a lost race, without a clock or randomness of its own. */

import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";

/** Waits before the next attempt; attempts are counted from 1. */
export type Backoff = (attempt: number) => Promise<void>;

/** How long to wait, and on what. */
export interface BackoffOptions {
  /** From 0 to 1; without it there is no jitter. */
  readonly random?: () => number;
  /** By default a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds before the second attempt, without jitter; by default 4. */
  readonly firstDelayMs?: number;
  /** Milliseconds at most; by default 500. */
  readonly maxDelayMs?: number;
}

/**
 * Waits twice as long after each attempt up to a limit, and of that a random part between half and all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jitteredBackoff } from "../mod.ts";
 *
 * const waits: number[] = [];
 * const sleep = (milliseconds: number) => Promise.resolve(void waits.push(milliseconds));
 * const backoff = jitteredBackoff({ sleep, firstDelayMs: 100, maxDelayMs: 300 });
 * for (const attempt of [1, 2, 3]) await backoff(attempt);
 * assertEquals(waits, [100, 200, 300]);
 * ```
 */
export function jitteredBackoff(options: BackoffOptions = {}): Backoff {
  checkArguments("jitteredBackoff", { options }, { options: BACKOFF_OPTIONS });
  const { random = () => 1, sleep = sleepFor, firstDelayMs = 4, maxDelayMs = 500 } = options;
  return (attempt) => sleep(Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1)) * (0.5 + random() / 2));
}

const BACKOFF_OPTIONS = optionsOf({
  random: KIND.optional(KIND.callable),
  sleep: KIND.optional(KIND.callable),
  firstDelayMs: KIND.optional(KIND.positive),
  maxDelayMs: KIND.optional(KIND.positive),
});

function sleepFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
