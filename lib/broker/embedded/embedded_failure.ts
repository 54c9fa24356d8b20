/** Turns what SQLite says into what a person can act on. */

import { BrokerError } from "../../errors.ts";

/** The way out of a file that is no good: tables that were filled from it would refuse the new one. */
export const NEW_FILE_ADVICE = "move it away together with the tables that were filled from it, or run " +
  "`deno task reset`, which deletes both; a new one is created";

interface Diagnosis {
  readonly codes: readonly number[];
  /** Deno gives no code for statements without parameters, only SQLite's fixed English text. */
  readonly text: RegExp;
  readonly found: string;
  readonly expected: string;
  readonly retriable: boolean;
}

const LOCKED: Diagnosis = {
  codes: [5, 6],
  text: /database (table )?is locked/,
  found: "another process keeps it locked",
  expected: "the lock within 10 seconds; try again",
  retriable: true,
};

const DIAGNOSES: readonly Diagnosis[] = [
  LOCKED,
  {
    codes: [8],
    text: /readonly database/,
    found: "it is read-only",
    expected: "a file and folder that this user may write",
    retriable: false,
  },
  {
    codes: [11, 26],
    text: /file is not a database|disk image is malformed/,
    found: "it is damaged or not a SQLite file",
    expected: `the broker's own file; ${NEW_FILE_ADVICE}`,
    retriable: false,
  },
  {
    codes: [13],
    text: /database or disk is full/,
    found: "the disk is full and nothing of this call was kept",
    expected: "free space; free some and try again",
    retriable: true,
  },
  {
    codes: [10],
    text: /disk I\/O error/,
    found: "the disk reports an I/O error, which a full disk may be too",
    expected: "free space on a working disk",
    retriable: false,
  },
  {
    codes: [14],
    text: /unable to open database file/,
    found: "the file cannot be opened or created",
    expected: "a file and folder that this user may read and write",
    retriable: false,
  },
];

/** A `BrokerError` for a failed call on the broker file; errors that already are one pass unchanged. */
export function embeddedFailure(action: string, path: string, cause: unknown): BrokerError {
  if (cause instanceof BrokerError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = sqliteCode(cause);
  const known = DIAGNOSES.find((each) =>
    code === undefined ? each.text.test(text) : each.codes.includes(code)
  );
  if (known === undefined) {
    return new BrokerError(`Cannot ${action} in broker file "${path}": ${text}`, { cause });
  }
  const message = `Cannot ${action} in broker file "${path}": ${known.found}, expected ${known.expected}`;
  return new BrokerError(message, { cause, retriable: known.retriable });
}

/** True when another process holds a lock, so that the same call may succeed a moment later. */
export function isLocked(cause: unknown): boolean {
  if (!(cause instanceof Error) || cause instanceof BrokerError) return false;
  const code = sqliteCode(cause);
  return code === undefined ? LOCKED.text.test(cause.message) : LOCKED.codes.includes(code);
}

function sqliteCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !("errcode" in cause) || typeof cause.errcode !== "number") {
    return undefined;
  }
  return cause.errcode & 0xff;
}
