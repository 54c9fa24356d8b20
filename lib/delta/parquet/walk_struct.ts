/** Goes over a Thrift struct and compares it with its shape. */
import type { FieldShape, StructShape } from "./footer_shapes.ts";
import { type Cursor, readByte, readVarint, skipValue } from "./thrift_values.ts";

const STOP = 0;
/** Types of the compact protocol; of a flag the type is its value. */
const TRUE = 1;
const FLAGS: readonly number[] = [TRUE, 2];
const NUMBER_TYPES = { 8: 3, 16: 4, 32: 5, 64: 6 } as const;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/**
 * The numbers of a struct by the ids of their fields; a flag is 1 or 0, what is no number is the place where its value
 * begins.
 */
export type StructNumbers = readonly (number | undefined)[];

/** Hears of each struct when it is over. */
export type OnStruct = (shape: StructShape, numbers: StructNumbers) => void;

/**
 * Steps over the struct at the cursor. Fields that its shape does not name may hold anything.
 *
 * @throws {TypeError} when a field has another type, is out of its range, or is missing, or the bytes end early
 */
export function walkStruct(cursor: Cursor, shape: StructShape, onStruct: OnStruct): void {
  const numbers: (number | undefined)[] = [];
  let id = 0;
  for (let header = readByte(cursor); header !== STOP; header = readByte(cursor)) {
    id = header >> 4 === 0 ? readNumber(cursor, 16) : id + (header >> 4);
    const field = shape.fields[id];
    if (field === undefined) skipValue(cursor, header & 15, 0);
    else if (numbers[id] !== undefined) throw wrong(`field ${id} of ${shape.name} twice`, "it once");
    else numbers[id] = walkValue(cursor, header & 15, { field, parent: shape, onStruct });
  }
  for (const wanted of shape.required) {
    if (numbers[wanted] === undefined) throw wrong(`no field ${wanted} in ${shape.name}`, "one");
  }
  onStruct(shape, numbers);
}

/** What a value should be, and of what. */
interface Expected {
  readonly field: FieldShape;
  readonly parent: StructShape;
  readonly onStruct: OnStruct;
}

function walkValue(cursor: Cursor, type: number, { field, parent, onStruct }: Expected): number {
  if (!isType(type, field)) throw wrong(`Thrift type ${type} in ${parent.name}`, `a ${field.kind}`);
  if (field.kind === "number") return inRange(readNumber(cursor, field.bits), field, parent);
  if (field.kind === "flag") return type === TRUE ? 1 : 0;
  const start = cursor.position;
  if (field.kind === "binary") skipValue(cursor, type, 0);
  else if (field.kind === "struct") walkStruct(cursor, field.shape, onStruct);
  else if (field.kind === "list") walkList(cursor, { field: field.of, parent, onStruct });
  return start;
}

function walkList(cursor: Cursor, element: Expected): void {
  const header = readByte(cursor);
  const size = header >> 4 === 15 ? readVarint(cursor) : header >> 4;
  // Ends at the latest with the bytes: each element takes one.
  for (let index = 0; index < size; index++) walkValue(cursor, header & 15, element);
}

function isType(type: number, field: FieldShape): boolean {
  switch (field.kind) {
    case "flag":
      return FLAGS.includes(type);
    case "number":
      return type === NUMBER_TYPES[field.bits];
    case "binary":
      return type === BINARY;
    case "list":
      return type === LIST;
    case "struct":
      return type === STRUCT;
  }
}

// A byte is written as it is.
function readNumber(cursor: Cursor, bits: number): number {
  if (bits === 8) return readByte(cursor);
  const value = readVarint(cursor);
  if (value >= 2 ** bits) throw wrong(`a number of more than ${bits} bits`, "a smaller one");
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

function inRange(value: number, { most }: { readonly most?: number }, parent: StructShape): number {
  if (most === undefined || (value >= 0 && value <= most)) return value;
  throw wrong(`${value} in ${parent.name}`, `0 to ${most}`);
}

function wrong(found: string, expected: string): TypeError {
  return new TypeError(`Cannot read the Parquet structure: found ${found}, expected ${expected}`);
}
