/** The schema of a table: its types, and their JSON in the log. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { UnsupportedTableError } from "../errors.ts";

/** A type without fields or elements; `decimal` has its precision and scale in its name. */
export type PrimitiveType =
  | "string"
  | "long"
  | "integer"
  | "short"
  | "byte"
  | "float"
  | "double"
  | "boolean"
  | "binary"
  | "date"
  | "timestamp"
  | "timestamp_ntz"
  | `decimal(${number},${number})`
  /** Every value is null; read, never written. */
  | "void"
  /** A type that this library does not know, such as variant: it can be shown, not read. */
  | `unsupported<${string}>`;

/** Named fields in order; also the type of a whole row. */
export interface StructType {
  /** Always "struct". */
  readonly type: "struct";
  /** In order. */
  readonly fields: readonly StructField[];
}

/** One field of a struct, or one column of a table. */
export interface StructField {
  /** As users write it. */
  readonly name: string;
  /** Of its values. */
  readonly type: DataType;
  /** False when no value may be null. */
  readonly nullable: boolean;
  /** Comments, CHECK constraints, column mapping: what engines keep about the column. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A list of values of one type. */
export interface ArrayType {
  /** Always "array". */
  readonly type: "array";
  /** Of its elements. */
  readonly elementType: DataType;
  /** False when no element may be null. */
  readonly containsNull: boolean;
}

/** Keys with values; keys are never null. */
export interface MapType {
  /** Always "map". */
  readonly type: "map";
  /** Of its keys. */
  readonly keyType: DataType;
  /** Of its values. */
  readonly valueType: DataType;
  /** False when no value may be null. */
  readonly valueContainsNull: boolean;
}

/** Any type a column can have. */
export type DataType = PrimitiveType | StructType | ArrayType | MapType;

type JsonObject = Readonly<Record<string, unknown>>;

const PLAIN_TYPES: ReadonlySet<string> = new Set([
  "string",
  "long",
  "integer",
  "short",
  "byte",
  "float",
  "double",
  "boolean",
  "binary",
  "date",
  "timestamp",
  "timestamp_ntz",
  "void",
]);

const MAX_DEPTH = 100;
const UNSUPPORTED = /^unsupported<(.*)>$/s;
const DECIMAL = /^decimal\((\d+),\s*(-?\d+)\)$/;

/**
 * Reads the `schemaString` of a table. Types that are not known here are kept by their names.
 *
 * @throws {UnsupportedTableError} when its types are too deep
 * @throws {TypeError} when it is no schema at all
 */
export function parseSchema(schemaString: string): StructType {
  const type = readType(JSON.parse(schemaString), "the table", 0);
  if (typeof type !== "string" && type.type === "struct") return type;
  throw new TypeError(`Cannot read the schema: found ${formatType(type)}, expected a struct`);
}

/**
 * Writes a type in short for messages and comparisons: `array<struct<a:string,b:long>>`; leaves nullability out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatType, tableSchema } from "../mod.ts";
 *
 * assertEquals(formatType(tableSchema({ id: "long", day: "date" })), "struct<id:long,day:date>");
 * ```
 */
export function formatType(type: DataType): string {
  if (typeof type === "string") return unsupportedName(type) ?? type;
  if (typeof type !== "object" || type === null) checkArguments("formatType", { type }, { type: KIND.type });
  if (type.type === "array") return `array<${formatType(type.elementType)}>`;
  if (type.type === "map") return `map<${formatType(type.keyType)},${formatType(type.valueType)}>`;
  return `struct<${type.fields.map((field) => `${field.name}:${formatType(field.type)}`).join(",")}>`;
}

/** The precision and scale of a decimal type; undefined for every other type. */
export function decimalOf(
  type: DataType,
): { readonly precision: number; readonly scale: number } | undefined {
  const match = typeof type === "string" ? DECIMAL.exec(type) : null;
  return match === null ? undefined : { precision: Number(match[1]), scale: Number(match[2]) };
}

/** The first type inside a type that this library cannot read, by its name; undefined when there is none. */
export function unreadableType(type: DataType): string | undefined {
  return findType(type, unsupportedName);
}

/** The first type inside a type that this library cannot write, by its name; undefined when there is none. */
export function unwritableType(type: DataType): string | undefined {
  return findType(type, (name) => name === "void" ? name : unsupportedName(name));
}

function findType(type: DataType, find: (name: PrimitiveType) => string | undefined): string | undefined {
  if (typeof type === "string") return find(type);
  const parts = type.type === "struct"
    ? type.fields.map((field) => field.type)
    : type.type === "array"
    ? [type.elementType]
    : [type.keyType, type.valueType];
  for (const part of parts) {
    const found = findType(part, find);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unsupportedName(type: PrimitiveType): string | undefined {
  return UNSUPPORTED.exec(type)?.[1];
}

function assertKnownType(name: string, type: unknown): void {
  const wrong = wrongParts(type).at(0);
  if (wrong === undefined) return;
  const expected = [...PLAIN_TYPES, "decimal(10,2)"].join(", ");
  throw new TypeError(
    `Cannot make the column "${name}": found the type ${wrong}, expected ${expected}, ` +
      "a struct with fields, an array with an elementType or a map with a keyType and a valueType",
  );
}

/** What is no type, in a type or as one. */
function wrongParts(type: unknown): readonly string[] {
  const found = [JSON.stringify(type) ?? String(type)];
  if (typeof type === "string") return PLAIN_TYPES.has(type) || DECIMAL.test(type) ? [] : found;
  if (typeof type !== "object" || type === null || !("type" in type)) return found;
  if (type.type === "struct" && "fields" in type && Array.isArray(type.fields)) {
    return type.fields.flatMap((field: unknown) =>
      typeof field === "object" && field !== null && "type" in field ? wrongParts(field.type) : found
    );
  }
  if (type.type === "array" && "elementType" in type) return wrongParts(type.elementType);
  if (type.type !== "map" || !("keyType" in type && "valueType" in type)) return found;
  return [type.keyType, type.valueType].flatMap(wrongParts);
}

function readType(value: unknown, where: string, depth: number): DataType {
  if (typeof value === "string") return readPrimitive(value);
  // Native code that reads deeper types runs out of stack, and the process ends.
  if (depth > MAX_DEPTH) throw tooDeep(where);
  const node = expectObject(value, where);
  if (node.type === "struct" && Array.isArray(node.fields)) {
    return { type: "struct", fields: node.fields.map((field) => readField(field, where, depth)) };
  }
  if (node.type === "array") {
    return {
      type: "array",
      elementType: readType(node.elementType, where, depth + 1),
      containsNull: node.containsNull !== false,
    };
  }
  if (node.type === "map") {
    const keyType = readType(node.keyType, where, depth + 1);
    const valueType = readType(node.valueType, where, depth + 1);
    return { type: "map", keyType, valueType, valueContainsNull: node.valueContainsNull !== false };
  }
  if (typeof node.type === "string" && node.type !== "struct") {
    return `unsupported<${node.type.slice(0, 80)}>`;
  }
  throw new TypeError(`Cannot read the schema of ${where}: found a type without a name, expected one`);
}

function readField(value: unknown, where: string, depth: number): StructField {
  const { name, type, nullable, metadata } = expectObject(value, where);
  if (typeof name !== "string") {
    throw new TypeError(`Cannot read the schema of ${where}: a field has no name`);
  }
  return {
    name,
    type: readType(type, `"${name}"`, depth + 1),
    nullable: nullable !== false,
    metadata: expectObject(metadata ?? {}, `"${name}"`),
  };
}

function readPrimitive(name: string): PrimitiveType {
  const decimal = DECIMAL.exec(name);
  if (decimal !== null) return `decimal(${Number(decimal[1])},${Number(decimal[2])})`;
  if (PLAIN_TYPES.has(name)) return name as PrimitiveType;
  // Older versions of Spark write the type of NULL so.
  return name === "null" ? "void" : `unsupported<${name.slice(0, 80)}>`;
}

function tooDeep(where: string): UnsupportedTableError {
  const message =
    `Cannot read the schema of ${where}: found types more than ${MAX_DEPTH} levels deep, expected fewer`;
  return new UnsupportedTableError(message, [`types more than ${MAX_DEPTH} levels deep`]);
}

function expectObject(value: unknown, where: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new TypeError(
    `Cannot read the schema of ${where}: found ${JSON.stringify(value)}, expected an object`,
  );
}

/**
 * A struct of nullable columns in the order given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableSchema } from "../mod.ts";
 *
 * const names = { type: "array", elementType: "string", containsNull: true } as const;
 * const { fields: [id] } = tableSchema({ id: "long", names });
 * assertEquals(id, { name: "id", type: "long", nullable: true, metadata: {} });
 * ```
 */
export function tableSchema(columns: Readonly<Record<string, DataType>>): StructType {
  checkArguments("tableSchema", { columns }, { columns: KIND.object });
  const fields = Object.entries(columns).map(([name, type]) => {
    assertKnownType(name, type);
    return { name, type, nullable: true, metadata: {} };
  });
  return { type: "struct", fields };
}
