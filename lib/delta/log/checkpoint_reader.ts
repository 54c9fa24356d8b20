/** Reads checkpoints of all kinds: in one file, in several, V2 with sidecars. */
import { type ActionsDraft, readAction } from "../actions/action_reader.ts";
import type { Actions } from "../actions/actions.ts";
import { readActionLines } from "../actions/commit_codec.ts";
import { CorruptLogError } from "../errors.ts";
import { SIDECAR_FOLDER } from "../actions/log_path.ts";
import { readLogRows } from "../pages/log_rows.ts";
import { readParquetRows } from "../parquet/rows.ts";
import { fillStats } from "../stats/struct.ts";
import type { Store } from "../store/store.ts";

/**
 * Reads a checkpoint from one or several files, and from those that they name.
 *
 * @throws {CorruptLogError} naming the file
 */
export async function readCheckpoint(
  store: Store,
  paths: readonly string[],
  version: number,
): Promise<Actions> {
  const draft: ActionsDraft = { txns: [], removes: [], adds: [] };
  for (const path of paths) await readCheckpointFile(store, path, version, draft);
  // A copy: what sidecars name in turn is not followed, as one may name itself.
  const sidecars = [...draft.sidecars ?? []];
  for (const path of sidecars) await readCheckpointFile(store, sidecarPath(path), version, draft);
  if (sidecars.length < (draft.sidecars ?? []).length) throw nestedError(paths, version);
  return fillStats(draft);
}

async function readCheckpointFile(
  store: Store,
  path: string,
  version: number,
  draft: ActionsDraft,
): Promise<void> {
  try {
    const bytes = await store.read(path);
    if (path.endsWith(".json")) return readActionLines(bytes, { path, version }, draft);
    const plain = readLogRows(bytes);
    for (const rows of plain === undefined ? readParquetRows(bytes) : [plain]) {
      for (const row of rows) readAction(row, draft);
    }
  } catch (cause) {
    if (cause instanceof CorruptLogError) throw cause;
    throw corruptCheckpoint(path, version, cause);
  }
  const [fault] = draft.faults ?? [];
  if (fault !== undefined) throw corruptCheckpoint(path, version, fault.error);
}

function corruptCheckpoint(path: string, version: number, cause: unknown): CorruptLogError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot read the checkpoint "${path}": ${reason}`;
  return new CorruptLogError(message, { path, version }, { cause });
}

// Sidecars are in one folder; some writers give their whole path.
function sidecarPath(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return `${SIDECAR_FOLDER}${decodeName(name)}`;
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function nestedError([path = ""]: readonly string[], version: number): CorruptLogError {
  const message =
    `Cannot read the checkpoint "${path}": found sidecars of sidecars, expected adds and removes`;
  return new CorruptLogError(message, { path, version });
}
