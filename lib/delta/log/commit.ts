/** Commits a change: finds the next free version, checks it against what came first, writes it. */
import type { Actions, Add, CommitInfo, Metadata, Remove, SetTransaction } from "../actions/actions.ts";
import type { Backoff } from "../store/backoff.ts";
import { serializeCommit } from "../actions/commit_codec.ts";
import { type Attempt, type Conflict, findConflict, type Reads } from "./conflict.ts";
import type { TableContext } from "../schema/table_context.ts";
import { CommitConflictError } from "../errors.ts";
import { fileKey } from "../actions/log_encoding.ts";
import { isOvertaken } from "./listing.ts";
import { readCommitsAfter } from "./reader.ts";
import { assertWritable } from "./protocol.ts";
import { putCommit } from "./put_commit.ts";
import type { Commit, Snapshot } from "./snapshot.ts";
import type { Store } from "../store/store.ts";
import { tableProperties } from "../actions/table_properties.ts";

/** One change of a table. */
export interface CommitRequest {
  /** The state that the change was computed from. */
  readonly readSnapshot: Snapshot;
  /** Such as WRITE, MERGE, DELETE. */
  readonly operation: string;
  /** What was asked for, for the history. */
  readonly operationParameters?: Readonly<Record<string, string>>;
  /** Counts, for the history. */
  readonly operationMetrics?: Readonly<Record<string, string>>;
  /** Staged files that become part of the table. */
  readonly adds?: readonly Add[];
  /** Files of the read state that leave the table. */
  readonly removes?: readonly Add[];
  /** How far applications have come; a commit of the same application in between is a conflict. */
  readonly txns?: readonly SetTransaction[];
  /** What had to be read to compute it; "none" only when nothing was. */
  readonly reads: Reads;
  /** True when it only adds rows, whatever the table held; by default: nothing read and nothing removed. */
  readonly isBlindAppend?: boolean;
  /** The table's new metadata; only on a real change, since every other writer then has to start again. */
  readonly metadata?: Metadata;
  /** False when files are only rearranged: the same rows before and after. By default true. */
  readonly dataChange?: boolean;
}

/** How a commit ended. A conflict changed nothing; the change has to be computed again from the newer table. */
export type CommitResult =
  | { readonly status: "committed"; readonly version: number; readonly commits: readonly Commit[] }
  | { readonly status: "conflict"; readonly conflict: Conflict };

/** What a commit needs from its caller. */
export interface CommitContext extends TableContext {
  readonly store: Store;
  readonly backoff: Backoff;
  /** How many lost races end the commit. */
  readonly maxAttempts: number;
}

/** Names this library in the log. */
export const ENGINE_INFO = "Ratalake-Delta/1.0";

/**
 * Writes one version, after all that came since the read state, if none of it conflicts.
 *
 * Atomic: readers see all of the change or none. After a lost race without a conflict it is tried again at the next version.
 * `commits` of the result are all versions after the read state, its own last. After a store
 * has failed, the log is checked for the commit.
 *
 * @throws {CommitConflictError} when `maxAttempts` races were lost
 * @throws {UnknownOutcomeError} when the store cannot even say whether the commit is in
 * @throws {UnsupportedTableError} when the table has rules for writers that are not known here
 */
export async function commitChange(request: CommitRequest, context: CommitContext): Promise<CommitResult> {
  assertCommittable(request, context.store.label);
  const attempt = attemptOf(request);
  const actions = actionsOf(request, attempt, context);
  const sent = { txnId: actions.commitInfo?.txnId ?? "", bytes: serializeCommit(actions) };
  const commits: Commit[] = [];
  if (await isOvertaken(context.store, request.readSnapshot.version)) {
    return { status: "conflict", conflict: { kind: "expired", version: request.readSnapshot.version + 1 } };
  }
  for (let lost = 0; lost < context.maxAttempts;) {
    const version = request.readSnapshot.version + commits.length + 1;
    const committed = { status: "committed", version, commits: [...commits, { version, actions }] } as const;
    if (await putCommit({ ...sent, version }, context)) return committed;
    const winners = await readCommitsAfter(context.store, version - 1);
    if (isSame(winners[0]?.actions, actions)) return committed;
    for (const winner of winners) {
      const conflict = findConflict(attempt, winner);
      if (conflict !== undefined) return { status: "conflict", conflict };
    }
    for (const winner of winners) commits.push(winner);
    lost++;
    if (lost < context.maxAttempts) await context.backoff(lost);
  }
  throw raceLostError(context, request.readSnapshot.version + commits.length);
}

