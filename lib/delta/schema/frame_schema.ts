/** The Delta types of a frame, and whether they are those of a table. */
import type { DataType as ArrowType } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import { arrowFields } from "./arrow_fields.ts";
import { frameType } from "./frame_type.ts";
import { formatType, type StructField } from "./schema.ts";
import type { Frame } from "./polars_type.ts";

/** A column of a frame, its type named as in Delta, or as in Arrow where Delta has none. */
export interface FrameColumn {
  readonly name: string;
  /** As `formatType` writes it. */
  readonly type: string;
  /** True when it is a polars Categorical: Delta knows it as string. */
  readonly isCategorical: boolean;
}

/** The columns of a frame. */
export function frameColumns(frame: Frame): readonly FrameColumn[] {
  return arrowFields(frame).map(({ name, type }) => ({
    name,
    type: describeArrowType(type),
    isCategorical: type.typeId === arrow.Type.Dictionary,
  }));
}

/**
 * Throws unless the frame has exactly these columns with exactly these types, in any order.
 *
 * @throws {TypeError} naming every column that is wrong, with both types
 */
export function assertFrameFits(columns: readonly FrameColumn[], fields: readonly StructField[]): void {
  const found = new Map(columns.map(({ name, type }) => [name, type]));
  const expected = new Map(fields.map(({ name, type }) => [name, formatType(frameType(type))]));
  const faults = [...new Set([...expected.keys(), ...found.keys()])]
    .filter((name) => found.get(name) !== expected.get(name))
    .map((name) =>
      `column "${name}" is ${found.get(name) ?? "missing"}, expected ${
        expected.get(name) ?? "no such column"
      }`
    );
  if (faults.length > 0) throw new TypeError(`Cannot write the frame: ${faults.join("; ")}`);
}

/** The name of an Arrow type in Delta; in Arrow where Delta has none. */
export function describeArrowType(type: ArrowType): string {
  const plain = describePlain(type);
  if (plain !== undefined) return plain;
  const parts = type.children ?? [];
  switch (type.typeId) {
    case arrow.Type.Dictionary:
      return describeArrowType((type as ArrowType & { readonly dictionary: ArrowType }).dictionary);
    case arrow.Type.List:
    case arrow.Type.LargeList:
      return `array<${parts.map((part) => describeArrowType(part.type)).join(",")}>`;
    case arrow.Type.Struct:
      return `struct<${parts.map((part) => `${part.name}:${describeArrowType(part.type)}`).join(",")}>`;
    case arrow.Type.Decimal: {
      const { precision, scale } = type as ArrowType & { readonly precision: number; readonly scale: number };
      return `decimal(${precision},${scale})`;
    }
    default:
      return String(type);
  }
}

function describePlain(type: ArrowType): string | undefined {
  return PLAIN[String(type)];
}

// The left side is how apache-arrow writes its types.
const PLAIN: Readonly<Record<string, string>> = {
  Utf8: "string",
  LargeUtf8: "string",
  Utf8View: "string",
  Binary: "binary",
  LargeBinary: "binary",
  BinaryView: "binary",
  Bool: "boolean",
  Int8: "byte",
  Int16: "short",
  Int32: "integer",
  Int64: "long",
  Float32: "float",
  Float64: "double",
  "Date32<DAY>": "date",
  "Timestamp<MICROSECOND, UTC>": "timestamp",
  "Timestamp<MICROSECOND>": "timestamp_ntz",
};
