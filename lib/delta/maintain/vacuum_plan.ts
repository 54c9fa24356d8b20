/** Which files no version needs any more, decided from listings alone. */
import type { Add, Remove } from "../actions/actions.ts";
import { realPath } from "../actions/log_encoding.ts";
import { LOG_FOLDER } from "../actions/log_path.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { StoreEntry } from "../store/store.ts";

/** What decides which files may go. */
export interface VacuumPlanOptions {
  readonly snapshot: Pick<Snapshot, "files" | "tombstones">;
  /** Milliseconds since 1970 UTC: what was written or removed from the table since then stays. */
  readonly oldestMs: number;
  /** Removes that are no longer in the snapshot. */
  readonly olderRemoves?: readonly Remove[];
}

const DELETION_VECTOR_FILE = /(?:^|\/)deletion_vector_[^/]*\.bin$/;

/**
 * Decides which files of a table are not needed: not live, not removed recently, not written recently. Only what writers of
 * Delta tables leave is considered: Parquet files, deletion vectors, checksums of these, and temporary files.
 */
export function planVacuum(
  entries: readonly StoreEntry[],
  { snapshot, oldestMs, olderRemoves = [] }: VacuumPlanOptions,
): readonly StoreEntry[] {
  const removes = [...snapshot.tombstones.values(), ...olderRemoves]
    .filter(({ deletionTimestamp = 0 }) => deletionTimestamp >= oldestMs);
  const kept: readonly (Add | Remove)[] = [...snapshot.files.values(), ...removes];
  const paths = new Set(kept.flatMap(({ path }) => placesOf(path)));
  // Their names are encoded in the actions; while there are any, none of them is removed.
  const hasVectors = kept.some(({ deletionVector }) => deletionVector !== undefined);
  return entries.filter(({ path, modifiedMs }) => {
    const file = ownerOf(path);
    const isLeft = isTemporary(path) || (isDataFile(file) && !paths.has(file)) ||
      (isVectorFile(file) && !hasVectors);
    return isLeft && modifiedMs < oldestMs;
  });
}

// An absolute path may lead into the table: the store knows the file by one of its ends.
function placesOf(path: string): readonly string[] {
  const key = realPath(path);
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:|^\//.test(path)) return [key];
  const parts = key.split("/");
  return parts.map((_, index) => parts.slice(index).join("/"));
}

/** The file that a checksum of the Hadoop family belongs to; any other file itself. */
function ownerOf(path: string): string {
  return path.replace(/(^|\/)\.([^/]+)\.crc$/, "$1$2");
}

function isTemporary(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.endsWith(".tmp") && (name.startsWith(".") || path.startsWith(LOG_FOLDER));
}

function isDataFile(path: string): boolean {
  return path.endsWith(".parquet") && !isHidden(path);
}

function isVectorFile(path: string): boolean {
  return DELETION_VECTOR_FILE.test(path) && !isHidden(path);
}

// A partition column may begin with "_".
function isHidden(path: string): boolean {
  return path.split("/").some((part) =>
    part.startsWith(".") || (part.startsWith("_") && !part.includes("="))
  );
}
