/** Gives the columns of a validated chunk memory of their own: those that it was validated in are filled again. */
import { packColumns } from "../delta/mod.ts";
import type { ValidatedChunk } from "./validate_chunk.ts";

/** The same chunk, its columns in buffers that `makeBuffer` makes. */
export function packChunkColumns(
  { landing, quarantine, rows, ...result }: ValidatedChunk,
  makeBuffer: (sizeBytes: number) => ArrayBufferLike,
): ValidatedChunk {
  return {
    ...result,
    landing: packColumns(landing, makeBuffer),
    quarantine: packColumns(quarantine, makeBuffer),
    rows: rows && packColumns(rows, makeBuffer),
  };
}
