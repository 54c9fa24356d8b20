/** One exact value for expressions of polars, whose own literals lose signs, digits and bytes. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { type DataType, formatType, parseSchema } from "../schema/schema.ts";
import type { Expression } from "../schema/polars_type.ts";
import { toLiteral } from "./literal.ts";
import { literalOf } from "./literal_polars.ts";
import type { Literal } from "./predicate.ts";

/**
 * A value as an expression of polars, exact: nodejs-polars itself makes `pl.lit(-5n)` an unsigned 5, rounds decimals,
 * and cannot say bytes.
 *
 * @throws {TypeError} when a column of the type cannot hold the value
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { exactLiteral, frameOf, tableSchema } from "../mod.ts";
 *
 * const rows = frameOf([{ n: 5n }, { n: -5n }], tableSchema({ n: "long" }));
 * assertEquals(rows.filter(pl.col("n").eq(exactLiteral(-5n, "long"))).getColumn("n").toArray(), [-5]);
 * ```
 */
export function exactLiteral(value: Literal, type: DataType): Expression {
  checkArguments("exactLiteral", { value, type }, { value: KIND.literal, type: KIND.type });
  const known = typeof type === "string" ? knownType(type) : type;
  try {
    return literalOf(toLiteral(value, known), known);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TypeError(`Cannot make a literal of ${formatType(known)}: ${cause.message}`, { cause });
  }
}

function knownType(type: string): DataType {
  const [field] = parseSchema(JSON.stringify({ type: "struct", fields: [{ name: "value", type }] })).fields;
  return field?.type ?? "string";
}
