/** Compresses the pages of a column of which it was decided that it is compressed; small ones are only wrapped. */
import { constants, zstdCompressSync } from "node:zlib";

/** Hexadecimal digits take half the time of the default level, and less room; all else about the same. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 2 } };
/** A dictionary of some words is not worth the 60 µs that a compression takes to begin. */
const MIN_COMPRESSED_BYTES = 1024;
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** In one segment; the length that follows has one byte, or two which count from 256 on. */
const SHORT = 0x20, LONG = 0x60;
/** A block that is the last one and stands as it is. */
const LAST_RAW = 1;

/** A frame of Zstandard with this content. */
export function compressPage(content: Uint8Array): Uint8Array {
  return content.length < MIN_COMPRESSED_BYTES ? rawFrame(content) : zstdCompressSync(content, COMPRESSION);
}

/** RFC 8878: the header of the frame with its length, and one block. */
function rawFrame(content: Uint8Array): Uint8Array {
  const { length } = content, rest = length - 256, block = length * 8 + LAST_RAW;
  const size = rest < 0 ? [SHORT, length] : [LONG, rest & 0xff, rest >> 8];
  const head = [...MAGIC, ...size, block & 0xff, block >> 8, 0];
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  frame.set(content, head.length);
  return frame;
}
