/** Reads the log into snapshots, going around broken checkpoints where older files allow it. */
import type { ActionsDraft } from "../actions/action_reader.ts";
import { readCommitTime } from "./commit_time.ts";
import { readCheckpointHint } from "./checkpoint_hint.ts";
import { readCheckpoint } from "./checkpoint_reader.ts";
import { parseCommit, readActionLines } from "../actions/commit_codec.ts";
import { CorruptLogError, inTable, NotFoundError, TableNotFoundError } from "../errors.ts";
import { type Checkpoint, type CompactedLog, listLog, type LogListing } from "./listing.ts";
import { commitPath, LOG_FOLDER } from "../actions/log_path.ts";
import { atTime, type Commit, replay, type Snapshot } from "./snapshot.ts";
import type { Store } from "../store/store.ts";

/** Options of {@linkcode readSnapshot}. */
export interface SnapshotOptions {
  /** Not the newest version but this one. */
  readonly version?: number | undefined;
}

/**
 * Reads the state of a table at its newest version, or at an older one: the newest checkpoint before it that can be
 * read, and the commits after that.
 *
 * @throws {TableNotFoundError} when there is no log
 * @throws {RangeError} when the table does not have the version, or not any more
 * @throws {CorruptLogError} on a gap or a broken file
 */
export async function readSnapshot(store: Store, { version }: SnapshotOptions = {}): Promise<Snapshot> {
  try {
    return await readState(store, version);
  } catch (error) {
    throw inTable(error, store.label);
  }
}

async function readState(store: Store, version: number | undefined): Promise<Snapshot> {
  const hint = await readCheckpointHint(store);
  const isUsable = hint !== undefined && hint > 0 && hint <= (version ?? hint);
  const recent = isUsable ? await listLog(store, hint, version) : undefined;
  if (recent !== undefined && recent.checkpoints.length > 0) {
    const snapshot = await readOrFault(store, recent);
    if (!(snapshot instanceof CorruptLogError)) return assertVersion(store, snapshot, version);
  }
  const listing = await listLog(store, 0, version);
  if (listing.checkpoints.length === 0 && listing.commits.length === 0) throw await notFound(store, version);
  if (version !== undefined) assertReachable(store, listing, version);
  const snapshot = await readOrFault(store, listing);
  if (snapshot instanceof CorruptLogError) throw snapshot;
  return assertVersion(store, snapshot, version);
}

/** Options of {@linkcode readCommit}. */
export interface CommitOptions {
  /** True for a caller that looks at the faults itself; by default the first one is thrown. */
  readonly withFaults?: boolean;
}

/**
 * Reads one commit; undefined when this version is not there (yet).
 *
 * @throws {CorruptLogError} when a line is broken, or an action has a wrong shape
 */
export async function readCommit(
  store: Store,
  version: number,
  { withFaults = false }: CommitOptions = {},
): Promise<Commit | undefined> {
  try {
    const actions = parseCommit(await store.read(commitPath(version)), version);
    const [fault] = actions.faults ?? [];
    if (fault !== undefined && !withFaults) throw fault.error;
    return { version, actions };
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw inTable(error, store.label);
  }
}

/** Reads the commits after a version in order, until one is not there. */
export async function readCommitsAfter(
  store: Store,
  version: number,
  options: CommitOptions = {},
): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  for (let next = version + 1;; next++) {
    const commit = await readCommit(store, next, options);
    if (commit === undefined) return commits;
    commits.push(commit);
  }
}

// A broken checkpoint is skipped while an older one or all commits are there.
async function readOrFault(store: Store, listing: LogListing): Promise<Snapshot | CorruptLogError> {
  let fault: CorruptLogError | undefined;
  const isWhole = listing.commits[0] === 0 || listing.compacted.some(({ since }) => since === 0);
  for (const checkpoint of [...listing.checkpoints, ...(isWhole ? [undefined] : [])]) {
    try {
      return await replayCommits(store, listing, await readBase(store, checkpoint));
    } catch (error) {
      if (!(error instanceof CorruptLogError)) throw error;
      fault ??= error;
    }
  }
  return fault ?? missingStartError(store);
}

