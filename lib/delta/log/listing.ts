/** What is in the log, by the names of its files alone. */
import { commitPath, LOG_FOLDER, type LogFile, parseLogPath, versionPrefix } from "../actions/log_path.ts";
import { NotFoundError } from "../errors.ts";
import type { Store } from "../store/store.ts";

/** A checkpoint with all its parts. */
export interface Checkpoint {
  readonly version: number;
  readonly paths: readonly string[];
}

/** Several commits in one file. */
export interface CompactedLog {
  readonly path: string;
  readonly since: number;
  readonly version: number;
}

/** What the log holds, as far as replay needs it. */
export interface LogListing {
  /** Newest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Versions with a commit file, oldest first. */
  readonly commits: readonly number[];
  readonly compacted: readonly CompactedLog[];
  /** When the newest file was written, in milliseconds since 1970 UTC. */
  readonly newestMs: number | undefined;
}

interface ListedFile {
  readonly path: string;
  readonly file: LogFile;
  readonly modifiedMs: number;
}

/** Lists the log from a version on, up to another when one is given. */
export async function listLog(store: Store, from: number, to = Number.MAX_SAFE_INTEGER): Promise<LogListing> {
  const entries = await store.list(LOG_FOLDER, { startAfter: versionPrefix(from) });
  const files = entries.flatMap(({ path, modifiedMs }): readonly ListedFile[] => {
    const file = parseLogPath(path);
    return file === undefined || file.version > to ? [] : [{ path, file, modifiedMs }];
  });
  return {
    checkpoints: completeCheckpoints(files),
    commits: files.flatMap(({ file }) => file.kind === "commit" ? [file.version] : []),
    compacted: files.flatMap(({ path, file }) =>
      file.kind === "compacted" ? [{ path, since: file.since, version: file.version }] : []
    ),
    newestMs: files.at(-1)?.modifiedMs,
  };
}

/** Whether a version has its commit file. Reads, since a store whose listings are late knows its files by name at once. */
export async function hasCommit(store: Store, version: number): Promise<boolean> {
  try {
    await store.read(commitPath(version), { offset: 0, length: 1 });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

/**
 * Whether the log was cleaned beyond a version. Then "the next version is not there" does not mean that nobody has
 * written it: a commit to that place would lie behind the newest checkpoint and be lost.
 */
export async function isOvertaken(store: Store, version: number): Promise<boolean> {
  if (await hasCommit(store, version)) return false;
  const later = await store.list(LOG_FOLDER, { startAfter: versionPrefix(version + 1) });
  return later.some(({ path }) => parseLogPath(path) !== undefined);
}

// A multi-part checkpoint counts when all its parts are there.
function completeCheckpoints(files: readonly ListedFile[]): readonly Checkpoint[] {
  const whole = files.flatMap(({ path, file }) =>
    file.kind === "v2Checkpoint" ? [{ version: file.version, parts: 1, paths: [path] }] : []
  );
  const found = new Map<string, { version: number; parts: number; paths: string[] }>();
  for (const { path, file } of files) {
    if (file.kind !== "checkpoint") continue;
    const key = `${file.version}/${file.parts}`;
    const checkpoint = found.get(key) ?? { version: file.version, parts: file.parts, paths: [] };
    checkpoint.paths.push(path);
    found.set(key, checkpoint);
  }
  return [...whole, ...found.values()]
    .filter(({ parts, paths }) => paths.length === parts)
    .sort((left, right) => right.version - left.version);
}
