import { parquetReadObjects } from "hyparquet";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { type ActionsDraft, type JsonObject, readAction } from "./action_reader.ts";
import type { Actions } from "./actions.ts";
import { CorruptLogError } from "./errors.ts";
import type { Store } from "./store/store.ts";

// hyparquet brings Snappy only.
const DECOMPRESSORS = {
  GZIP: (bytes: Uint8Array): Uint8Array => gunzipSync(bytes),
  ZSTD: (bytes: Uint8Array): Uint8Array => zstdDecompressSync(bytes),
  BROTLI: (bytes: Uint8Array): Uint8Array => brotliDecompressSync(bytes),
};

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
      const bytes = await store.read(path);
      const rows = await parquetReadObjects({ file: toArrayBuffer(bytes), compressors: DECOMPRESSORS });
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

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return isWhole ? bytes.buffer as ArrayBuffer : new Uint8Array(bytes).buffer;
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
