/** Zstandard for what kafkajs sends: it has none itself, so the one that is built into the runtime. */

import type { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";

const compress = promisify(zstdCompress);

/** The codec in the shape that kafkajs' `CompressionCodecs` expects. What was fetched is unpacked by `wire/`. */
export function zstdCodec() {
  return {
    compress: async (encoder: { readonly buffer: Buffer }): Promise<Buffer> => await compress(encoder.buffer),
    decompress: (): Promise<Buffer> => Promise.reject(new TypeError("Cannot unpack zstd in kafkajs")),
  };
}
