/** Levels and dictionary indexes of Parquet pages: runs of one number, and numbers packed into few bits each. */
import { type Cursor, readByte, readVarint } from "../parquet/thrift_values.ts";

/** Of more no shift of 32 bits is left; no dictionary of a log is so large. */
const MAX_WIDTH = 24;

/** What is known of numbers when they are read. */
export interface NumberSummary {
  readonly highest: number;
  /** How many are the one that was asked for. */
  readonly wantedCount: number;
}

/** How numbers are packed, which of them is counted, and how many are passed over first. */
export interface NumberForm {
  readonly width: number;
  readonly wanted?: number;
  readonly skip?: number;
}

/**
 * Fills `numbers` from bytes of the RLE and bit-packing hybrid, and counts one of them.
 *
 * @throws {TypeError} when the bytes end early
 * @throws {RangeError} when a number takes more than 24 bits
 */
export function readPacked(
  bytes: Uint8Array,
  { width, wanted = -1, skip = 0 }: NumberForm,
  numbers: Uint8Array | Int32Array,
): NumberSummary {
  if (width > MAX_WIDTH) {
    throw new RangeError(`found numbers of ${width} bits, expected ${MAX_WIDTH} at most`);
  }
  const cursor = { bytes, position: 0 };
  let [highest, wantedCount, left] = [0, 0, skip];
  for (let filled = 0; filled < numbers.length;) {
    const header = readVarint(cursor);
    const isPacked = header % 2 === 1;
    const count = isPacked ? (header - 1) * 4 : header / 2;
    const passed = Math.min(left, count);
    left -= passed;
    const part = numbers.subarray(filled, filled + count - passed);
    const form = { width, wanted, passed };
    const found = isPacked ? unpack(cursor, form, part) : repeat(cursor, form, part);
    highest = Math.max(highest, found.highest);
    wantedCount += found.wantedCount;
    filled += part.length;
  }
  return { highest, wantedCount };
}

/** A run, or groups of packed numbers, of which the first are passed over. */
interface PartForm {
  readonly width: number;
  readonly wanted: number;
  readonly passed: number;
}

function repeat(
  cursor: Cursor,
  { width, wanted }: PartForm,
  numbers: Uint8Array | Int32Array,
): NumberSummary {
  let value = 0;
  for (let shift = 0; shift < width; shift += 8) value |= readByte(cursor) << shift;
  numbers.fill(value);
  return { highest: value, wantedCount: value === wanted ? numbers.length : 0 };
}

// Groups of 8 numbers take as many bytes as a number takes bits.
function unpack(
  cursor: Cursor,
  { width, wanted, passed }: PartForm,
  numbers: Uint8Array | Int32Array,
): NumberSummary {
  const { bytes } = cursor;
  const end = cursor.position + Math.ceil((passed + numbers.length) / 8) * width;
  if (end > bytes.length) throw new TypeError(`found ${bytes.length} bytes of numbers, expected ${end}`);
  const mask = 2 ** width - 1;
  let [held, bits, position, highest, wantedCount] = [0, 0, cursor.position + (passed >> 3) * width, 0, 0];
  for (let rest = passed & 7; rest > 0; rest--) {
    for (; bits < width; bits += 8) held |= (bytes[position++] ?? 0) << bits;
    held >>>= width;
    bits -= width;
  }
  for (let index = 0; index < numbers.length; index++) {
    for (; bits < width; bits += 8) held |= (bytes[position++] ?? 0) << bits;
    const number = held & mask;
    numbers[index] = number;
    if (number > highest) highest = number;
    if (number === wanted) wantedCount++;
    held >>>= width;
    bits -= width;
  }
  cursor.position = end;
  return { highest, wantedCount };
}

/**
 * Fills `levels` from bytes; without any, all are 0. The count is of those that are `most`.
 *
 * @throws {Error} when the bytes end early, or a level is above `most`
 */
export function readLevels(bytes: Uint8Array, most: number, levels: Uint8Array): NumberSummary {
  if (most === 0) return { highest: 0, wantedCount: levels.length };
  const summary = readPacked(bytes, { width: 32 - Math.clz32(most), wanted: most }, levels);
  if (summary.highest <= most) return summary;
  throw new RangeError(`found level ${summary.highest}, expected ${most} at most`);
}