async function readBase(store: Store, checkpoint: Checkpoint | undefined): Promise<Snapshot | undefined> {
  if (checkpoint === undefined) return undefined;
  const { version, paths } = checkpoint;
  const { actions, laterRemoves } = await readCheckpoint(store, paths, version);
  return replay(undefined, [{ version, actions }], laterRemoves === undefined ? {} : { laterRemoves });
}

async function replayCommits(
  store: Store,
  { commits, compacted, newestMs }: LogListing,
  base: Snapshot | undefined,
): Promise<Snapshot> {
  const after = base?.version ?? -1;
  const single = commits.filter((version) => version > after);
  const merged = compacted.length === 0 ? [] : bridges(single, compacted, after);
  if (base !== undefined && single.length + merged.length === 0) return await withTime(store, base, newestMs);
  const read = await Promise.all([
    ...single.map((version) => readListedCommit(store, version)),
    ...merged.map((log) => readCompacted(store, log)),
  ]);
  const inOrder = merged.length === 0 ? read : read.toSorted((left, right) => left.version - right.version);
  return replay(base, inOrder, { endsBase: true });
}

// A checkpoint has no commitInfo, so the time is that of the commit, or of the file where the commit is gone.
async function withTime(store: Store, snapshot: Snapshot, newestMs: number | undefined): Promise<Snapshot> {
  const timestamp = await readCommitTime(store, snapshot.version) ?? newestMs;
  return timestamp === undefined ? snapshot : atTime(snapshot, Math.floor(timestamp));
}

// Compacted logs repeat what the commits say, so only those over a gap in the commits are needed.
function bridges(
  versions: readonly number[],
  compacted: readonly CompactedLog[],
  after: number,
): readonly CompactedLog[] {
  const present = new Set(versions);
  const last = compacted.reduce((newest, { version }) => Math.max(newest, version), after);
  const needed: CompactedLog[] = [];
  for (let next = after + 1; next <= last; next++) {
    if (present.has(next)) continue;
    const bridge = compacted.find(({ since, version }) => since <= next && version >= next && since > after);
    if (bridge === undefined) continue;
    needed.push(bridge);
    next = bridge.version;
  }
  return needed;
}

async function readCompacted(store: Store, { path, since, version }: CompactedLog): Promise<Commit> {
  const actions: ActionsDraft = { txns: [], removes: [], adds: [] };
  readActionLines(await store.read(path), { path, version }, actions);
  return { since, version, actions };
}

async function readListedCommit(store: Store, version: number): Promise<Commit> {
  const commit = await readCommit(store, version, { withFaults: true });
  if (commit !== undefined) return commit;
  const path = commitPath(version);
  throw new CorruptLogError(`Cannot read "${path}": it vanished, expected a commit`, { path, version });
}

async function notFound(store: Store, version: number | undefined): Promise<Error> {
  const isThere = version !== undefined && (await listLog(store, 0)).commits.length > 0;
  if (isThere) return versionError(store, version, "none so old");
  const message = `Cannot open the table "${store.label}": found no log, expected ${LOG_FOLDER}`;
  return new TableNotFoundError(message, { table: store.label });
}

function assertReachable(store: Store, { checkpoints, commits }: LogListing, version: number): void {
  const start = checkpoints.at(-1)?.version ?? commits[0];
  if (checkpoints.length === 0 && start !== 0) throw versionError(store, version, "its log cleaned away");
}

function assertVersion(store: Store, snapshot: Snapshot, version: number | undefined): Snapshot {
  if (version === undefined || snapshot.version === version) return snapshot;
  throw versionError(store, version, `version ${snapshot.version} as the newest`);
}

function versionError(store: Store, version: number, found: string): RangeError {
  return new RangeError(
    `Cannot open version ${version} of the table "${store.label}": found ${found}, expected another version`,
  );
}

function missingStartError(store: Store): CorruptLogError {
  const path = commitPath(0);
  const message =
    `Cannot open the table "${store.label}": found no checkpoint and no "${path}", expected one of them`;
  return new CorruptLogError(message, { path, version: 0 });
}
