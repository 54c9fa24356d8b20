/** Removes log files that no version within the retention needs. */
import { LOG_FOLDER } from "../actions/log_path.ts";
import type { Store, StoreEntry } from "../store/store.ts";

/** A file of the log that belongs to one version, or ends with it. */
interface VersionedFile {
  readonly path: string;
  readonly version: number;
  readonly modifiedMs: number;
  /** What follows the version: "json", "checkpoint.parquet". */
  readonly kind: string;
}

const VERSIONED =
  /^(?:\d{20}\.)?(\d{20})\.(json|crc|compacted\.json|checkpoint\.(?:[0-9a-fA-F-]+\.)*(?:json|parquet))$/;
const PART = /^checkpoint\.\d{10}\.(\d{10})\.parquet$/;

/**
 * Removes the files of all versions that are older than a time and that no younger version is built on. Gives their
 * number.
 *
 * Every version from `oldestMs` on, and the one that was the newest at that time, stays readable: the newest
 * checkpoint at or before it stays, and all that follows. Without one nothing is removed.
 */
export async function cleanLog(store: Store, oldestMs: number): Promise<number> {
  const files = (await store.list(LOG_FOLDER)).flatMap(versionedFile);
  const base = oldestBase(files, oldestMs);
  if (base === undefined) return 0;
  // In the order of the versions, so that a crash leaves no gap for readers.
  const expired = files.filter(({ version }) => version < base);
  for (const { path } of expired) await store.remove(path);
  return expired.length;
}

function versionedFile({ path, modifiedMs }: StoreEntry): readonly VersionedFile[] {
  const match = VERSIONED.exec(path.slice(LOG_FOLDER.length));
  const [, version, kind] = match ?? [];
  return kind === undefined ? [] : [{ path, modifiedMs, version: Number(version), kind }];
}

// A clock that was set back makes a later commit look older; only the first young one counts.
function oldestBase(files: readonly VersionedFile[], oldestMs: number): number | undefined {
  const commits = files.filter(({ kind }) => kind === "json");
  const young = commits.findIndex(({ modifiedMs }) => modifiedMs >= oldestMs);
  const current = (young < 0 ? commits : commits.slice(0, young)).at(-1);
  if (current === undefined) return undefined;
  return checkpointVersions(files).findLast((version) => version <= current.version);
}

/** Versions with a whole checkpoint, oldest first, as listings are. */
function checkpointVersions(files: readonly VersionedFile[]): readonly number[] {
  const checkpoints = files.filter(({ kind }) => kind.startsWith("checkpoint."));
  const byKind = Map.groupBy(
    checkpoints,
    ({ version, kind }) => `${version}/${PART.exec(kind)?.[1] ?? kind}`,
  );
  return [...byKind.values()]
    .filter((parts) => parts.length >= Number(PART.exec(parts[0]?.kind ?? "")?.[1] ?? 1))
    .map(([first]) => first?.version ?? 0);
}
