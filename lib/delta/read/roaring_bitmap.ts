/**
 * Sets of row numbers as deletion vectors hold them: 32-bit Roaring bitmaps, each with the upper 32 bits.
 * https://github.com/RoaringBitmap/RoaringFormatSpec
 */

/** A bit for each row, the lowest bit of the first byte for row 0. */
export type RowMask = Uint8Array;

/** Bytes being read; little-endian. */
interface Cursor {
  readonly view: DataView;
  position: number;
}

const MAGIC = 1681511377;
const PLAIN_COOKIE = 12346;
const RUN_COOKIE = 12347;
const OFFSETS_FROM = 4;
const ARRAY_LIMIT = 4096;
const BITMAP_BYTES = 8192;

/**
 * Reads a set of row numbers below `rowCount`.
 *
 * @throws {TypeError} when the bytes are no such set, or it names a row that is not there
 */
export function decodeRowSet(bytes: Uint8Array, rowCount: number): RowMask {
  const cursor = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), position: 0 };
  const mask = new Uint8Array(Math.ceil(rowCount / 8));
  try {
    readBitmaps(cursor, mask, rowCount);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw wrongSet("an early end", "more bytes", { cause });
  }
  return mask;
}

/** How many rows a mask names. */
export function countRows(mask: RowMask): number {
  let count = 0;
  for (const byte of mask) count += BIT_COUNTS[byte] ?? 0;
  return count;
}

const BIT_COUNTS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

function readBitmaps(cursor: Cursor, mask: RowMask, rowCount: number): void {
  const magic = uint32(cursor);
  if (magic !== MAGIC) throw wrongSet(`magic number ${magic}`, String(MAGIC));
  const count = Number(cursor.view.getBigUint64(cursor.position, true));
  cursor.position += 8;
  for (let index = 0; index < count; index++) {
    const start = uint32(cursor) * 2 ** 32;
    readBitmap(cursor, (row) => addRow(mask, start + row, rowCount));
  }
}

function addRow(mask: RowMask, row: number, rowCount: number): void {
  if (row >= rowCount) throw wrongSet(`row ${row}`, `rows below ${rowCount}`);
  const index = row >>> 3;
  mask[index] = (mask[index] ?? 0) | (1 << (row & 7));
}

function readBitmap(cursor: Cursor, add: (row: number) => void): void {
  const cookie = uint32(cursor);
  const hasRuns = (cookie & 0xffff) === RUN_COOKIE;
  if (!hasRuns && cookie !== PLAIN_COOKIE) throw wrongSet(`cookie ${cookie}`, `${PLAIN_COOKIE}`);
  const size = hasRuns ? (cookie >>> 16) + 1 : uint32(cursor);
  if (size > 2 ** 16) throw wrongSet(`${size} containers`, "at most 65536");
  const runFlags = cursor.position;
  if (hasRuns) cursor.position += Math.ceil(size / 8);
  const heads = Array.from(
    { length: size },
    () => ({ key: uint16(cursor), cardinality: uint16(cursor) + 1 }),
  );
  if (!hasRuns || size >= OFFSETS_FROM) cursor.position += 4 * size;
  for (const [index, { key, cardinality }] of heads.entries()) {
    const isRun = hasRuns && (cursor.view.getUint8(runFlags + (index >> 3)) & (1 << (index & 7))) !== 0;
    const addLow = (low: number) => add(key * 65_536 + low);
    if (isRun) readRuns(cursor, addLow);
    else if (cardinality > ARRAY_LIMIT) readBits(cursor, addLow);
    else for (let value = 0; value < cardinality; value++) addLow(uint16(cursor));
  }
}

function readRuns(cursor: Cursor, add: (low: number) => void): void {
  for (let left = uint16(cursor); left > 0; left--) {
    const start = uint16(cursor);
    const end = start + uint16(cursor);
    for (let low = start; low <= end; low++) add(low);
  }
}

function readBits(cursor: Cursor, add: (low: number) => void): void {
  for (let index = 0; index < BITMAP_BYTES; index++) {
    const byte = cursor.view.getUint8(cursor.position++);
    for (let bit = 0; byte >> bit !== 0; bit++) {
      if ((byte >> bit) & 1) add(index * 8 + bit);
    }
  }
}

function uint16(cursor: Cursor): number {
  const value = cursor.view.getUint16(cursor.position, true);
  cursor.position += 2;
  return value;
}

function uint32(cursor: Cursor): number {
  const value = cursor.view.getUint32(cursor.position, true);
  cursor.position += 4;
  return value;
}

function wrongSet(found: string, expected: string, options?: ErrorOptions): TypeError {
  return new TypeError(`Cannot read the deletion vector: found ${found}, expected ${expected}`, options);
}
