/** Levels and dictionary indexes of Parquet pages: runs of one number, and numbers packed into few bits each. */
import { type Cursor, readByte, readVarint } from "../parquet/thrift_values.ts";

/** Of more no shift of 32 bits is left; no dictionary of a log is so large. */
const MAX_WIDTH = 24;

/**
 * Fills `numbers` from bytes of the RLE and bit-packing hybrid. Gives the highest of them.
 *
 * @throws {TypeError} when the bytes end early
 * @throws {RangeError} when a number takes more than 24 bits
 */
export function readPacked(bytes: Uint8Array, width: number, numbers: Uint8Array | Int32Array): number {
  if (width > MAX_WIDTH) {
    throw new RangeError(`found numbers of ${width} bits, expected ${MAX_WIDTH} at most`);
  }
  const cursor = { bytes, position: 0 };
  let highest = 0;
  for (let filled = 0; filled < numbers.length;) {
    const header = readVarint(cursor);
    const isPacked = header % 2 === 1;
    const count = isPacked ? (header - 1) * 4 : header / 2;
    const part = numbers.subarray(filled, filled + count);
    highest = Math.max(highest, isPacked ? unpack(cursor, width, part) : fill(cursor, width, part));
    filled += count;
  }
  return highest;
}

function fill(cursor: Cursor, width: number, numbers: Uint8Array | Int32Array): number {
  let value = 0;
  for (let shift = 0; shift < width; shift += 8) value |= readByte(cursor) << shift;
  numbers.fill(value);
  return value;
}

// Groups of 8 numbers take as many bytes as a number takes bits.
function unpack(cursor: Cursor, width: number, numbers: Uint8Array | Int32Array): number {
  const { bytes } = cursor;
  const end = cursor.position + Math.ceil(numbers.length / 8) * width;
  if (end > bytes.length) throw new TypeError(`found ${bytes.length} bytes of numbers, expected ${end}`);
  const mask = 2 ** width - 1;
  let [held, bits, position, highest] = [0, 0, cursor.position, 0];
  for (let index = 0; index < numbers.length; index++) {
    for (; bits < width; bits += 8) held |= (bytes[position++] ?? 0) << bits;
    const number = held & mask;
    numbers[index] = number;
    if (number > highest) highest = number;
    held >>>= width;
    bits -= width;
  }
  cursor.position = end;
  return highest;
}
