/** The values of an answer as texts and as rows of a table: exact, with the types of the columns that they come from. */
import type { DataType, StructField } from "../delta/mod.ts";
import { valueWriter } from "../text/json_text.ts";
import type { SqlValue } from "./sql_engine.ts";

/** A column of an answer with its type; undefined where it is worked out. */
export interface TypedColumn {
  readonly name: string;
  readonly type: DataType | undefined;
}

const writeLong = valueWriter("long");
const writeDouble = valueWriter("double");
const writeBytes = valueWriter("binary");

/** A value as JSON, whatever the column says of it: UNION mixes columns. */
export function jsonOf(value: SqlValue, { type }: TypedColumn): string {
  if (value === null) return "null";
  if (typeof value === "bigint") {
    return type === "boolean" && (value === 0n || value === 1n) ? String(value === 1n) : writeLong(value);
  }
  if (typeof value === "number") return writeDouble(value);
  if (typeof value !== "string") return writeBytes(value);
  return isNested(type) && isJson(value) ? value : JSON.stringify(value);
}

/** A value as text for people and for CSV; undefined is null. */
export function cellOf(value: SqlValue, column: TypedColumn): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return value;
  const text = jsonOf(value, column);
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

/** The types that columns of a file get: those that their values have. */
export function fileFields(
  columns: readonly TypedColumn[],
  rows: readonly (readonly SqlValue[])[],
): readonly StructField[] {
  return columns.map(({ name, type }, at) => {
    const values = rows.map((row) => row[at] ?? null).filter((value) => value !== null);
    const isOfType = type !== undefined && values.every((value) => fits(value, type));
    return { name, nullable: true, metadata: {}, type: isOfType ? type : typeOf(values) };
  });
}

/** A value as `frameOf` takes it. */
export function rowValueOf(value: SqlValue, type: DataType): unknown {
  if (value === null) return null;
  if (typeof type !== "string") return typeof value === "string" ? revived(JSON.parse(value), type) : null;
  if (type === "boolean") return value === 1n;
  if (type === "string") return cellOf(value, { name: "", type: undefined });
  if (type === "timestamp" || type === "timestamp_ntz") {
    return typeof value === "string" ? microsOf(value) : null;
  }
  if (type === "double" || type === "float") return Number(value);
  return typeof value === "bigint" && type !== "long" ? Number(value) : value;
}

function typeOf(values: readonly SqlValue[]): DataType {
  if (values.length > 0 && values.every((value) => typeof value === "bigint")) return "long";
  if (values.length > 0 && values.every((value) => typeof value === "bigint" || typeof value === "number")) {
    return "double";
  }
  return values.length > 0 && values.every((value) => value instanceof Uint8Array) ? "binary" : "string";
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z?$/;

function fits(value: SqlValue, type: DataType): boolean {
  if (typeof type !== "string") return typeof value === "string" && isJson(value);
  if (type === "string") return typeof value === "string";
  if (type === "binary") return value instanceof Uint8Array;
  if (type === "boolean") return value === 0n || value === 1n;
  if (type === "date") return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
  if (type === "timestamp" || type === "timestamp_ntz") return typeof value === "string" && TIME.test(value);
  if (type === "double" || type === "float") return typeof value === "number";
  return type.startsWith("decimal") ? false : typeof value === "bigint";
}

function isNested(type: DataType | undefined): boolean {
  return type !== undefined && typeof type !== "string";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function microsOf(text: string): bigint {
  return BigInt(Date.parse(`${text.slice(0, 19)}Z`)) * 1000n + BigInt(text.slice(20, 26));
}

/** Parts of a value as they were before they became JSON. */
function revived(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (typeof type === "string") return revivedPlain(value, type);
  if (type.type === "array") {
    return (value as readonly unknown[]).map((part) => revived(part, type.elementType));
  }
  const parts = Object.entries(value as Readonly<Record<string, unknown>>);
  if (type.type === "struct") {
    const types = new Map(type.fields.map((field) => [field.name, field.type]));
    return Object.fromEntries(
      parts.map(([name, part]) => [name, revived(part, types.get(name) ?? "string")]),
    );
  }
  return new Map(parts.map(([key, part]) => [revived(key, type.keyType), revived(part, type.valueType)]));
}

function revivedPlain(value: unknown, type: DataType & string): unknown {
  if (type === "long") return BigInt(value as string | number);
  if (["byte", "short", "integer", "float", "double"].includes(type)) return Number(value);
  if (type === "binary") return Uint8Array.fromBase64(String(value));
  if (type === "timestamp" || type === "timestamp_ntz") return microsOf(String(value));
  return type.startsWith("decimal") ? String(value) : value;
}
