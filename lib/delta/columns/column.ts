/**
 * Columns of rows in flat buffers, as a program fills them itself: a data file is written from them without polars
 * (`DeltaTable.stageColumns`), and they become a frame where one is needed (`frameOfColumns`).
 */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";

/** What all columns have in common. */
export interface NullableColumn {
  /** Rows. */
  readonly length: number;
  /** Per row 1 where there is a value and 0 where there is none; null when every row has one. */
  readonly present: Uint8Array | null;
}

/** 32-bit integers, for integer; days since 1970 for date. Any value where none is present. */
export interface Int32Values extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "int32";
  /** One per row. */
  readonly values: Int32Array;
}

/** 64-bit integers, for long; microseconds since 1970 UTC for timestamp. */
export interface Int64Values extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "int64";
  /** Two per row: the low 32 bits, then the high ones. */
  readonly halves: Int32Array;
}

/** Booleans: 1 is true, 0 false. */
export interface Booleans extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "boolean";
  /** One per row. */
  readonly values: Uint8Array;
}

/** Texts that hardly repeat, as UTF-8, for string; any bytes for binary. */
export interface Bytes extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "bytes";
  /** One more than rows: the value of row i stands from `ends[i]` up to `ends[i + 1]`; of no length where none is present. */
  readonly ends: Int32Array;
  /** All values one after another. */
  readonly bytes: Uint8Array;
}

/** Texts that repeat much, for string. */
export interface Words extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "words";
  /** Per row the place of its text in `words`; any where none is present. */
  readonly codes: Int32Array;
  /** Each text once. */
  readonly words: readonly string[];
}

/** Lists, for array. */
export interface Lists extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "list";
  /** One more than rows: the elements of row i stand from `ends[i]` up to `ends[i + 1]`. */
  readonly ends: Int32Array;
  /** The elements of all lists one after another. */
  readonly elements: Column;
}

/** Structs; a field has a row of its own for every row, present or not. */
export interface Structs extends NullableColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "struct";
  /** The fields by their names. */
  readonly fields: Columns;
}

/** The values of one column. */
export type Column = Int32Values | Int64Values | Booleans | Bytes | Words | Lists | Structs;

/** Columns of equal length by their names. */
export type Columns = Readonly<Record<string, Column>>;

/**
 * How many rows the columns have; 0 without any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rowCount } from "../mod.ts";
 *
 * assertEquals(rowCount({ track: { kind: "int32", length: 2, present: null, values: Int32Array.of(4, 1) } }), 2);
 * ```
 */
export function rowCount(columns: Columns): number {
  checkArguments("rowCount", { columns }, { columns: KIND.columnBuffers });
  return Object.values(columns)[0]?.length ?? 0;
}

/**
 * The values of a column of 64 bits, as a view; any where none is present.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { longsOf } from "../mod.ts";
 *
 * const versions = { kind: "int64", length: 2, present: null, halves: Int32Array.of(7, 0, -1, -1) } as const;
 * assertEquals(longsOf(versions), BigInt64Array.of(7n, -1n));
 * ```
 */
export function longsOf(column: Int64Values): BigInt64Array {
  checkArguments("longsOf", { column }, { column: KIND.longs });
  const { halves, length } = column;
  return new BigInt64Array(halves.buffer, halves.byteOffset, length);
}

/** How many rows of a column have no value. */
export function countNulls({ present }: Column): number {
  if (present === null) return 0;
  let nulls = 0;
  for (let row = 0; row < present.length; row++) nulls += 1 - (present[row] ?? 0);
  return nulls;
}
