/** Joins small Parquet files of one schema in memory: to begin with a file takes polars longer than to read it. */
import { Buffer } from "node:buffer";
import { readFooter } from "./read_footer.ts";
import { readInteger, structsOfList } from "./thrift_cursor.ts";
import { encodeVarint, fieldsAt, type IntegerEdit, type StructPart, withIntegers } from "./thrift_fields.ts";

/** FileMetaData. */
const FILE_ROWS = 3;
const FILE_GROUPS = 4;
/** RowGroup. */
const COLUMNS = 1;
const GROUP_ROWS = 3;
const GROUP_OFFSET = 5;
/** ColumnChunk: the file that has the pages when it is another, and where things begin. */
const FILE_PATH = 1;
const METADATA = 3;
const CHUNK_OFFSETS: readonly number[] = [2, 4, 6];
/** ColumnMetaData: the number of values, and where pages, index, dictionary and bloom filter begin. */
const VALUES = 5;
const PAGE_OFFSETS: readonly number[] = [9, 10, 11, 14];
/** The header of a long list of structs. */
const STRUCTS = 0xfc;
const MAGIC = [0x50, 0x41, 0x52, 0x31];

/**
 * One file with the row groups of all, in their order. Undefined where this could hide what is wrong with one of them,
 * or polars has to find out: footers that say anything else than the first beside rows and groups; a column with more or
 * fewer values than its group has rows, and so every list; rows that do not add up; pages in another file.
 *
 * @throws {TypeError} when the bytes are no Parquet files
 */
export function joinParquet(files: readonly Uint8Array[]): Uint8Array | undefined {
  const [groups, pages]: [Uint8Array[], Uint8Array[]] = [[], []];
  let [rows, groupCount, position] = [0, 0, 0];
  let first: Footer | undefined;
  for (const file of files) {
    const { footer: bytes, start } = readFooter(file);
    const footer = cutFooter(bytes);
    first ??= footer;
    const shifted = footer === undefined || first === undefined || !isAlike(footer, first)
      ? undefined
      : shiftGroups(footer, position);
    if (shifted === undefined) return undefined;
    for (const part of shifted.parts) groups.push(part);
    pages.push(file.subarray(0, start));
    rows += shifted.rows;
    groupCount += shifted.groupCount;
    position += start;
  }
  if (first === undefined) return undefined;
  const [head, middle, rest] = first.others;
  const list = [Uint8Array.of(STRUCTS), encodeVarint(groupCount), ...groups];
  const footer = concat([head, encodeVarint(2 * rows), middle, ...list, rest]);
  return concat([...pages, footer, tailOf(footer)]);
}

/** A footer in its parts. */
interface Footer {
  readonly bytes: Uint8Array;
  readonly count: StructPart;
  readonly list: StructPart;
  /** What stands before the number of rows, between this and the groups, and behind the groups. */
  readonly others: readonly [Uint8Array, Uint8Array, Uint8Array];
}

function cutFooter(bytes: Uint8Array): Footer | undefined {
  const fields = fieldsAt(bytes, 0);
  const [count, list] = [FILE_ROWS, FILE_GROUPS].map((id) => fields.find((field) => field.id === id));
  if (count === undefined || list === undefined || list.valueStart < count.end) return undefined;
  const others = [
    bytes.subarray(0, count.valueStart),
    bytes.subarray(count.end, list.valueStart),
    bytes.subarray(list.end),
  ] as const;
  return { bytes, count, list, others };
}

function isAlike(footer: Footer, first: Footer): boolean {
  return footer.others.every((part, index) => Buffer.compare(part, first.others[index] ?? part) === 0);
}

interface ShiftedGroups {
  readonly rows: number;
  readonly groupCount: number;
  readonly parts: readonly Uint8Array[];
}

/** The groups of a file as they are when its first byte lies elsewhere. */
function shiftGroups({ bytes, count, list }: Footer, by: number): ShiftedGroups | undefined {
  const shift: Shift = { bytes, by, edits: [] };
  const places = structsOfList({ bytes, position: list.valueStart });
  const counts = places.map(({ start }) => shiftGroup(fieldsAt(bytes, start), shift));
  const rows = counts.reduce<number>((sum, found) => sum + (found ?? NaN), 0);
  if (rows !== integerAt(bytes, count)) return undefined;
  const range = { start: places[0]?.start ?? list.end, end: places.at(-1)?.end ?? list.end };
  return { rows, groupCount: places.length, parts: withIntegers(bytes, range, shift.edits) };
}

interface Shift {
  readonly bytes: Uint8Array;
  readonly by: number;
  readonly edits: IntegerEdit[];
}

/** The number of its rows; undefined when it is not that of the values of each column. */
function shiftGroup(fields: readonly StructPart[], shift: Shift): number | undefined {
  const rows = fields.find(({ id }) => id === GROUP_ROWS);
  const count = rows === undefined ? undefined : integerAt(shift.bytes, rows);
  for (const field of fields) {
    if (field.id === GROUP_OFFSET) shiftInteger(field, shift);
    if (field.id !== COLUMNS) continue;
    const chunks = structsOfList({ bytes: shift.bytes, position: field.valueStart });
    if (chunks.some(({ start }) => shiftChunk(fieldsAt(shift.bytes, start), shift) !== count)) {
      return undefined;
    }
  }
  return count;
}

/** The number of its values. */
function shiftChunk(fields: readonly StructPart[], shift: Shift): number | undefined {
  let values: number | undefined;
  for (const field of fields) {
    if (field.id === FILE_PATH) return undefined;
    if (CHUNK_OFFSETS.includes(field.id)) shiftInteger(field, shift);
    if (field.id !== METADATA) continue;
    for (const inner of fieldsAt(shift.bytes, field.valueStart)) {
      if (PAGE_OFFSETS.includes(inner.id)) shiftInteger(inner, shift);
      if (inner.id === VALUES) values = integerAt(shift.bytes, inner);
    }
  }
  return values;
}

// Some writers say 0 where there is nothing.
function shiftInteger({ valueStart, end }: StructPart, { bytes, by, edits }: Shift): void {
  const value = integerAt(bytes, { valueStart });
  if (value > 0) edits.push({ valueStart, end, value: value + by });
}

function integerAt(bytes: Uint8Array, { valueStart }: Pick<StructPart, "valueStart">): number {
  return readInteger({ bytes, position: valueStart });
}

function tailOf(footer: Uint8Array): Uint8Array {
  const tail = new Uint8Array([0, 0, 0, 0, ...MAGIC]);
  new DataView(tail.buffer).setUint32(0, footer.length, true);
  return tail;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
