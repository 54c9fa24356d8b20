import { readCheckpoint } from "./checkpoint_reader.ts";
import { parseCommit } from "./commit_codec.ts";
import { CorruptLogError, TableNotFoundError, UnsupportedTableError } from "./errors.ts";
import {
  commitPath,
  LAST_CHECKPOINT_PATH,
  LOG_FOLDER,
  type LogFile,
  parseLogPath,
  versionPrefix,
} from "./log_path.ts";
import { type Commit, replay, type Snapshot } from "./snapshot.ts";
import type { Store } from "./store/store.ts";

/** A checkpoint with all its parts. */
interface Checkpoint {
  readonly version: number;
  readonly paths: readonly string[];
}

/** What the log holds, as far as replay needs it. */
interface LogListing {
  /** Newest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Versions with a commit file, oldest first. */
  readonly commits: readonly number[];
  /** True when a checkpoint of a kind that is not read here was passed over. */
  readonly hasUuidCheckpoint: boolean;
}

/**
 * Reads the newest state of a table: the newest checkpoint that can be read, and the commits after it.
 *
 * @throws {TableNotFoundError} when there is no log
 * @throws {CorruptLogError} on a gap or a broken file
 */
export async function readSnapshot(store: Store): Promise<Snapshot> {
  const hint = await readHint(store);
  const recent = hint === undefined ? undefined : await listLog(store, hint);
  const listing = recent?.checkpoints.length ? recent : await listLog(store, 0);
  const [newest] = listing.checkpoints;
  if (newest === undefined && listing.commits.length === 0) {
    throw new TableNotFoundError(
      `Cannot open the table "${store.label}": found no log, expected ${LOG_FOLDER}`,
    );
  }
  return await readFromCheckpoint(store, listing);
}

/** Reads one commit; undefined when this version is not there (yet). */
export async function readCommit(store: Store, version: number): Promise<Commit | undefined> {
  try {
    return { version, actions: parseCommit(await store.read(commitPath(version)), version) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Reads the commits after a version in order, until one is not there. */
export async function readCommitsAfter(store: Store, version: number): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  for (let next = version + 1;; next++) {
    const commit = await readCommit(store, next);
    if (commit === undefined) return commits;
    commits.push(commit);
  }
}

// The hint only saves a listing; whatever is wrong with it is no fault of the table.
async function readHint(store: Store): Promise<number | undefined> {
  try {
    const { version } = JSON.parse(new TextDecoder().decode(await store.read(LAST_CHECKPOINT_PATH)));
    return Number.isSafeInteger(version) && version > 0 ? version : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}

async function listLog(store: Store, from: number): Promise<LogListing> {
  const entries = await store.list(LOG_FOLDER, { startAfter: versionPrefix(from) });
  const files = entries.flatMap(({ path }) => {
    const file = parseLogPath(path);
    return file === undefined ? [] : [{ path, file }];
  });
  return {
    checkpoints: completeCheckpoints(files),
    commits: files.flatMap(({ file }) => file.kind === "commit" ? [file.version] : []),
    hasUuidCheckpoint: files.some(({ file }) => file.kind === "uuidCheckpoint"),
  };
}

// A checkpoint in parts counts when all its parts are there.
function completeCheckpoints(
  files: readonly { readonly path: string; readonly file: LogFile }[],
): readonly Checkpoint[] {
  const found = new Map<string, { version: number; parts: number; paths: string[] }>();
  for (const { path, file } of files) {
    if (file.kind !== "checkpoint") continue;
    const key = `${file.version}/${file.parts}`;
    const checkpoint = found.get(key) ?? { version: file.version, parts: file.parts, paths: [] };
    checkpoint.paths.push(path);
    found.set(key, checkpoint);
  }
  return [...found.values()]
    .filter(({ parts, paths }) => paths.length === parts)
    .sort((left, right) => right.version - left.version);
}

async function readFromCheckpoint(store: Store, listing: LogListing): Promise<Snapshot> {
  let fault: unknown;
  for (const checkpoint of listing.checkpoints) {
    try {
      const { version, paths } = checkpoint;
      const base = replay(undefined, [{ version, actions: await readCheckpoint(store, paths, version) }]);
      return await replayCommits(store, listing, base);
    } catch (error) {
      if (!(error instanceof CorruptLogError)) throw error;
      fault ??= error;
    }
  }
  if (listing.commits[0] !== 0) throw fault ?? missingStartError(store, listing);
  return await replayCommits(store, listing, undefined);
}

async function replayCommits(
  store: Store,
  listing: LogListing,
  base: Snapshot | undefined,
): Promise<Snapshot> {
  const after = base?.version ?? -1;
  const versions = listing.commits.filter((version) => version > after);
  const commits = await Promise.all(versions.map((version) => readListedCommit(store, version)));
  return replay(base, commits);
}

async function readListedCommit(store: Store, version: number): Promise<Commit> {
  const commit = await readCommit(store, version);
  if (commit !== undefined) return commit;
  const path = commitPath(version);
  throw new CorruptLogError(`Cannot read "${path}": it vanished, expected a commit`, { path, version });
}

function missingStartError(store: Store, listing: LogListing): Error {
  if (listing.hasUuidCheckpoint) {
    const message =
      `Cannot open the table "${store.label}": found only checkpoints named by UUID, expected classic ones`;
    return new UnsupportedTableError(message, ["v2Checkpoint"]);
  }
  const path = commitPath(0);
  const message =
    `Cannot open the table "${store.label}": found no checkpoint and no "${path}", expected one of them`;
  return new CorruptLogError(message, { path, version: 0 });
}
