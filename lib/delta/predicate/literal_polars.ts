/** Exact literals in polars, whose own would round decimals and lose bytes. */
import { arrow } from "../../packages/arrow.ts";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { parseDate } from "../schema/calendar.ts";
import { type Expression, type Series, toPolarsType } from "../schema/polars_type.ts";
import type { Literal } from "./predicate.ts";
import type { DataType } from "../schema/schema.ts";

type Value = Exclude<Literal, null>;

/** One value as a column of its type; exact. */
export function literalOf(literal: Literal, type: DataType): Expression {
  // polars takes a series for one list.
  if (type === "binary") return pl.lit(binarySeries([asBytes(literal)])).lst.first();
  if (literal === null) return pl.lit(null).cast(toPolarsType(type));
  return pl.lit(textual(literal, type)).cast(storageType(type)).cast(toPolarsType(type));
}

/** Values as one list of their type, for `isIn`. */
export function literalList(literals: readonly Value[], type: DataType): Expression {
  if (type === "binary") return pl.lit(binarySeries(literals.map(asBytes)));
  const typed = pl.col("value").cast(storageType(type)).cast(toPolarsType(type));
  const frame = pl.DataFrame({ value: literals.map((literal) => textual(literal, type)) }).select(typed);
  return pl.lit(frame.getColumn("value"));
}

// nodejs-polars cannot name its Binary type, but takes it from Arrow.
function binarySeries(values: readonly (Uint8Array | null)[]): Series {
  const table = new arrow.Table({ value: arrow.vectorFromArray([...values], new arrow.Binary()) });
  return pl.readIPC(Buffer.from(arrow.tableToIPC(table, "file"))).getColumn("value");
}

function asBytes(literal: Literal): Uint8Array | null {
  return literal instanceof Uint8Array ? literal : null;
}

// polars reads digits from text exactly, where a number in JavaScript has too few.
function textual(literal: Value, type: DataType): string | number | boolean {
  if (typeof literal === "number" || typeof literal === "boolean") return literal;
  if (type === "date") return String(parseDate(String(literal)) ?? "");
  return String(literal);
}

function storageType(type: DataType): Parameters<Expression["cast"]>[0] {
  if (type === "date") return pl.Int32;
  if (type === "timestamp" || type === "timestamp_ntz") return pl.Int64;
  return toPolarsType(type);
}
