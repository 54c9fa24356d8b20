/** Zstandard for kafkajs, which has none: the one that is built into the runtime. */

import type { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";

/** A batch that says it is larger than this is refused: it comes from outside and must not fill the memory. */
const MAX_BATCH_BYTES = 256 * 1024 * 1024;

const compress = promisify(zstdCompress);
const decompress: (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer> =
  promisify(
    zstdDecompress,
  );

/** The codec in the shape that kafkajs' `CompressionCodecs` expects. */
export function zstdCodec() {
  return {
    compress: async (encoder: { readonly buffer: Buffer }): Promise<Buffer> => await compress(encoder.buffer),
    decompress: (bytes: Buffer): Promise<Buffer> => decompress(bytes, { maxOutputLength: MAX_BATCH_BYTES }),
  };
}
