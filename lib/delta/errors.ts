/** The errors that a caller of the library may handle in different ways; all others are built-in classes. */

/** Where in the log a fault was found. */
export interface LogPosition {
  /** Path below the table root. */
  readonly path: string;
  /** Of the commit or checkpoint. */
  readonly version?: number;
  /** Counted from 1. */
  readonly line?: number;
}

/** A store has no file of this path. Every store throws it for a missing file, and for nothing else. */
export class NotFoundError extends Error {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "NotFoundError";
  /** False: the file stays missing until somebody writes it. */
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
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "TableNotFoundError";
}

/** The log of a table breaks the protocol: a gap, a broken line, a missing action. */
export class CorruptLogError extends Error {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "CorruptLogError";
  /** False: the log stays as it is. */
  readonly retriable = false;
  /** The file of the log, below the root of the table. */
  readonly path: string;
  /** The version that could not be read, where it is one. */
  readonly version: number | undefined;
  /** Counted from 1, where it is one line. */
  readonly line: number | undefined;

  /** For the library itself. */
  constructor(message: string, position: LogPosition, options?: ErrorOptions) {
    super(message, options);
    this.path = position.path;
    this.version = position.version;
    this.line = position.line;
  }
}

/** A file that the log names is not what the log says, or cannot be read at all. */
export class CorruptFileError extends Error {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "CorruptFileError";
  /** False: the file stays as it is. */
  readonly retriable = false;
  /** As the log spells it. */
  readonly path: string;

  /** For the library itself. */
  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** The table needs something that this library does not do; nothing was read or written. */
export class UnsupportedTableError extends Error {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "UnsupportedTableError";
  /** False: the table stays as it is. */
  readonly retriable = false;
  /** Names of the features, types or versions that are not supported. */
  readonly features: readonly string[];

  /** For the library itself. */
  constructor(message: string, features: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.features = features;
  }
}

/** A commit lost every race it was allowed to run. The staged files are still there; trying again may help. */
export class CommitConflictError extends Error {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "CommitConflictError";
  /** True: the same change, computed again, may win. */
  readonly retriable = true;
  /** The newest version of the table that conflicted. */
  readonly version: number;

  /** For the library itself. */
  constructor(message: string, version: number, options?: ErrorOptions) {
    super(message, options);
    this.version = version;
  }
}

/** A commit was sent and nobody can say whether it is in the table: look for `txnId` in its history. */
export class UnknownOutcomeError extends Error {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "UnknownOutcomeError";
  /** False: the same change, sent again, might be in twice. */
  readonly retriable = false;
  /** The version that it may have become. */
  readonly version: number;
  /** The name of the commit in `commitInfo`. */
  readonly txnId: string;

  /** For the library itself. */
  constructor(message: string, commit: { readonly version: number; readonly txnId: string }, cause: unknown) {
    super(message, { cause });
    this.version = commit.version;
    this.txnId = commit.txnId;
  }
}
