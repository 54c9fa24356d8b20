/**
 * Removes what a Parquet writer noted about itself.
 *
 * Footer = FileMetaData in Thrift's compact protocol, its length in 4 bytes, "PAR1". A field of a struct is
 * 1 byte (id minus previous id) << 4 | type, then the value; 0 ends the struct.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** FileMetaData.key_value_metadata; polars keeps its Arrow schema there and nothing else. */
const KEY_VALUE_METADATA = 5;
const TAIL_LENGTH = 8;

const STOP = 0;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;

interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

/**
 * Takes the Arrow schema out of the footer of a Parquet file, in place; gives the shorter file.
 *
 * It says how the writer held the columns (views, dictionaries), which readers built on Arrow then try to repeat and
 * cannot always: delta-rs fails on dictionaries of views. The Parquet schema beside it says all that Delta needs.
 */
export function withoutArrowSchema(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const footerEnd = file.length - TAIL_LENGTH;
  const footerStart = footerEnd - view.getUint32(footerEnd, true);
  const field = findField({ bytes: file, position: footerStart }, KEY_VALUE_METADATA);
  if (field === undefined) return file;
  const { start, end, skippedIds } = field;
  // The next field counts its id from the one before, which is gone.
  const next = file[end] ?? STOP;
  if (next !== STOP && next >> 4 !== 0) file[end] = next + (skippedIds << 4);
  file.copyWithin(start, end);
  const removed = end - start;
  view.setUint32(footerEnd - removed, footerEnd - removed - footerStart, true);
  return file.subarray(0, file.length - removed);
}

function findField(
  cursor: Cursor,
  wanted: number,
): { readonly start: number; readonly end: number; readonly skippedIds: number } | undefined {
  let id = 0;
  while (true) {
    const start = cursor.position;
    const header = readByte(cursor);
    if (header === STOP) return undefined;
    const skippedIds = header >> 4;
    id = skippedIds === 0 ? zigzag(readVarint(cursor)) : id + skippedIds;
    skipValue(cursor, header & 15);
    if (id === wanted) return { start, end: cursor.position, skippedIds };
  }
}

function skipStruct(cursor: Cursor): void {
  for (let header = readByte(cursor); header !== STOP; header = readByte(cursor)) {
    if (header >> 4 === 0) readVarint(cursor);
    skipValue(cursor, header & 15);
  }
}

function skipValue(cursor: Cursor, type: number): void {
  // Of a field, 1 and 2 are the booleans themselves.
  if (type <= 2) return;
  if (type === 3) cursor.position += 1;
  else if (type <= I64) readVarint(cursor);
  else if (type === DOUBLE) cursor.position += 8;
  else if (type === BINARY) skipBytes(cursor, readVarint(cursor));
  else if (type === LIST || type === SET) skipList(cursor);
  else if (type === MAP) skipMap(cursor);
  else if (type === STRUCT) skipStruct(cursor);
  else throw new TypeError(`Cannot read the Parquet footer: found Thrift type ${type}, expected 1 to 12`);
}

function skipList(cursor: Cursor): void {
  const header = readByte(cursor);
  const size = header >> 4 === 15 ? readVarint(cursor) : header >> 4;
  for (let index = 0; index < size; index++) skipElement(cursor, header & 15);
}

function skipMap(cursor: Cursor): void {
  const size = readVarint(cursor);
  if (size === 0) return;
  const types = readByte(cursor);
  for (let index = 0; index < size; index++) {
    skipElement(cursor, types >> 4);
    skipElement(cursor, types & 15);
  }
}

// In a list a boolean takes a byte.
function skipElement(cursor: Cursor, type: number): void {
  if (type <= 2) cursor.position += 1;
  else skipValue(cursor, type);
}

// The length is read first: `position += readVarint(cursor)` would add it to the position before the varint.
function skipBytes(cursor: Cursor, length: number): void {
  cursor.position += length;
}

function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.position++];
  if (byte === undefined) {
    throw new TypeError("Cannot read the Parquet footer: it ends early, expected more bytes");
  }
  return byte;
}

// Sizes are exact; of larger integers only the length matters here.
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1;; scale *= 128) {
    const byte = readByte(cursor);
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

function zigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
