/** Writes one version to a store that may fail without saying whether it has written. */
import type { Backoff } from "../store/backoff.ts";
import { UnknownOutcomeError } from "../errors.ts";
import { commitPath } from "../actions/log_path.ts";
import { hasCommit } from "./listing.ts";
import type { Store } from "../store/store.ts";

/** One version, ready to be written. */
export interface CommitBytes {
  readonly version: number;
  /** Identifies this commit among all others. */
  readonly txnId: string;
  readonly bytes: Uint8Array;
}

/** What writing needs from its caller. */
export interface PutContext {
  readonly store: Store;
  readonly backoff: Backoff;
  readonly maxAttempts: number;
}

/**
 * Writes a version once. False when the version is there and may be another's: then the log has to be checked.
 *
 * A store that fails may have written nevertheless, so the version is read back. Where a failed write may still take
 * effect, the same bytes are sent again: whichever of the two wins, it is this commit.
 *
 * @throws {UnknownOutcomeError} when it cannot be found out whether the version was written
 */
export async function putCommit(commit: CommitBytes, context: PutContext): Promise<boolean> {
  const { store, backoff, maxAttempts } = context;
  assertAtomic(store);
  for (let failed = 1;; failed++) {
    try {
      return await store.putIfAbsent(commitPath(commit.version), commit.bytes);
    } catch (cause) {
      if (await isThere(commit, store, cause)) return false;
      if (store.guarantees.failedPutLeavesNothing) throw cause;
      if (failed >= maxAttempts) throw unknownOutcome(commit, store.label, cause);
    }
    await backoff(failed);
  }
}

function assertAtomic({ label, guarantees }: Store): void {
  if (guarantees.atomicPutIfAbsent) return;
  throw new TypeError(
    `Cannot commit to "${label}": its store lets two writers take one version, expected atomicPutIfAbsent`,
  );
}

async function isThere(commit: CommitBytes, store: Store, cause: unknown): Promise<boolean> {
  try {
    return await hasCommit(store, commit.version);
  } catch {
    throw unknownOutcome(commit, store.label, cause);
  }
}

function unknownOutcome(commit: CommitBytes, label: string, cause: unknown): UnknownOutcomeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message =
    `Cannot determine whether version ${commit.version} of "${label}" was committed: found "${reason}", expected an answer`;
  return new UnknownOutcomeError(message, { ...commit, table: label }, cause);
}
