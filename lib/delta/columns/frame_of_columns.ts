/** Columns as a polars frame, by way of Arrow. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Data } from "apache-arrow";
import { Buffer } from "node:buffer";
import { arrow } from "../../packages/arrow.ts";
import { pl } from "../../packages/polars.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { DataType, StructField } from "../schema/schema.ts";
import { type Column, type Columns, countNulls, rowCount } from "./column.ts";

/**
 * The columns that the fields name as a frame with their types; words become Categoricals.
 *
 * @throws {TypeError} when a field has no column, or one that cannot be its type
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { frameOfColumns, tableSchema } from "../mod.ts";
 *
 * const name = { kind: "words", length: 3, present: null, codes: Int32Array.of(0, 1, 0), words: ["HKI", "TPE"] } as const;
 * const frame = frameOfColumns({ name }, tableSchema({ name: "string" }).fields);
 * assertEquals(frame.toRecords(), [{ name: "HKI" }, { name: "TPE" }, { name: "HKI" }]);
 * ```
 */
export function frameOfColumns(columns: Columns, fields: readonly StructField[]): Frame {
  checkArguments("frameOfColumns", { columns, fields }, { columns: KIND.columnBuffers, fields: KIND.fields });
  const children = fields.map((field) => dataOf(field, columns[field.name]));
  const named = children.map((child, i) => new arrow.Field(fields[i]?.name ?? "", child.type, true));
  const length = rowCount(columns);
  const data = arrow.makeData({ type: new arrow.Struct(named), length, nullCount: 0, children });
  const writer = new arrow.RecordBatchFileWriter();
  writer.write(new arrow.RecordBatch(new arrow.Schema(named), data));
  writer.finish();
  return pl.readIPC(Buffer.from(writer.toUint8Array(true)));
}

function dataOf({ name, type }: StructField, column: Column | undefined): Data {
  const data = column && arrowData(column, type);
  if (data !== undefined) return data;
  const found = column === undefined ? "no column" : `a column of ${column.kind}`;
  throw new TypeError(`Cannot make the column "${name}": found ${found}, expected one for ${String(type)}`);
}

/** Undefined when the column cannot be the type. */
function arrowData(column: Column, type: DataType): Data | undefined {
  const { length } = column;
  const head = { length, ...validity(column) };
  switch (column.kind) {
    case "int32": {
      const arrowType = type === "date" ? new arrow.DateDay() : new arrow.Int32();
      return arrow.makeData({ ...head, type: arrowType, data: column.values } as never);
    }
    case "int64": {
      const arrowType = type === "timestamp" ? new arrow.TimestampMicrosecond("UTC") : new arrow.Int64();
      const { buffer, byteOffset } = column.halves;
      return arrow.makeData(
        { ...head, type: arrowType, data: new BigInt64Array(buffer, byteOffset, length) } as never,
      );
    }
    case "boolean":
      return arrow.makeData({ ...head, type: new arrow.Bool(), data: packBits(column.values) });
    case "bytes": {
      const arrowType = type === "binary" ? new arrow.Binary() : new arrow.Utf8();
      return arrow.makeData(
        { ...head, type: arrowType, valueOffsets: column.ends, data: column.bytes } as never,
      );
    }
    case "words":
      return wordData(column, head);
    case "list":
      return listData(column, type, head);
    case "struct":
      return structData(column, type, head);
  }
}

type Head = { readonly length: number; readonly nullCount: number; readonly nullBitmap?: Uint8Array };

function wordData({ codes, words }: Extract<Column, { kind: "words" }>, head: Head): Data {
  // Arrow looks the code of a null up as well.
  const dictionary = arrow.vectorFromArray(words.length === 0 ? [""] : [...words], new arrow.Utf8());
  const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
  return arrow.makeData({ ...head, type, data: codes, dictionary });
}

function listData(
  { ends, elements }: Extract<Column, { kind: "list" }>,
  type: DataType,
  head: Head,
): Data | undefined {
  const child = typeof type !== "string" && type.type === "array"
    ? arrowData(elements, type.elementType)
    : undefined;
  if (child === undefined) return undefined;
  const listType = new arrow.List(new arrow.Field("element", child.type, true));
  return arrow.makeData({ ...head, type: listType, valueOffsets: ends, child });
}

function structData(
  { fields }: Extract<Column, { kind: "struct" }>,
  type: DataType,
  head: Head,
): Data | undefined {
  if (typeof type === "string" || type.type !== "struct") return undefined;
  const children = type.fields.map((field) => dataOf(field, fields[field.name]));
  const named = children.map((child, i) => new arrow.Field(type.fields[i]?.name ?? "", child.type, true));
  return arrow.makeData({ ...head, type: new arrow.Struct(named), children });
}

function validity(column: Column): { readonly nullCount: number; readonly nullBitmap?: Uint8Array } {
  const nullCount = countNulls(column);
  return column.present === null || nullCount === 0
    ? { nullCount: 0 }
    : { nullCount, nullBitmap: packBits(column.present) };
}

function packBits(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (let row = 0; row < flags.length; row++) {
    if (flags[row] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
}
