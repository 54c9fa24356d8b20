/** Rows of JavaScript as a frame, each value checked: polars' own way turns what does not fit into null without a word. */
import type { Table as ArrowTable } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { KIND } from "../argument_kinds.ts";
import { checkArguments, isFrame } from "../check_arguments.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { Row } from "../schema/row_value.ts";
import type { StructType } from "../schema/schema.ts";
import { emptyFrame } from "./empty_frame.ts";
import { encodeRows, storeRow } from "./stage_rows.ts";

/** Rows as callers have them: objects with a value for each column, a polars frame, or an Arrow table. */
export type Rows = Frame | ArrowTable | readonly Row[];

/** Frames whose nulls are nulls: no value was lost on the way into them. */
const checked = new WeakSet<object>();

/**
 * Makes a frame of rows: bigint or a whole number for long, Date or microseconds for timestamp, Date or
 * `YYYY-MM-DD` for date, digits in a text for decimal, bytes, arrays and objects. A column that a row does not have is
 * null.
 *
 * @throws {TypeError} naming the row, the column and both types when a value does not fit; nothing is rounded
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { frameOf, frameRows, tableSchema } from "../mod.ts";
 *
 * const schema = tableSchema({ id: "long", day: "date", price: "decimal(10,2)" });
 * const frame = frameOf([{ id: 1n, day: new Date("2025-02-17T00:00:00Z"), price: "9.90" }], schema);
 * assertEquals([...frameRows(frame, schema.fields)], [{ id: 1n, day: "2025-02-17", price: "9.90" }]);
 * ```
 */
export function frameOf(rows: readonly Row[], schema: StructType): Frame {
  checkArguments("frameOf", { rows, schema }, { rows: KIND.rowList, schema: KIND.schema });
  const frame = rows.length === 0 ? emptyFrame(schema.fields) : encode(rows, schema);
  checked.add(frame);
  return frame;
}

/** The frame of rows that a caller has handed over. */
export function toFrame(rows: Rows, schema: StructType): Frame {
  if (Array.isArray(rows)) return frameOf(rows as readonly Row[], schema);
  if (isFrame(rows)) return rows as Frame;
  return pl.readIPC(Buffer.from(arrow.tableToIPC(rows as ArrowTable, "file")));
}

/** Whether nulls in a frame can be what polars made of values that it could not hold. */
export function mayHaveLostValues(frame: Frame): boolean {
  return !checked.has(frame);
}

function encode(rows: readonly Row[], { fields }: StructType): Frame {
  const stored = rows.map((row, index) => {
    try {
      return storeRow(row, fields, "the row");
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new TypeError(`${cause.message} (row ${index + 1} of ${rows.length})`, { cause });
    }
  });
  return pl.readParquet(Buffer.from(encodeRows(stored, fields)));
}
