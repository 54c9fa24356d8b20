/** Predicates as polars expressions, with the three truth values of SQL. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { pl } from "../../packages/polars.ts";
import { toLiteral } from "./literal.ts";
import { literalList, literalOf } from "./literal_polars.ts";
import { type Condition, readCondition } from "./condition.ts";
import {
  type ColumnPath,
  columnType,
  commonType,
  type Literal,
  type Operator,
  type Predicate,
} from "./predicate.ts";
import { type DataType, formatType, type StructType } from "../schema/schema.ts";
import { type Expression, toPolarsType } from "../schema/polars_type.ts";

/**
 * A condition as an expression that is true, false or null for each row as in SQL; `filter` keeps those with true.
 *
 * @throws {TypeError} when the predicate does not fit the schema, or compares structs, lists or maps
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { tableSchema, toPolars } from "../mod.ts";
 *
 * const schema = tableSchema({ track: "double" });
 * const frame = pl.DataFrame({ track: [4, 1.5, null] });
 * assertEquals(frame.filter(toPolars("track > 2", schema)).height, 1);
 * ```
 */
export function toPolars(where: Condition, schema: StructType): Expression {
  checkArguments("toPolars", { where, schema }, { where: KIND.condition, schema: KIND.schema });
  return translate(readCondition(where, schema), schema);
}

function translate(predicate: Predicate, schema: StructType): Expression {
  switch (predicate.kind) {
    case "and":
    case "or":
      return combine(predicate.kind, predicate.terms.map((term) => translate(term, schema)));
    case "not":
      return translate(predicate.term, schema).not();
    case "isNull":
    case "isNotNull": {
      columnType(schema, predicate.column);
      const column = columnAt(predicate.column);
      return predicate.kind === "isNull" ? column.isNull() : column.isNotNull();
    }
    case "in":
      return isIn(predicate.column, predicate.values, schema);
    case "compareColumns": {
      const type = toPolarsType(commonType(schema, predicate.column, predicate.other));
      const [left, right] = [columnAt(predicate.column).cast(type), columnAt(predicate.other).cast(type)];
      return compare(left, predicate.operator, right);
    }
    case "compare": {
      const type = comparableType(schema, predicate.column);
      const literal = toLiteral(predicate.value, type);
      return compare(valuesOf(predicate.column, type), predicate.operator, literalOf(literal, widest(type)));
    }
  }
}

// A chain of thousands would be as deep; a tree is not.
function combine(kind: "and" | "or", terms: readonly Expression[]): Expression {
  const [first, second] = terms;
  if (first === undefined) return pl.lit(kind === "and");
  if (second === undefined) return first;
  const half = terms.length >> 1;
  const [left, right] = [combine(kind, terms.slice(0, half)), combine(kind, terms.slice(half))];
  return kind === "and" ? left.and(right) : left.or(right);
}

function isIn(column: ColumnPath, values: readonly Literal[], schema: StructType): Expression {
  const type = comparableType(schema, column);
  const literals = values.map((value) => toLiteral(value, type));
  const known = literals.filter((literal) => literal !== null);
  const list = literalList(known, widest(type));
  const nothing = pl.lit(null).cast(pl.Bool);
  const found = known.length === 0
    ? pl.when(columnAt(column).isNull()).then(nothing).otherwise(pl.lit(false))
    : valuesOf(column, type).isIn(list);
  return known.length < literals.length ? found.or(nothing) : found;
}

function compare(left: Expression, operator: Operator, right: Expression): Expression {
  switch (operator) {
    case "=":
      return left.eq(right);
    case "<>":
      return left.neq(right);
    case "<":
      return left.lt(right);
    case "<=":
      return left.ltEq(right);
    case ">":
      return left.gt(right);
    case ">=":
      return left.gtEq(right);
  }
}

function comparableType(schema: StructType, column: ColumnPath): DataType {
  const type = columnType(schema, column);
  if (typeof type === "string") return type;
  throw new TypeError(
    `Cannot compare the column "${column.join(".")}": found ${
      formatType(type)
    }, expected a type without parts, ` +
      "or a test for null",
  );
}

function columnAt([top, ...below]: ColumnPath): Expression {
  return below.reduce<Expression>((column, name) => column.struct.field(name), pl.col(top));
}

// A float is compared as the number it is, so that 0.1 is not the float next to it.
function valuesOf(column: ColumnPath, type: DataType): Expression {
  return type === "float" ? columnAt(column).cast(pl.Float64) : columnAt(column);
}

function widest(type: DataType): DataType {
  return type === "float" ? "double" : type;
}
