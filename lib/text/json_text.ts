/** Exact values as JSON text: nothing that a JSON number would round is written as one. */
import type { DataType, StructField } from "../delta/mod.ts";
import { formatTime } from "../delta/mod.ts";

type Write = (value: unknown) => string;

const EXACT_DIGITS = 15;

/**
 * Writes rows as `frameRows` gives them, one object each: int64 and decimals as strings where a JSON number would lose
 * digits, times as ISO 8601 with microseconds (in UTC with "Z"), binary in base64, NaN and infinities as strings.
 */
export function rowWriter(
  fields: readonly StructField[],
): (row: Readonly<Record<string, unknown>>) => string {
  return structWriter(fields) as (row: Readonly<Record<string, unknown>>) => string;
}

/** Writes a value of a type. */
export function valueWriter(type: DataType): Write {
  const write = plainWriter(type);
  return (value) => value === null || value === undefined ? "null" : write(value);
}

function plainWriter(type: DataType): Write {
  if (typeof type === "string") return PRIMITIVES[type.replace(/\(.*/, "")] ?? JSON.stringify;
  if (type.type === "struct") return structWriter(type.fields);
  if (type.type === "array") {
    const element = valueWriter(type.elementType);
    return (value) => `[${(value as readonly unknown[]).map(element).join(",")}]`;
  }
  const [key, value] = [valueWriter(type.keyType), valueWriter(type.valueType)];
  return (map) => {
    const entries = Array.from(
      map as ReadonlyMap<unknown, unknown>,
      ([k, v]) => `${keyText(key(k))}:${value(v)}`,
    );
    return `{${entries.join(",")}}`;
  };
}

function structWriter(fields: readonly StructField[]): Write {
  const parts = fields.map(({ name, type }) => ({
    name,
    head: `${JSON.stringify(name)}:`,
    write: valueWriter(type),
  }));
  return (row) => {
    const object = row as Readonly<Record<string, unknown>>;
    return `{${parts.map(({ name, head, write }) => head + write(object[name])).join(",")}}`;
  };
}

/** Names in JSON are strings. */
function keyText(text: string): string {
  return text.startsWith('"') ? text : JSON.stringify(text);
}

const PRIMITIVES: Readonly<Record<string, Write>> = {
  long: (value) => Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`,
  decimal: (value) => decimalText(String(value)),
  float: floatText,
  double: floatText,
  binary: (value) => `"${(value as Uint8Array).toBase64()}"`,
  timestamp: (value) => `"${formatTime(value as bigint)}Z"`,
  timestamp_ntz: (value) => `"${formatTime(value as bigint)}"`,
};

function floatText(value: unknown): string {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function decimalText(digits: string): string {
  const significant = digits.replace(/^-?0*\.?0*|\./g, "");
  return significant.length <= EXACT_DIGITS ? digits : `"${digits}"`;
}
