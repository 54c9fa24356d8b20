/** The codecs that hyparquet does not bring itself: all but Snappy. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

/** By their names in Parquet. */
export const DECOMPRESSORS = {
  GZIP: (bytes: Uint8Array): Uint8Array => gunzipSync(bytes),
  ZSTD: (bytes: Uint8Array): Uint8Array => zstdDecompressSync(bytes),
  BROTLI: (bytes: Uint8Array): Uint8Array => brotliDecompressSync(bytes),
};
