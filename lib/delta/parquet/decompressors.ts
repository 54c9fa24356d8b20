/** The codecs that hyparquet does not bring itself: all but Snappy. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

type Decompress = (bytes: Uint8Array, sizeBytes: number) => Uint8Array;

/** zlib takes no piece that is smaller. */
const SPARE_BYTES = 64;

/** By their names in Parquet; none gives more than the page should have, whatever its bytes unfold to. */
export const DECOMPRESSORS: Readonly<Record<"GZIP" | "ZSTD" | "BROTLI", Decompress>> = {
  GZIP: (bytes, sizeBytes) => gunzipSync(bytes, limit(sizeBytes)),
  ZSTD: (bytes, sizeBytes) => zstdDecompressSync(bytes, limit(sizeBytes)),
  BROTLI: (bytes, sizeBytes) => brotliDecompressSync(bytes, limit(sizeBytes)),
};

// In one piece: pieces are put together by copying. Bytes that fill it to the end would get a second one.
function limit(sizeBytes: number): { readonly maxOutputLength: number; readonly chunkSize: number } {
  return { maxOutputLength: Math.max(1, sizeBytes), chunkSize: sizeBytes + SPARE_BYTES };
}
