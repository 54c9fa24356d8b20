/** Unpacks what a producer compressed, by the codecs that Kafka knows; the bytes come from outside and must not fill the memory. */

import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";

import { unpackLz4 } from "./lz4_frame.ts";
import { unpackSnappy } from "./snappy_frame.ts";

/** One batch may unpack to this: brokers take 1 to 10 MB as they arrive, and JSON packs to a tenth. */
const MAX_BATCH_BYTES = 256 * 1024 * 1024;

type Unpack = (packed: Uint8Array, maxBytes: number) => Uint8Array | Promise<Uint8Array>;
type Inflate = (packed: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const inflateGzip: Inflate = promisify(gunzip);
const inflateZstd: Inflate = promisify(zstdDecompress);

const CODECS: readonly { readonly name: string; readonly unpack: Unpack }[] = [
  { name: "none", unpack: (packed) => packed },
  { name: "gzip", unpack: (packed, maxOutputLength) => inflateGzip(packed, { maxOutputLength }) },
  { name: "snappy", unpack: unpackSnappy },
  { name: "lz4", unpack: unpackLz4 },
  { name: "zstd", unpack: (packed, maxOutputLength) => inflateZstd(packed, { maxOutputLength }) },
];

/**
 * The records that were packed with the codec of this number.
 *
 * @throws {Error} Whose message says what is wrong, after the codec's name.
 */
export async function unpackRecords(
  codec: number,
  packed: Uint8Array,
  maxBytes = MAX_BATCH_BYTES,
): Promise<Uint8Array> {
  const known = CODECS[codec];
  if (known === undefined) throw new RangeError(`unknown codec ${codec}`);
  try {
    const { buffer, byteOffset, byteLength } = await known.unpack(packed, maxBytes);
    // A plain view: zlib hands out Node's Buffers.
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    throw new Error(`${known.name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
