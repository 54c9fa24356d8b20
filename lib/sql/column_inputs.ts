/** Columns in flat buffers as values for SQLite: without frames, and without an object for each row. */
import {
  type Bytes,
  type Column,
  type DataType,
  formatTime,
  type Int32Values,
  type Int64Values,
  longsOf,
} from "../delta/mod.ts";

/** A value that SQLite takes. */
export type SqlInput = null | bigint | number | string | Uint8Array;
/** Gives the value at a row. */
export type ReadInput = (row: number) => SqlInput;

const MS_PER_DAY = 86_400_000;
const TWO_POW_32 = 4_294_967_296;
/** High halves of what a double has exactly. */
const EXACT_HIGH = 2 ** 20;
/** Days that are written with four digits. */
const FIRST_DAY = Date.parse("0001-01-01T00:00:00Z") / MS_PER_DAY;
const LAST_DAY = Date.parse("9999-12-31T00:00:00Z") / MS_PER_DAY;

/** Values as those of rows are; undefined of a column that has to be read as rows. */
export function columnInput(column: Column, type: DataType): ReadInput | undefined {
  const read = presentInput(column, type);
  const { present } = column;
  if (read === undefined || present === null) return read;
  return (row) => present[row] === 1 ? read(row) : null;
}

function presentInput(column: Column, type: DataType): ReadInput | undefined {
  if (column.kind === "int32" && type === "integer") return (row) => column.values[row] ?? 0;
  if (column.kind === "int32" && type === "date") return dayInput(column);
  if (column.kind === "int64" && type === "long") return longInput(column);
  if (column.kind === "int64" && type === "timestamp") return timeInput(column);
  if (column.kind === "boolean" && type === "boolean") return (row) => column.values[row] ?? 0;
  if (type !== "string") return undefined;
  if (column.kind === "words") return (row) => column.words[column.codes[row] ?? 0] ?? "";
  return column.kind === "bytes" ? textInput(column) : undefined;
}

/** Few days are many rows. */
function dayInput({ values, present }: Int32Values): ReadInput | undefined {
  const texts = new Map<number, string>();
  for (const [row, day] of values.entries()) {
    if (texts.has(day) || (present !== null && present[row] === 0)) continue;
    if (day < FIRST_DAY || day > LAST_DAY) return undefined;
    texts.set(day, new Date(day * MS_PER_DAY).toISOString().slice(0, 10));
  }
  return (row) => texts.get(values[row] ?? 0) ?? "";
}

/** As doubles where they are exact: a column of whole numbers keeps them as such, and bigints cost more. */
function longInput(column: Int64Values): ReadInput {
  const { halves } = column, longs = longsOf(column);
  return (row) => {
    const high = halves[2 * row + 1] ?? 0;
    if (high >= EXACT_HIGH || high < -EXACT_HIGH) return longs[row] ?? 0n;
    return high * TWO_POW_32 + ((halves[2 * row] ?? 0) >>> 0);
  };
}

function timeInput(column: Int64Values): ReadInput {
  const longs = longsOf(column);
  return (row) => `${formatTime(longs[row] ?? 0n)}Z`;
}

function textInput({ ends, bytes }: Bytes): ReadInput {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (row) => decoder.decode(bytes.subarray(ends[row], ends[row + 1]));
}
