/** Lists the fields of a struct in Thrift's compact protocol, and replaces integers in one. */
import { type Cursor, readByte, readVarint, skipValue } from "./thrift_values.ts";

/** A field of a struct, and where its value lies in the bytes. */
export interface StructPart {
  readonly id: number;
  readonly valueStart: number;
  readonly end: number;
}

/** An integer that takes the place of another. */
export interface IntegerEdit {
  readonly valueStart: number;
  readonly end: number;
  readonly value: number;
}

const STOP = 0;

/**
 * The fields of the struct that begins at a position, in their order.
 *
 * @throws {TypeError} when the bytes end early or are not Thrift
 */
export function fieldsAt(bytes: Uint8Array, position: number): readonly StructPart[] {
  const cursor: Cursor = { bytes, position };
  const fields: StructPart[] = [];
  let id = 0;
  for (let header = readByte(cursor); header !== STOP; header = readByte(cursor)) {
    id = header >> 4 === 0 ? readVarint(cursor) / 2 : id + (header >> 4);
    const valueStart = cursor.position;
    skipValue(cursor, header & 15, 0);
    fields.push({ id, valueStart, end: cursor.position });
  }
  return fields;
}

/** A number as an unsigned integer; a signed one that is not negative is written as twice itself. */
export function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 + 128);
  return Uint8Array.from([...bytes, rest]);
}

/** The bytes in a range with other signed integers in them, none negative; the edits in their order. */
export function withIntegers(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  edits: readonly IntegerEdit[],
): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let position = start;
  for (const edit of edits) {
    parts.push(bytes.subarray(position, edit.valueStart), encodeVarint(2 * edit.value));
    position = edit.end;
  }
  return [...parts, bytes.subarray(position, end)];
}
