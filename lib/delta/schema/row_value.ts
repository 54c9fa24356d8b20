/** Values of rows as users give them, checked and turned into what a Parquet writer takes. */
import { parseDate } from "./calendar.ts";
import { type DataType, decimalOf, formatType, type StructField } from "./schema.ts";

/**
 * One value of a row. Like a {@linkcode PartitionValue}: bigint for long, and microseconds since 1970 UTC for
 * timestamp, `YYYY-MM-DD` for date, digits for decimal; a safe integer is accepted for long, a Date for date and timestamp.
 * Arrays for array, objects for struct, a Map or an object with string keys for map.
 */
export type RowValue = unknown;

/** One row: its values by column; an absent one is null. */
export type Row = Readonly<Record<string, RowValue>>;

/** What a Parquet writer takes: days for date, unscaled bigints for decimal, entries for map. */
export type StoredValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly StoredValue[]
  | { readonly [name: string]: StoredValue };

const LIMITS: Readonly<Record<string, bigint>> = {
  byte: 2n ** 7n,
  short: 2n ** 15n,
  integer: 2n ** 31n,
  long: 2n ** 63n,
};

/**
 * Checks a value and turns it into what the file holds; undefined counts as null.
 *
 * @throws {TypeError} naming the column and both types
 */
export function toStoredValue(
  value: RowValue,
  { name, type, nullable }: Omit<StructField, "metadata">,
): StoredValue {
  if (value === null || value === undefined) {
    if (nullable) return null;
    throw new TypeError(`Cannot write the column "${name}": found null, expected ${formatType(type)}`);
  }
  const stored = typeof type === "string" ? storePrimitive(value, type) : storeNested(value, name, type);
  if (stored !== undefined) return stored;
  throw new TypeError(
    `Cannot write the column "${name}": found ${show(value)}, expected ${formatType(type)}`,
  );
}

function storePrimitive(value: unknown, type: DataType & string): StoredValue | undefined {
  if (type === "string") return typeof value === "string" && value.isWellFormed() ? value : undefined;
  if (type === "boolean") return typeof value === "boolean" ? value : undefined;
  if (type === "binary") return value instanceof Uint8Array ? value : undefined;
  if (type === "double") return typeof value === "number" ? value : undefined;
  if (type === "float") return typeof value === "number" ? Math.fround(value) : undefined;
  if (type === "date") return storeDate(value);
  if (type === "timestamp") return storeTimestamp(value);
  const limit = LIMITS[type];
  return limit === undefined ? storeDecimal(value, type) : storeInteger(value, limit, type === "long");
}

function storeInteger(value: unknown, limit: bigint, isLong: boolean): StoredValue | undefined {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) return undefined;
  const integer = BigInt(value as bigint | number);
  if (integer < -limit || integer >= limit) return undefined;
  return isLong ? integer : Number(integer);
}

function storeDate(value: unknown): StoredValue | undefined {
  const text = value instanceof Date && !Number.isNaN(value.getTime())
    ? value.toISOString().split("T")[0]
    : value;
  return typeof text === "string" ? parseDate(text) : undefined;
}

function storeTimestamp(value: unknown): StoredValue | undefined {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? value : undefined;
  const isTime = value instanceof Date && !Number.isNaN(value.getTime());
  return isTime ? BigInt(value.getTime()) * 1000n : undefined;
}

function storeDecimal(value: unknown, type: DataType): StoredValue | undefined {
  const decimal = decimalOf(type);
  const match = typeof value === "string" ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) : null;
  if (decimal === undefined || match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  const digits = (whole + fraction.padEnd(decimal.scale, "0")).replace(/^0+(?=\d)/, "");
  const fits = fraction.length <= decimal.scale && digits.length <= decimal.precision;
  return fits ? BigInt(sign + digits) : undefined;
}

function storeNested(
  value: unknown,
  name: string,
  type: Exclude<DataType, string>,
): StoredValue | undefined {
  if (type.type === "array") {
    const element = { name: `${name}[]`, type: type.elementType, nullable: type.containsNull };
    return Array.isArray(value) ? value.map((part) => toStoredValue(part, element)) : undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  if (type.type === "struct") {
    return storeStruct(value as Readonly<Record<string, unknown>>, name, type.fields);
  }
  const key = { name: `${name}.key`, type: type.keyType, nullable: false };
  const entry = { name: `${name}.value`, type: type.valueType, nullable: type.valueContainsNull };
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  return Array.from(entries, ([k, v]) => ({ key: toStoredValue(k, key), value: toStoredValue(v, entry) }));
}

function storeStruct(
  value: Readonly<Record<string, unknown>>,
  name: string,
  fields: readonly StructField[],
): StoredValue {
  assertKnown(Object.keys(value), fields, name);
  const stored = fields.map((field) =>
    [field.name, toStoredValue(value[field.name], { ...field, name: `${name}.${field.name}` })] as const
  );
  return Object.fromEntries(stored);
}

/** Throws when there are names that no field has: a value that would be lost silently. */
export function assertKnown(names: readonly string[], fields: readonly StructField[], where: string): void {
  const known = new Set(fields.map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `Cannot write "${where}": found the field "${unknown}", expected ${[...known].join(", ")}`,
  );
}

function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}n` : part)?.slice(0, 80) ??
    typeof value;
}
