/**
 * Steps over values in Thrift's compact protocol, as Parquet footers are written.
 *
 * A field of a struct is 1 byte (id minus previous id) << 4 | type, then the value; 0 ends the struct.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** Bytes being read. */
export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

/** Where a field of a struct lies. */
export interface FoundField {
  /** Of its header. */
  readonly start: number;
  /** Of its value. */
  readonly valueStart: number;
  readonly end: number;
  /** What the header adds to the id before; 0 when the id follows it. */
  readonly skippedIds: number;
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

/**
 * Finds a field of the struct that begins at the cursor; undefined when the struct does not have it.
 *
 * @throws {TypeError} when the bytes end early or are not Thrift
 */
export function findField(cursor: Cursor, expected: number): FoundField | undefined {
  let id = 0;
  while (true) {
    const start = cursor.position;
    const header = readByte(cursor);
    if (header === STOP) return undefined;
    const skippedIds = header >> 4;
    id = skippedIds === 0 ? zigzag(readVarint(cursor)) : id + skippedIds;
    const valueStart = cursor.position;
    skipValue(cursor, header & 15, 0);
    if (id === expected) return { start, valueStart, end: cursor.position, skippedIds };
  }
}

/** Where each struct of a list lies, whose header is at the cursor. */
export function structsOfList(cursor: Cursor): readonly { readonly start: number; readonly end: number }[] {
  const header = readByte(cursor);
  const size = header >> 4 === 15 ? readVarint(cursor) : header >> 4;
  const places: { readonly start: number; readonly end: number }[] = [];
  for (let index = 0; index < size; index++) {
    const start = cursor.position;
    skipElement(cursor, header & 15, 0);
    places.push({ start, end: cursor.position });
  }
  return places;
}

/** How many elements a list has, whose header is at the cursor. */
export function readListSize(cursor: Cursor): number {
  const size = readByte(cursor) >> 4;
  return size === 15 ? readVarint(cursor) : size;
}

/** Reads a signed integer at the cursor; exact up to 2^53. */
export function readInteger(cursor: Cursor): number {
  return zigzag(readVarint(cursor));
}

function skipStruct(cursor: Cursor, depth: number): void {
  for (let header = readByte(cursor); header !== STOP; header = readByte(cursor)) {
    if (header >> 4 === 0) readVarint(cursor);
    skipValue(cursor, header & 15, depth);
  }
}

function skipValue(cursor: Cursor, type: number, depth: number): void {
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

// In a list a boolean takes a byte.
function skipElement(cursor: Cursor, type: number, depth: number): void {
  if (cursor.position >= cursor.bytes.length) readByte(cursor);
  if (type <= 2) cursor.position += 1;
  else skipValue(cursor, type, depth);
}

// The length is read first: `position += readVarint(cursor)` would add it to the position before the varint.
function skipBytes(cursor: Cursor, length: number): void {
  cursor.position += length;
}

function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.position++];
  if (byte === undefined) throw wrongFooter("an early end", "more bytes");
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

function wrongFooter(found: string, expected: string): TypeError {
  return new TypeError(`Cannot read the Parquet footer: found ${found}, expected ${expected}`);
}
