/** The errors that a caller of the library may handle in different ways; wrong arguments end in built-in classes. */

/** What a {@linkcode DeltaError} is about, for code that cannot use `instanceof`. */
export type DeltaErrorCode =
  | "NOT_FOUND"
  | "TABLE_NOT_FOUND"
  | "CORRUPT_LOG"
  | "CORRUPT_FILE"
  | "TOO_LARGE"
  | "UNSUPPORTED"
  | "COMMIT_CONFLICT"
  | "UNKNOWN_OUTCOME"
  | StoreFault;

/** Why a store could not read or write a file. */
export type StoreFault =
  | "DISK_FULL"
  | "NAME_TOO_LONG"
  | "NO_PERMISSION"
  | "NO_FOLDER"
  | "NO_FILE"
  | "OUTSIDE"
  | "BUSY"
  | "IO_ERROR";

/** What the library knows of an error beside its message. */
export interface DeltaErrorOptions extends ErrorOptions {
  /** The label of the table's store. */
  readonly table?: string | undefined;
}

/** Where in the log a fault was found. */
export interface LogPosition {
  /** Path below the table root. */
  readonly path: string;
  /** Of the commit or checkpoint. */
  readonly version?: number;
  /** Counted from 1. */
  readonly line?: number;
}

/** What helps when a file of a table is broken, whichever it is. */
const CURE = "restore the file from a copy, or delete the table's folder and make the table again";

/** Every error of this library that is not about a wrong argument. */
export abstract class DeltaError extends Error {
  /** Which of them it is. */
  abstract readonly code: DeltaErrorCode;
  /** True when the same call may succeed later without any change. */
  readonly retriable: boolean = false;
  /** The label of the store of the table, such as its folder; undefined where no table is known. */
  readonly table: string | undefined;

  /** For the library itself. */
  constructor(message: string, { table, ...options }: DeltaErrorOptions = {}) {
    super(message, options);
    this.table = table;
  }
}

/** A store has no file of this path. Every store throws it for a missing file, and for nothing else. */
export class NotFoundError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "NotFoundError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "NOT_FOUND";
  /** Below the root of the store. */
  readonly path: string;
  /** Of the store. */
  readonly label: string;

  /** `cause` is what the system below the store said, where there is one. */
  constructor(path: string, label: string, options?: ErrorOptions) {
    super(`Cannot read "${path}" in "${label}": found no such file, expected one`, {
      ...options,
      table: label,
    });
    this.path = path;
    this.label = label;
  }
}

/** A store could not do what was asked: a full disk, a name that is too long, a missing right, a file that is no file. */
export class StoreError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "StoreError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code: StoreFault;
  /** True when space, files or a working disk may be there later. */
  override readonly retriable: boolean;
  /** Below the root of the store. */
  readonly path: string;

  /** For stores. */
  constructor(
    message: string,
    { code, path }: { readonly code: StoreFault; readonly path: string },
    options?: DeltaErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.path = path;
    this.retriable = code === "DISK_FULL" || code === "BUSY" || code === "IO_ERROR";
  }
}

/** There is no Delta log at this place. */
export class TableNotFoundError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "TableNotFoundError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "TABLE_NOT_FOUND";
}

/** The log of a table breaks the protocol: a gap, a broken line, a missing action. */
export class CorruptLogError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "CorruptLogError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "CORRUPT_LOG";
  /** The file of the log, below the root of the table. */
  readonly path: string;
  /** The version that could not be read, where it is one. */
  readonly version: number | undefined;
  /** Counted from 1, where it is one line. */
  readonly line: number | undefined;

  /** For the library itself. */
  constructor(message: string, position: LogPosition, options?: DeltaErrorOptions) {
    super(message, options);
    this.path = position.path;
    this.version = position.version;
    this.line = position.line;
  }

  /** The same error with the name of its table, and what helps. */
  inTable(table: string): CorruptLogError {
    if (this.table !== undefined) return this;
    const { path, version, line, cause } = this;
    const position = {
      path,
      ...(version === undefined ? {} : { version }),
      ...(line === undefined ? {} : { line }),
    };
    const message = `${this.message} (in the table "${table}"); ${CURE}`;
    return new CorruptLogError(message, position, { cause, table });
  }
}

/** A file that the log names is not what the log says, or cannot be read at all. */
export class CorruptFileError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "CorruptFileError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "CORRUPT_FILE";
  /** As the log spells it. */
  readonly path: string;

  /** For the library itself; the message names the file, this adds the table and what helps. */
  constructor(message: string, path: string, options: DeltaErrorOptions = {}) {
    const { table } = options;
    super(table === undefined ? message : `${message} (in the table "${table}"); ${CURE}`, options);
    this.path = path;
  }
}

/** Reading a file would take more memory than the table's options allow. */
export class TooLargeError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "TooLargeError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "TOO_LARGE";
  /** As the log spells it, or the file of the log. */
  readonly path: string;

  /** For the library itself. */
  constructor(message: string, path: string, options?: DeltaErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** The table needs something that this library does not do; nothing was read or written. */
export class UnsupportedTableError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "UnsupportedTableError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "UNSUPPORTED";
  /** Names of the features, types or versions that are not supported. */
  readonly features: readonly string[];

  /** For the library itself. */
  constructor(message: string, features: readonly string[], options?: DeltaErrorOptions) {
    super(message, options);
    this.features = features;
  }
}

/** The same error with the name of its table, where it is one of a log and does not have it yet. */
export function inTable(error: unknown, table: string): unknown {
  if (error instanceof CorruptLogError) return error.inTable(table);
  if (!(error instanceof UnsupportedTableError) || error.table !== undefined) return error;
  const message = `${error.message} (in the table "${table}")`;
  return new UnsupportedTableError(message, error.features, { cause: error.cause, table });
}

/** A commit lost every race it was allowed to run. The staged files are still there; trying again may help. */
export class CommitConflictError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "CommitConflictError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "COMMIT_CONFLICT";
  /** True: the same change, computed again, may win. */
  override readonly retriable = true;
  /** The newest version of the table that conflicted. */
  readonly version: number;

  /** For the library itself. */
  constructor(message: string, version: number, options?: DeltaErrorOptions) {
    super(message, options);
    this.version = version;
  }
}

/** A commit was sent and nobody can say whether it is in the table: look for `txnId` in its history. */
export class UnknownOutcomeError extends DeltaError {
  /** For messages and for code that cannot use `instanceof`. */
  override readonly name = "UnknownOutcomeError";
  /** See {@linkcode DeltaErrorCode}. */
  override readonly code = "UNKNOWN_OUTCOME";
  /** The version that it may have become. */
  readonly version: number;
  /** The name of the commit in `commitInfo`. */
  readonly txnId: string;

  /** For the library itself. */
  constructor(
    message: string,
    commit: { readonly version: number; readonly txnId: string; readonly table?: string },
    cause: unknown,
  ) {
    super(message, { cause, table: commit.table });
    this.version = commit.version;
    this.txnId = commit.txnId;
  }
}
