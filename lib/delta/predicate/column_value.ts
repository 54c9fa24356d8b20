/** What updates and merges set columns to, checked against the types of the columns. */
import { frameFields } from "../schema/frame_fields.ts";
import { frameType } from "../schema/frame_type.ts";
import { toLiteral } from "./literal.ts";
import type { Literal } from "./predicate.ts";
import { literalOf } from "./literal_polars.ts";
import { formatType, type StructType } from "../schema/schema.ts";
import type { Expression, Frame } from "../schema/polars_type.ts";

/** What a column is set to: a literal, or an expression of polars over the columns at hand. */
export type ColumnValue = Literal | Expression;

/** Values by column. */
export type ColumnValues = Readonly<Record<string, ColumnValue>>;

/**
 * The values as expressions with the names of their columns.
 *
 * @throws {TypeError} when there is no such column, or it cannot hold the literal
 */
export function valueExpressions(
  values: ColumnValues,
  { fields }: StructType,
): ReadonlyMap<string, Expression> {
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const field = fields.find((candidate) => candidate.name === name);
      if (field === undefined) throw wrongValue(name, "set", "a column of the table");
      return [name, isExpression(value) ? value : literalColumn(name, value, field.type)] as const;
    }),
  );
}

/**
 * Throws unless the expressions give exactly the types of their columns: polars would otherwise widen one of the two.
 *
 * @throws {TypeError} naming the column and both types
 */
export function assertValueTypes(
  frame: Frame,
  values: ReadonlyMap<string, Expression>,
  { fields }: StructType,
): void {
  if (values.size === 0) return;
  const found = frameFields(
    frame.head(0).select(...Array.from(values, ([name, value]) => value.alias(name))),
  );
  for (const { name, type } of found) {
    const expected = fields.find((field) => field.name === name)?.type;
    if (expected === undefined || formatType(type) !== formatType(frameType(expected))) {
      throw wrongValue(
        name,
        formatType(type),
        expected === undefined ? "a column of the table" : formatType(expected),
      );
    }
  }
}

function isExpression(value: ColumnValue): value is Expression {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

function literalColumn(name: string, value: Literal, type: StructType["fields"][number]["type"]): Expression {
  try {
    return literalOf(toLiteral(value, type), type);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TypeError(`Cannot set the column "${name}": ${cause.message}`, { cause });
  }
}

function wrongValue(name: string, found: string, expected: string): TypeError {
  return new TypeError(`Cannot set the column "${name}": found ${found}, expected ${expected}`);
}
