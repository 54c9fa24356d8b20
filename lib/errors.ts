/** Errors that callers in several folders tell apart; everything else is a built-in class. */

/** What every Ratalake error carries beside its message. */
export interface FailureOptions extends ErrorOptions {
  /** True when the same call may succeed later without any change. */
  readonly retriable?: boolean;
}

/** The user asked for something impossible: wrong flag, wrong value, missing file. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** One line per fault; all faults of one call are reported together. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(faults.join("\n"), options);
    this.faults = faults;
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

/** A read of offsets that the log does not hold, or not any more: retention, or another process, may have been faster. */
export class OffsetOutOfRangeError extends BrokerError {}

/** The log at hand is not the one that filled the tables: no wait makes it that one. */
export class OtherLogError extends BrokerError {}

/** A table lacks rows that it had, and nobody but who deleted them can bring them back. */
export class LostRowsError extends Error {
  override readonly name = "LostRowsError";
}

/** A refusal of the system that a caller has an answer to. */
type SystemFault = "not found" | "no folder" | "missing right";

/**
 * Recognises three refusals of the system; null for every other error.
 *
 * Judged by code and name, not by Deno's classes: errors of `node:` modules are of no such class but carry the same
 * codes, and a missing right, which has no code, has the same name everywhere.
 */
export function systemFault(error: unknown): SystemFault | null {
  if (!(error instanceof Error)) return null;
  if (error.name === "NotCapable") return "missing right";
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "not found";
  // The path leads through a file, or a file was to be listed.
  return code === "ENOTDIR" ? "no folder" : null;
}
