/** Unpacks Snappy as Kafka's producers send it: bare, or in the frames of the Java library (xerial). */

import { snappyUncompressor } from "hysnappy";

import { ByteReader } from "./byte_reader.ts";

/** "\x82SNAPPY\0" begins the Java library's frames; two version numbers follow, then blocks with their lengths. */
const XERIAL_MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
const XERIAL_VERSIONS_BYTES = 8;

let uncompressor: ReturnType<typeof snappyUncompressor> | undefined;

/**
 * The content of the bytes.
 *
 * @throws {Error} When the bytes are damaged, or hold more than `maxBytes`.
 */
export function unpackSnappy(packed: Uint8Array, maxBytes: number): Uint8Array {
  if (!XERIAL_MAGIC.every((byte, index) => packed[index] === byte)) return unpackBlock(packed, maxBytes);
  const reader = new ByteReader(packed);
  reader.take(XERIAL_MAGIC.length + XERIAL_VERSIONS_BYTES);
  const blocks: Uint8Array[] = [];
  let sizeBytes = 0;
  while (reader.remaining > 0) {
    const block = unpackBlock(reader.take(reader.int32()), maxBytes - sizeBytes);
    blocks.push(block);
    sizeBytes += block.length;
  }
  return join(blocks, sizeBytes);
}

function unpackBlock(block: Uint8Array, maxBytes: number): Uint8Array {
  const length = unpackedLength(block);
  // Known before anything is unpacked, so a bomb costs nothing.
  if (length > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
  uncompressor ??= snappyUncompressor();
  try {
    return uncompressor(block, length);
  } catch (cause) {
    // The next call must not meet the memory of a module that was stopped half-way.
    uncompressor = undefined;
    throw cause;
  }
}

/** The block says first how long it is when it is unpacked: 32 bits, seven to a byte. */
function unpackedLength(block: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block[index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return length;
  }
  throw new RangeError("no Snappy block");
}

function join(blocks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1) return first;
  const joined = new Uint8Array(sizeBytes);
  let at = 0;
  for (const block of blocks) {
    joined.set(block, at);
    at += block.length;
  }
  return joined;
}
