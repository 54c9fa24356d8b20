/**
 * Steps over values in Thrift's compact protocol, as Parquet footers are written.
 *
 * A field of a struct is 1 byte (id minus previous id) << 4 | type, then the value; 0 ends the struct.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

import { type Cursor, readByte, readVarint, skipElement, skipValue } from "./thrift_values.ts";

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
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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

/** Reads a text at the cursor. */
export function readText(cursor: Cursor): string {
  const length = readVarint(cursor), start = cursor.position;
  cursor.position += length;
  return decoder.decode(cursor.bytes.subarray(start, cursor.position));
}

/** Reads a signed integer at the cursor; exact up to 2^53. */
export function readInteger(cursor: Cursor): number {
  return zigzag(readVarint(cursor));
}

function zigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
