/** The protocol's rules for two commits at a time, in one place. */
import type { Add, Remove } from "../actions/actions.ts";
import { fileKey, realPath } from "../actions/log_encoding.ts";
import type { Commit, Snapshot } from "./snapshot.ts";

/** Why a commit cannot follow another one that came first. */
export interface Conflict {
  /** Which rule of the protocol forbids it. */
  readonly kind:
    | "txn"
    | "concurrentRemove"
    | "concurrentAppend"
    | "metadata"
    | "protocol"
    /** The commits in between are no longer in the log, so what they did is unknown. */
    | "expired";
  /** The version that came first. */
  readonly version: number;
  /** Of a "txn" conflict: the application that has moved on. */
  readonly appId?: string;
}

/**
 * What a commit has read to know what to write: nothing, or the files that a predicate matches. Called with files that
 * others added or removed since then; true means that the commit would have read them.
 */
export type Reads =
  | "none"
  | { readonly matches: (partitionValues: Readonly<Record<string, string | null>>, file: Add) => boolean };

/**
 * How strictly appends of others count: Serializable takes their order as given, WriteSerializable may swap those that
 * read nothing, and SnapshotIsolation, for changes that only rearrange rows, ignores all of them.
 */
export type IsolationLevel = "WriteSerializable" | "Serializable" | "SnapshotIsolation";

/** What is about to be committed, as far as conflicts are concerned. */
export interface Attempt {
  readonly appIds: ReadonlySet<string>;
  readonly removes: readonly Pick<Remove, "path">[];
  readonly reads: Reads;
  /** The state that was read. */
  readonly readSnapshot: Snapshot;
  readonly isolationLevel: IsolationLevel;
}

/** Decides whether the attempt may follow a commit that came first; undefined means that it may. */
export function findConflict(attempt: Attempt, { version, actions }: Commit): Conflict | undefined {
  if (actions.protocol !== undefined) return { kind: "protocol", version };
  if (actions.metadata !== undefined) return { kind: "metadata", version };
  const txn = actions.txns.find(({ appId }) => attempt.appIds.has(appId));
  if (txn !== undefined) return { kind: "txn", version, appId: txn.appId };
  if (actions.removes.some((remove) => takesMine(attempt, remove))) {
    return { kind: "concurrentRemove", version };
  }
  const isPassedOver = attempt.isolationLevel === "SnapshotIsolation" ||
    (attempt.isolationLevel === "WriteSerializable" && actions.commitInfo?.isBlindAppend === true);
  if (!isPassedOver && actions.adds.some((add) => changesRead(attempt.reads, add))) {
    return { kind: "concurrentAppend", version };
  }
  return undefined;
}

// A remove need not repeat the partition values, so the file is looked up as it was when it was read.
function takesMine({ removes, reads, readSnapshot }: Attempt, { path }: Remove): boolean {
  // Two spellings are two files in the log, but one on the disk.
  const place = realPath(path);
  if (removes.some((mine) => realPath(mine.path) === place)) return true;
  const file = readSnapshot.files.get(fileKey(path));
  return reads !== "none" && file !== undefined && reads.matches(file.partitionValues, file);
}

// A file that only rearranges rows brings nothing that was not read.
function changesRead(reads: Reads, add: Add): boolean {
  return reads !== "none" && add.dataChange && reads.matches(add.partitionValues, add);
}
