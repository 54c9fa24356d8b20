import { type ActionsDraft, readAction } from "./action_reader.ts";
import type { Actions } from "./actions.ts";
import { CorruptLogError } from "./errors.ts";
import { readParquetRows } from "./parquet_rows.ts";
import type { Store } from "./store/store.ts";

/**
 * Reads a checkpoint that lies in one or several Parquet files.
 *
 * @throws {CorruptLogError} naming the file
 */
export async function readCheckpoint(
  store: Store,
  paths: readonly string[],
  version: number,
): Promise<Actions> {
  const draft: ActionsDraft = { txns: [], removes: [], adds: [] };
  for (const path of paths) {
    try {
      for (const row of readParquetRows(await store.read(path))) readAction(row, draft);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CorruptLogError(`Cannot read the checkpoint "${path}": ${reason}`, { path, version }, {
        cause,
      });
    }
  }
  return draft;
}
