/** Measures columns for the statistics of a data file. */
import { type Column, type Columns, countNulls } from "../columns/column.ts";
import { compareCodePoints } from "../schema/text_order.ts";
import { type Bound, type ColumnStats, encodeBound, hasBounds, type StatsColumn } from "./stats.ts";

/** The nulls and the bounds of columns of so many rows; a column that is not there is null in all rows. */
export function measureColumns(
  columns: Columns,
  expected: readonly StatsColumn[],
  rows: number,
): readonly ColumnStats[] {
  return expected.map((column) => measure(column, findColumn(columns, column.path), rows));
}

/** A column and the structs that it stands in. */
interface Found {
  readonly column: Column;
  readonly present: Uint8Array | null;
}

function findColumn(columns: Columns, path: readonly string[]): Found | null {
  const [name = "", ...below] = path;
  const column = columns[name];
  if (column === undefined || below.length === 0) {
    return column === undefined ? null : { column, present: column.present };
  }
  const found = column.kind === "struct" ? findColumn(column.fields, below) : null;
  return found && { ...found, present: bothPresent(column.present, found.present) };
}

function bothPresent(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  return a === null || b === null ? a ?? b : a.map((flag, row) => flag & (b[row] ?? 0));
}

function measure(column: StatsColumn, found: Found | null, rows: number): ColumnStats {
  if (found === null) return { column, nullCount: rows };
  const nullCount = countNulls({ ...found.column, present: found.present });
  if (!hasBounds(column.type) || nullCount === rows) return { column, nullCount };
  const [min, max] = boundsOf(found);
  return {
    column,
    nullCount,
    min: min === undefined ? undefined : encodeBound(min, column.type, "min"),
    max: max === undefined ? undefined : encodeBound(max, column.type, "max"),
  };
}

/** The least and the greatest value. */
function boundsOf({ column, present }: Found): readonly [Bound | undefined, Bound | undefined] {
  switch (column.kind) {
    case "int32":
      return boundsOf32(column.values, present);
    case "int64":
      return boundsOf64(column.halves, present);
    case "words":
      return boundsOfWords(column, present);
    case "bytes":
      return boundsOfBytes(column, present);
    default:
      return [undefined, undefined];
  }
}

function boundsOf32(values: Int32Array, present: Uint8Array | null): readonly [number, number] {
  let min = Infinity, max = -Infinity;
  for (let row = 0; row < values.length; row++) {
    if (present !== null && present[row] === 0) continue;
    const value = values[row] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

/** High halves are signed, low ones are not. */
function boundsOf64(halves: Int32Array, present: Uint8Array | null): readonly [bigint, bigint] {
  let minHigh = Infinity, minLow = Infinity, maxHigh = -Infinity, maxLow = -Infinity;
  for (let row = 0, at = 0; at < halves.length; row++, at += 2) {
    if (present !== null && present[row] === 0) continue;
    const low = (halves[at] ?? 0) >>> 0, high = halves[at + 1] ?? 0;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      minHigh = high;
      minLow = low;
    }
    if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      maxHigh = high;
      maxLow = low;
    }
  }
  return [(BigInt(minHigh) << 32n) | BigInt(minLow), (BigInt(maxHigh) << 32n) | BigInt(maxLow)];
}

function boundsOfWords(
  { codes, words }: Extract<Column, { kind: "words" }>,
  present: Uint8Array | null,
): readonly [string | undefined, string | undefined] {
  const isUsed = new Uint8Array(words.length);
  for (let row = 0; row < codes.length; row++) {
    if (present === null || present[row] === 1) isUsed[codes[row] ?? 0] = 1;
  }
  let min: string | undefined, max: string | undefined;
  words.forEach((word, code) => {
    if (isUsed[code] === 0) return;
    if (min === undefined || compareCodePoints(word, min) < 0) min = word;
    if (max === undefined || compareCodePoints(word, max) > 0) max = word;
  });
  return [min, max];
}

function boundsOfBytes(
  { ends, bytes }: Extract<Column, { kind: "bytes" }>,
  present: Uint8Array | null,
): readonly [string | undefined, string | undefined] {
  let min = -1, max = -1;
  const isBelow = (a: number, b: number) =>
    compareBytes(bytes, ends[a] ?? 0, ends[a + 1] ?? 0, bytes, ends[b] ?? 0, ends[b + 1] ?? 0) < 0;
  for (let row = 0; row < ends.length - 1; row++) {
    if (present !== null && present[row] === 0) continue;
    if (min < 0 || isBelow(row, min)) min = row;
    if (max < 0 || isBelow(max, row)) max = row;
  }
  const textOf = (row: number) => row < 0 ? undefined : decodeExactly(bytes.slice(ends[row], ends[row + 1]));
  return [textOf(min), textOf(max)];
}

/** With a byte order mark, which is a character like others here. */
function decodeExactly(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Below 0 when the first comes first: bytes in their order are UTF-8 in the order of code points. */
function compareBytes(
  a: Uint8Array,
  aFrom: number,
  aTo: number,
  b: Uint8Array,
  bFrom: number,
  bTo: number,
): number {
  const length = Math.min(aTo - aFrom, bTo - bFrom);
  for (let i = 0; i < length; i++) {
    const difference = (a[aFrom + i] ?? 0) - (b[bFrom + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return aTo - aFrom - (bTo - bFrom);
}
