/** The Delta types of a Parquet file that no table describes yet. */
import {
  parquetMetadata,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from "../../packages/hyparquet.ts";
import type { DataType, StructField } from "../schema/schema.ts";

type Annotation = Pick<SchemaElement, "type" | "converted_type" | "logical_type" | "precision" | "scale">;

const INTEGERS: Readonly<Record<string, DataType>> = {
  INT_8: "byte",
  INT_16: "short",
  INT_32: "integer",
  INT_64: "long",
};
const TEXTS: readonly (string | undefined)[] = ["UTF8", "ENUM", "JSON", "STRING"];

/**
 * The columns of a Parquet file in the types of Delta, all of them nullable.
 *
 * @throws {TypeError} naming the column when Delta has no type for it: unsigned integers, times of day, times without a
 *   zone, nanoseconds, UUIDs
 */
export function parquetTypes(bytes: Uint8Array): readonly StructField[] {
  const { buffer, byteLength } = bytes;
  const isWhole = byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
  const metadata = parquetMetadata(isWhole ? buffer : new Uint8Array(bytes).buffer, { geoparquet: false });
  return parquetSchema(metadata).children.map((child) => fieldOf(child));
}

function fieldOf(tree: SchemaTree): StructField {
  return { name: tree.element.name, type: typeOf(tree), nullable: true, metadata: {} };
}

function typeOf(tree: SchemaTree): DataType {
  const { element, children } = tree;
  if (element.repetition_type === "REPEATED") throw unknownType(tree, "a repeated field");
  if (children.length === 0) return primitiveOf(tree);
  const kind = element.logical_type?.type ?? element.converted_type;
  if (kind === "LIST") return listOf(tree);
  if (kind === "MAP" || kind === "MAP_KEY_VALUE") return mapOf(tree);
  return { type: "struct", fields: children.map((child) => fieldOf(child)) };
}

function listOf(tree: SchemaTree): DataType {
  const [entry] = tree.children;
  const [element] = entry?.children ?? [];
  if (entry?.children.length !== 1 || element === undefined) throw unknownType(tree, "a list of two levels");
  return { type: "array", elementType: typeOf(element), containsNull: true };
}

function mapOf(tree: SchemaTree): DataType {
  const [key, value] = tree.children[0]?.children ?? [];
  if (key === undefined || value === undefined) throw unknownType(tree, "a map without values");
  return { type: "map", keyType: typeOf(key), valueType: typeOf(value), valueContainsNull: true };
}

function primitiveOf(tree: SchemaTree): DataType {
  const { element } = tree;
  const type = decimalType(element) ?? timestampType(element) ?? plainType(element);
  if (type === undefined) throw unknownType(tree, describe(element));
  return type;
}

function decimalType({ logical_type: logical, converted_type: converted, precision, scale }: Annotation) {
  if (logical?.type === "DECIMAL") return `decimal(${logical.precision},${logical.scale})` as const;
  if (converted !== "DECIMAL" || precision === undefined) return undefined;
  return `decimal(${precision},${scale ?? 0})` as const;
}

// The older annotation always means UTC.
function timestampType(
  { type, logical_type: logical, converted_type: converted }: Annotation,
): DataType | undefined {
  if (type === "INT96") return "timestamp";
  if (logical?.type === "TIMESTAMP") {
    return logical.isAdjustedToUTC && logical.unit !== "NANOS" ? "timestamp" : undefined;
  }
  return converted === "TIMESTAMP_MICROS" || converted === "TIMESTAMP_MILLIS" ? "timestamp" : undefined;
}

function plainType(element: Annotation): DataType | undefined {
  const { type, logical_type: logical, converted_type: converted } = element;
  const kind = logical?.type ?? converted;
  switch (type) {
    case "BOOLEAN":
      return "boolean";
    case "FLOAT":
      return "float";
    case "DOUBLE":
      return "double";
    case "BYTE_ARRAY":
      return TEXTS.includes(kind) ? "string" : kind === undefined || kind === "BSON" ? "binary" : undefined;
    case "FIXED_LEN_BYTE_ARRAY":
      return kind === undefined ? "binary" : undefined;
    case "INT32":
    case "INT64":
      return kind === "DATE" ? "date" : integerType(element);
    default:
      return undefined;
  }
}

function integerType(
  { type, logical_type: logical, converted_type: converted }: Annotation,
): DataType | undefined {
  if (logical?.type === "INTEGER") return logical.isSigned ? INTEGERS[`INT_${logical.bitWidth}`] : undefined;
  if (logical !== undefined) return undefined;
  if (converted !== undefined) return INTEGERS[converted];
  return type === "INT32" ? "integer" : "long";
}

function describe({ type, logical_type: logical, converted_type: converted }: Annotation): string {
  return logical === undefined ? `${type} ${converted ?? ""}`.trim() : `${type} ${JSON.stringify(logical)}`;
}

function unknownType({ path }: SchemaTree, found: string): TypeError {
  return new TypeError(
    `Cannot use the column "${path.join(".")}": found ${found}, expected a type that Delta has`,
  );
}
