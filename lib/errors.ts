/** Errors that a caller may want to tell apart; everything else is a built-in class. */

/** What every Ratalake error carries beside its message. */
export interface FailureOptions extends ErrorOptions {
  /** True when the same call may succeed later without any change. */
  readonly retriable?: boolean;
}

/** The user asked for something that cannot be: wrong flag, wrong value, missing file. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** One line per fault; all faults of one call are reported together. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(faults.join("\n"), options);
    this.faults = faults;
  }
}

/** The train API did not give a usable answer. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly retriable: boolean;
  /** HTTP status of the last answer, when there was one. */
  readonly status: number | undefined;

  constructor(message: string, options: FailureOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.retriable = options.retriable ?? false;
    this.status = options.status;
  }
}

/** The broker refused, lost contact, or its log is not what it should be. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly retriable: boolean;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options);
    this.retriable = options.retriable ?? false;
  }
}
