/** Reads checkpoints of all kinds: in one file, in several, V2 with sidecars. */
import { type ActionsDraft, readAction } from "../actions/action_reader.ts";
import type { Actions, Remove } from "../actions/actions.ts";
import { readActionLines } from "../actions/commit_codec.ts";
import { CorruptLogError } from "../errors.ts";
import { SIDECAR_FOLDER } from "../actions/log_path.ts";
import { readLogRowsBut } from "../pages/log_rows.ts";
import { fileKey } from "../actions/log_encoding.ts";
import { readParquetRows } from "../parquet/rows.ts";
import { fillStats } from "../stats/struct.ts";
import type { Store } from "../store/store.ts";

/** What a checkpoint holds, and what of it was not looked at yet. */
export interface CheckpointActions {
  readonly actions: Actions;
  /**
   * Further removed files by their keys, where they are many: to open a table for reading must not pay for them. Absent
   * when `actions` has all.
   *
   * @throws {CorruptLogError} naming the file
   */
  readonly laterRemoves?: () => ReadonlyMap<string, Remove>;
}

interface Draft extends ActionsDraft {
  readonly later: (() => readonly Remove[])[];
}

/**
 * Reads a checkpoint from one or several files, and from those that they name.
 *
 * @throws {CorruptLogError} naming the file
 */
export async function readCheckpoint(
  store: Store,
  paths: readonly string[],
  version: number,
): Promise<CheckpointActions> {
  const draft: Draft = { txns: [], removes: [], adds: [], later: [] };
  for (const path of paths) await readCheckpointFile(store, path, version, draft);
  // A copy: what sidecars name in turn is not followed, as one may name itself.
  const sidecars = [...draft.sidecars ?? []];
  for (const path of sidecars) await readCheckpointFile(store, sidecarPath(path), version, draft);
  if (sidecars.length < (draft.sidecars ?? []).length) throw nestedError(paths, version);
  const { later, ...read } = draft, actions = fillStats(read);
  if (later.length === 0) return { actions };
  const laterRemoves = () => {
    const removes = later.flatMap((readRemoves) => readRemoves());
    return new Map(removes.map((remove) => [fileKey(remove.path), remove]));
  };
  return { actions, laterRemoves };
}

async function readCheckpointFile(
  store: Store,
  path: string,
  version: number,
  draft: Draft,
): Promise<void> {
  try {
    const bytes = await store.read(path);
    if (path.endsWith(".json")) return readActionLines(bytes, { path, version }, draft);
    const plain = readLogRowsBut(bytes, "remove");
    for (const rows of plain === undefined ? readParquetRows(bytes) : [plain.rows]) {
      for (const row of rows) readAction(row, draft);
    }
    const later = plain?.later;
    if (later !== undefined) draft.later.push(() => readRemoves(later, path, version));
  } catch (cause) {
    if (cause instanceof CorruptLogError) throw cause;
    throw corruptCheckpoint(path, version, cause);
  }
  const [fault] = draft.faults ?? [];
  if (fault !== undefined) throw corruptCheckpoint(path, version, fault.error);
}

function readRemoves(
  rows: () => Iterable<Readonly<Record<string, unknown>>>,
  path: string,
  version: number,
): readonly Remove[] {
  try {
    const draft: ActionsDraft = { txns: [], removes: [], adds: [] };
    for (const row of rows()) readAction(row, draft);
    return draft.removes;
  } catch (cause) {
    throw corruptCheckpoint(path, version, cause);
  }
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
