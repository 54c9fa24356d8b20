/** Validated chunks as polars frames. */
import type { Frame } from "../delta/mod.ts";
import { Buffer } from "node:buffer";
import { pl } from "../packages/polars.ts";
import type { ChunkResult, EncodedChunk } from "./validate_chunk.ts";

/**
 * What became of one chunk: all messages for landing, and the timetable rows of accepted trains, null when there are
 * none. Strings that repeat are polars Categoricals.
 */
export interface ValidatedChunk extends ChunkResult {
  readonly landing: Frame;
  readonly rows: Frame | null;
}

/** Hands the Arrow bytes to polars, which copies them; bytes that no other thread shares are given back at once. */
export function toFrames({ landing, rows, ...result }: EncodedChunk): ValidatedChunk {
  return { ...result, landing: takeFrame(landing), rows: rows === null ? null : takeFrame(rows) };
}

function takeFrame(ipc: Uint8Array): Frame {
  const frame = pl.readIPC(Buffer.from(ipc.buffer, ipc.byteOffset, ipc.byteLength));
  // Waiting for the garbage collector would keep both copies through a whole batch.
  if (ipc.buffer instanceof ArrayBuffer) ipc.buffer.transfer(0);
  return frame;
}
