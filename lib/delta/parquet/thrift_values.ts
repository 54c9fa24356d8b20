/** Reads and steps over single values in Thrift's compact protocol; see thrift_cursor.ts. */

/** Bytes being read. */
export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

const STOP = 0;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
/** No real footer is deeper, and the stack is limited. */
const MAX_DEPTH = 64;

function skipStruct(cursor: Cursor, depth: number): void {
  for (let header = readByte(cursor); header !== STOP; header = readByte(cursor)) {
    if (header >> 4 === 0) readVarint(cursor);
    skipValue(cursor, header & 15, depth);
  }
}

/** Steps over the value of a field of this type. */
export function skipValue(cursor: Cursor, type: number, depth: number): void {
  // Of a field, 1 and 2 are the booleans themselves.
  if (type <= 2) return;
  if (depth > MAX_DEPTH) throw wrongFooter(`more than ${MAX_DEPTH} levels`, "fewer");
  if (type === 3) cursor.position += 1;
  else if (type <= I64) readVarint(cursor);
  else if (type === DOUBLE) cursor.position += 8;
  else if (type === BINARY) skipBytes(cursor, readVarint(cursor));
  else if (type === LIST || type === SET) skipList(cursor, depth + 1);
  else if (type === MAP) skipMap(cursor, depth + 1);
  else if (type === STRUCT) skipStruct(cursor, depth + 1);
  else throw wrongFooter(`Thrift type ${type}`, "1 to 12");
}

function skipList(cursor: Cursor, depth: number): void {
  const header = readByte(cursor);
  const size = header >> 4 === 15 ? readVarint(cursor) : header >> 4;
  for (let index = 0; index < size; index++) skipElement(cursor, header & 15, depth);
}

function skipMap(cursor: Cursor, depth: number): void {
  const size = readVarint(cursor);
  if (size === 0) return;
  const types = readByte(cursor);
  for (let index = 0; index < size; index++) {
    skipElement(cursor, types >> 4, depth);
    skipElement(cursor, types & 15, depth);
  }
}

/** Steps over an element of a list; there a boolean takes a byte. */
export function skipElement(cursor: Cursor, type: number, depth: number): void {
  if (cursor.position >= cursor.bytes.length) readByte(cursor);
  if (type <= 2) cursor.position += 1;
  else skipValue(cursor, type, depth);
}

// The length is read first: `position += readVarint(cursor)` would add it to the position before the varint.
function skipBytes(cursor: Cursor, length: number): void {
  cursor.position += length;
}

/** The next byte. */
export function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.position++];
  if (byte === undefined) throw wrongFooter("an early end", "more bytes");
  return byte;
}

/** Reads an unsigned integer: sizes are exact, of those beyond 2^53 only the length is. */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1;; scale *= 128) {
    const byte = readByte(cursor);
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

function wrongFooter(found: string, expected: string): TypeError {
  return new TypeError(`Cannot read the Parquet footer: found ${found}, expected ${expected}`);
}
