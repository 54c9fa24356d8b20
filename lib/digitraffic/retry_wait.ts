/**
 * Decides whether a failed request is repeated, and after what wait.
 *
 * @module
 */

const BASE_MS = 1_000;
const CAP_MS = 30_000;
/** The API counts requests per minute, so trying again sooner after a 429 only prolongs the refusal. */
const RATE_LIMIT_MS = 60_000;
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429]);

/** What is known about a failed attempt. */
interface FailedAttempt {
  /** 1 after the first attempt. */
  readonly attempt: number;
  /** Absent when no response came. */
  readonly status?: number;
  /** The header as it came. */
  readonly retryAfter?: string | null;
}

/** The outer world, as far as a wait depends on it. */
interface RetryWaitOptions {
  readonly nowMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/** True when the same request may succeed later: 408, 429 and the server's own faults. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUSES.has(status) || status >= 500;
}

/**
 * Milliseconds to wait before the next attempt: what the server asks for, else exponential with full jitter.
 * A 429 that names no time waits a minute plus the jitter.
 */
export function retryWaitMs(failed: FailedAttempt, options: RetryWaitOptions): number {
  const asked = parseRetryAfter(failed.retryAfter ?? null, options.nowMs);
  if (asked !== null) return asked;
  const jitter = Math.round(options.random * Math.min(CAP_MS, BASE_MS * 2 ** (failed.attempt - 1)));
  return failed.status === 429 ? RATE_LIMIT_MS + jitter : jitter;
}

/** The milliseconds of a Retry-After in both spellings of RFC 9110: seconds, or an HTTP date. Anything else is absent. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const until = Date.parse(text);
  return Number.isNaN(until) ? null : Math.max(0, until - nowMs);
}
