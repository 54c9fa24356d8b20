/** What a caller of the Delta library may want to tell apart; everything else is a built-in class. */

/** Where in the log a fault was found. */
export interface LogPosition {
  /** Path below the table root. */
  readonly path: string;
  readonly version?: number;
  /** Counted from 1. */
  readonly line?: number;
}

/** A store has no file of this path. Every store throws it for a missing file, and for nothing else. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
  /** False: whoever wants to wait for a file lists the store again. */
  readonly retriable = false;
  /** Below the root of the store. */
  readonly path: string;
  /** Of the store. */
  readonly label: string;

  /** `cause` is what the system below the store said, where there is one. */
  constructor(path: string, label: string, options?: ErrorOptions) {
    super(`Cannot read "${path}" in "${label}": found no such file, expected one`, options);
    this.path = path;
    this.label = label;
  }
}

/** There is no Delta log at this place. */
export class TableNotFoundError extends Error {
  override readonly name = "TableNotFoundError";
}

/** The log of a table breaks the protocol: a gap, a broken line, a missing action. */
export class CorruptLogError extends Error {
  override readonly name = "CorruptLogError";
  readonly retriable = false;
  readonly path: string;
  readonly version: number | undefined;
  readonly line: number | undefined;

  constructor(message: string, position: LogPosition, options?: ErrorOptions) {
    super(message, options);
    this.path = position.path;
    this.version = position.version;
    this.line = position.line;
  }
}

/** A file that the log names is not what the log says, or cannot be read at all. */
export class CorruptFileError extends Error {
  override readonly name = "CorruptFileError";
  readonly retriable = false;
  /** As the log spells it. */
  readonly path: string;

  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** The table needs something that this library does not do; nothing was read or written. */
export class UnsupportedTableError extends Error {
  override readonly name = "UnsupportedTableError";
  readonly retriable = false;
  /** Names of the features, types or versions that are in the way. */
  readonly features: readonly string[];

  constructor(message: string, features: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.features = features;
  }
}

/** A commit lost every race it was allowed to run. The staged files are still there; trying again may help. */
export class CommitConflictError extends Error {
  override readonly name = "CommitConflictError";
  readonly retriable = true;
  /** The newest version of the table that was in the way. */
  readonly version: number;

  constructor(message: string, version: number, options?: ErrorOptions) {
    super(message, options);
    this.version = version;
  }
}

/** A commit was sent and nobody can say whether it is in the table: look for `txnId` in its history. */
export class UnknownOutcomeError extends Error {
  override readonly name = "UnknownOutcomeError";
  /** False: the same change, sent again, might be in twice. */
  readonly retriable = false;
  /** The version that it may have become. */
  readonly version: number;
  readonly txnId: string;

  constructor(message: string, commit: { readonly version: number; readonly txnId: string }, cause: unknown) {
    super(message, { cause });
    this.version = commit.version;
    this.txnId = commit.txnId;
  }
}
