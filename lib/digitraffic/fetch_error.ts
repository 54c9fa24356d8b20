/** The failure of the stage that fetches. */
import type { FailureOptions } from "../errors.ts";

/** What a {@linkcode FetchError} carries beside its message. */
export interface FetchErrorOptions extends FailureOptions {
  /** HTTP status of the last answer, when there was one. */
  readonly status?: number;
  /** How long the last answer asks to wait, when it does. */
  readonly retryAfterMs?: number;
}

/** The train API did not give a usable answer. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly retriable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: FetchErrorOptions = {}) {
    super(message, options);
    this.retriable = options.retriable ?? false;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
