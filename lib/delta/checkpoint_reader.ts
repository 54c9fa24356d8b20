import { type ActionsDraft, type JsonObject, readAction } from "./action_reader.ts";
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
      const rows = await readParquetRows(await store.read(path));
      for (const row of rows) readAction(plain(row) as JsonObject, draft);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CorruptLogError(`Cannot read the checkpoint "${path}": ${reason}`, { path, version }, {
        cause,
      });
    }
  }
  return draft;
}

// Parquet has 64-bit integers and nulls where JSON has numbers and absent fields.
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return toNumberIfSafe(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

function toNumberIfSafe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