/** The `commitInfo` of a version. */
export function commitInfoOf(
  { operation, operationParameters = {}, operationMetrics = {} }: Pick<
    CommitRequest,
    "operation" | "operationParameters" | "operationMetrics"
  >,
  { clock, ids }: TableContext,
): CommitInfo {
  return {
    timestamp: clock(),
    operation,
    operationParameters,
    operationMetrics,
    engineInfo: ENGINE_INFO,
    txnId: ids(),
  };
}

function assertCommittable(
  { readSnapshot, removes = [], isBlindAppend, dataChange = true, metadata: newMetadata }: CommitRequest,
  label: string,
): void {
  const { protocol, metadata, files } = readSnapshot;
  assertWritable(label, protocol, metadata);
  if (newMetadata !== undefined) assertWritable(label, protocol, newMetadata);
  const unknown = removes.find(({ path }) => !files.has(fileKey(path)));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot remove "${unknown.path}": it is not in version ${readSnapshot.version}, expected a file`,
    );
  }
  if (removes.length > 0 && dataChange && tableProperties(metadata).appendOnly) {
    throw new TypeError(`Cannot remove files of "${label}": the table is append only, expected no removes`);
  }
  if (removes.length > 0 && isBlindAppend === true) {
    throw new TypeError(`Cannot commit to "${label}": found removes in a blind append, expected adds only`);
  }
}

function attemptOf(
  { readSnapshot, removes = [], txns = [], reads, dataChange = true }: CommitRequest,
): Attempt {
  return {
    appIds: new Set(txns.map(({ appId }) => appId)),
    removes,
    reads,
    readSnapshot,
    isolationLevel: dataChange ? tableProperties(readSnapshot.metadata).isolationLevel : "SnapshotIsolation",
  };
}

function actionsOf(request: CommitRequest, { isolationLevel }: Attempt, context: CommitContext): Actions {
  const { readSnapshot, adds = [], removes = [], txns = [], reads, metadata, dataChange = true } = request;
  const info = commitInfoOf(request, context);
  const isBlindAppend = request.isBlindAppend ?? (reads === "none" && removes.length === 0);
  const deletionTimestamp = info.timestamp ?? 0;
  return {
    commitInfo: { ...info, readVersion: readSnapshot.version, isolationLevel, isBlindAppend },
    ...(metadata === undefined ? {} : { metadata }),
    txns: datedTransactions(txns, readSnapshot.metadata, deletionTimestamp),
    removes: removes.map((add) => removeOf(add, { deletionTimestamp, dataChange })),
    adds: dataChange ? adds : adds.map((add) => ({ ...add, dataChange })),
  };
}

// Where old transactions are forgotten, their age has to be known.
function datedTransactions(
  txns: readonly SetTransaction[],
  metadata: Metadata,
  lastUpdated: number,
): readonly SetTransaction[] {
  if (tableProperties(metadata).setTransactionRetentionMs === undefined) return txns;
  return txns.map((txn) => ({ lastUpdated, ...txn }));
}

function removeOf(
  { path, partitionValues, size, tags, deletionVector }: Add,
  how: Required<Pick<Remove, "deletionTimestamp" | "dataChange">>,
): Remove {
  return {
    path,
    ...how,
    extendedFileMetadata: true,
    partitionValues,
    size,
    ...(tags === undefined ? {} : { tags }),
    ...(deletionVector === undefined ? {} : { deletionVector }),
  };
}

// A store may write the file and still report that it was taken, when an answer got lost and it tried again.
function isSame(found: Actions | undefined, { commitInfo }: Actions): boolean {
  return found?.commitInfo?.txnId !== undefined && found.commitInfo.txnId === commitInfo?.txnId;
}

function raceLostError({ store, maxAttempts }: CommitContext, version: number): CommitConflictError {
  const message =
    `Cannot commit to "${store.label}": ${maxAttempts} other commits came first, expected to win a race`;
  return new CommitConflictError(message, version, { table: store.label });
}
