/**
 * Unpacks LZ4 frames, the form in which Kafka's producers send LZ4. Written here because no maintained library without
 * native code reads frames: the one that there is (lz4js) checks no bounds.
 *
 * The format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Blocks may refer to those before them.
 * Checksums are not verified: Kafka's batches have their own, which the broker verifies.
 *
 * @module
 */

import { ByteReader } from "./byte_reader.ts";

const MAGIC = 0x184d2204;
const HAS_BLOCK_CHECKSUM = 0x10;
const HAS_CONTENT_SIZE = 0x08;
const HAS_DICTIONARY = 0x01;
const IS_STORED = 0x80000000;
const MIN_MATCH = 4;
const LONG_LENGTH = 15;

/** Unpacked bytes so far. */
interface Output {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
  readonly maxBytes: number;
}

/**
 * The content of the first frame in the bytes.
 *
 * @throws {RangeError} When the bytes are damaged, or hold more than `maxBytes`.
 */
export function unpackLz4(frame: Uint8Array, maxBytes: number): Uint8Array {
  const reader = new ByteReader(frame);
  const hasBlockChecksum = readHead(reader);
  const output: Output = { bytes: new Uint8Array(Math.min(frame.length * 4, maxBytes)), length: 0, maxBytes };
  for (let size = uint32(reader); size !== 0; size = uint32(reader)) {
    const isStored = size >= IS_STORED;
    const block = reader.take(isStored ? size - IS_STORED : size);
    if (isStored) append(output, block);
    else unpackBlock(block, output);
    if (hasBlockChecksum) reader.take(4);
  }
  return output.bytes.subarray(0, output.length);
}

function readHead(reader: ByteReader): boolean {
  if (uint32(reader) !== MAGIC) throw new RangeError("no LZ4 frame");
  const flags = reader.int8();
  if ((flags & 0xc0) !== 0x40) throw new RangeError("an LZ4 frame of an unknown version");
  if ((flags & HAS_DICTIONARY) !== 0) throw new RangeError("an LZ4 frame with a dictionary");
  reader.take(1 + ((flags & HAS_CONTENT_SIZE) === 0 ? 0 : 8) + 1);
  return (flags & HAS_BLOCK_CHECKSUM) !== 0;
}

function uint32(reader: ByteReader): number {
  const [a = 0, b = 0, c = 0, d = 0] = reader.take(4);
  return (a | b << 8 | c << 16 | d << 24) >>> 0;
}

function unpackBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const longLength = (start: number): number => {
    let length = start;
    for (let byte = 255; byte === 255 && start === LONG_LENGTH; length += byte) {
      if (at >= block.length) throw new RangeError("a cut LZ4 block");
      byte = block[at++] ?? 0;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = longLength(token >> 4);
    if (literals > block.length - at) throw new RangeError("a cut LZ4 block");
    append(output, block.subarray(at, at += literals));
    // The last sequence ends after its literals.
    if (at === block.length) return;
    if (at + 2 > block.length) throw new RangeError("a cut LZ4 block");
    const distance = (block[at++] ?? 0) | (block[at++] ?? 0) << 8;
    repeat(output, distance, longLength(token & LONG_LENGTH) + MIN_MATCH);
  }
}

function append(output: Output, bytes: Uint8Array): void {
  makeRoom(output, bytes.length);
  output.bytes.set(bytes, output.length);
  output.length += bytes.length;
}

/** Copies what was unpacked `distance` bytes before; the copy may run into itself. */
function repeat(output: Output, distance: number, count: number): void {
  if (distance === 0 || distance > output.length) {
    throw new RangeError("an LZ4 block that refers to before its start");
  }
  makeRoom(output, count);
  const { bytes } = output;
  const from = output.length - distance;
  if (distance >= count) bytes.copyWithin(output.length, from, from + count);
  else for (let i = 0; i < count; i++) bytes[output.length + i] = bytes[from + i] ?? 0;
  output.length += count;
}

function makeRoom(output: Output, count: number): void {
  const needed = output.length + count;
  if (needed <= output.bytes.length) return;
  if (needed > output.maxBytes) throw new RangeError(`more than ${output.maxBytes} bytes`);
  const larger = new Uint8Array(Math.min(Math.max(needed, output.bytes.length * 2), output.maxBytes));
  larger.set(output.bytes.subarray(0, output.length));
  output.bytes = larger;
}
