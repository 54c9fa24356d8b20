/** Conditions on the rows of a table, with the three truth values of SQL: a comparison with null is null. */

import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { type DataType, formatType, type StructField, type StructType } from "../schema/schema.ts";

/**
 * A value to compare with, exact: string, number (byte to integer, float, double), bigint (long, and times in
 * microseconds since 1970), boolean, bytes, `YYYY-MM-DD` for date, digits for decimal; null is SQL's NULL.
 */
export type Literal = string | number | bigint | boolean | Uint8Array | null;

/** How a column compares with a literal; "<>" is "not equal". */
export type Operator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** A column: its name, and inside structs the names from the top down. */
export type ColumnPath = readonly [string, ...string[]];

/** A condition; it matches rows for which it is true, neither false nor null. */
export type Predicate =
  | {
    readonly kind: "compare";
    readonly column: ColumnPath;
    readonly operator: Operator;
    readonly value: Literal;
  }
  /** Two columns of one row; exact, so their types must be the same, both whole numbers, or both floats. */
  | {
    readonly kind: "compareColumns";
    readonly column: ColumnPath;
    readonly operator: Operator;
    readonly other: ColumnPath;
  }
  | { readonly kind: "in"; readonly column: ColumnPath; readonly values: readonly Literal[] }
  | { readonly kind: "isNull"; readonly column: ColumnPath }
  | { readonly kind: "isNotNull"; readonly column: ColumnPath }
  /** Of no terms: true. */
  | { readonly kind: "and"; readonly terms: readonly Predicate[] }
  /** Of no terms: false. */
  | { readonly kind: "or"; readonly terms: readonly Predicate[] }
  | { readonly kind: "not"; readonly term: Predicate };

/**
 * The columns of the table that a predicate uses, each once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePredicate, predicateColumns, tableSchema } from "../mod.ts";
 *
 * const schema = tableSchema({ name: "string", track: "double" });
 * const predicate = parsePredicate("track > 2 AND (name = 'HKI' OR track IS NULL)", schema);
 * assertEquals(predicateColumns(predicate), ["track", "name"]);
 * ```
 */
export function predicateColumns(predicate: Predicate): readonly string[] {
  checkArguments("predicateColumns", { predicate }, { predicate: KIND.predicate });
  return [...new Set(topNames(predicate))];
}

/**
 * The type of a column.
 *
 * @throws {TypeError} when there is no such column
 */
export function columnType(schema: StructType, path: readonly string[]): DataType {
  let type: DataType = schema;
  for (const name of path) {
    const fields = fieldsOf(type);
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw unknownColumn(path, fields.map((known) => known.name), type);
    type = field.type;
  }
  return type;
}

/**
 * The type in which two columns are compared without rounding either.
 *
 * @throws {TypeError} when there is none, with both types
 */
export function commonType(schema: StructType, column: ColumnPath, other: ColumnPath): DataType {
  const [left, right] = [columnType(schema, column), columnType(schema, other)];
  const isPlain = typeof left === "string" && typeof right === "string";
  if (isPlain && left === right) return left === "float" ? "double" : left;
  if (isPlain && INTEGERS.has(left) && INTEGERS.has(right)) return "long";
  if (isPlain && FLOATS.has(left) && FLOATS.has(right)) return "double";
  throw new TypeError(
    `Cannot compare the columns "${column.join(".")}" and "${other.join(".")}": found ${
      formatType(left)
    } and ` +
      `${formatType(right)}, expected the same type without parts`,
  );
}

const INTEGERS: ReadonlySet<string> = new Set(["byte", "short", "integer", "long"]);
const FLOATS: ReadonlySet<string> = new Set(["float", "double"]);

/** The fields of a struct; none of any other type. */
export function fieldsOf(type: DataType): readonly StructField[] {
  return typeof type !== "string" && type.type === "struct" ? type.fields : [];
}

function topNames(predicate: Predicate): readonly string[] {
  if (predicate.kind === "and" || predicate.kind === "or") return predicate.terms.flatMap(topNames);
  if (predicate.kind === "not") return topNames(predicate.term);
  return predicate.kind === "compareColumns"
    ? [predicate.column[0], predicate.other[0]]
    : [predicate.column[0]];
}

function unknownColumn(path: readonly string[], known: readonly string[], type: DataType): TypeError {
  const expected = known.length > 0 ? `one of ${known.join(", ")}` : `a struct, not ${formatType(type)}`;
  return new TypeError(
    `Cannot use the column "${path.join(".")}": found no such column, expected ${expected}`,
  );
}
