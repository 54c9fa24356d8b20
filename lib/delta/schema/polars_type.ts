/** What the library takes from polars and gives back, under names that its signatures and its users can say. */
import { pl } from "../../packages/polars.ts";
import { type DataType, decimalOf, formatType } from "./schema.ts";

/** Rows in memory: a polars `DataFrame`. */
export type Frame = ReturnType<(typeof import("nodejs-polars"))["default"]["readIPC"]>;

/** What polars computes from the columns of a frame, such as `pl.col("track").gt(2)`. */
export type Expression = ReturnType<(typeof import("nodejs-polars"))["default"]["col"]>;

/** A column of a frame. */
export type Series = ReturnType<Frame["getColumn"]>;

/** A type as polars takes it in a cast. */
type PolarsType = Parameters<Expression["cast"]>[0];

const PLAIN: Readonly<Record<string, () => PolarsType>> = {
  string: () => pl.Utf8,
  long: () => pl.Int64,
  integer: () => pl.Int32,
  short: () => pl.Int16,
  byte: () => pl.Int8,
  float: () => pl.Float32,
  double: () => pl.Float64,
  boolean: () => pl.Bool,
  date: () => pl.Date,
  timestamp: () => pl.Datetime("us", "UTC"),
  timestamp_ntz: () => pl.Datetime("us"),
  // Nothing but nulls; nodejs-polars has no name for its own type of them.
  void: () => pl.Utf8,
};

/**
 * The polars type of a Delta type; a map is a list of structs of key and value.
 *
 * @throws {TypeError} for binary, which nodejs-polars cannot name
 */
export function toPolarsType(type: DataType): PolarsType {
  const decimal = decimalOf(type);
  if (decimal !== undefined) return pl.Decimal(decimal.precision, decimal.scale);
  if (typeof type === "string") {
    const plain = PLAIN[type];
    if (plain !== undefined) return plain();
    throw new TypeError(
      `Cannot name the type ${
        formatType(type)
      } in polars: found none, expected a type that Parquet and polars both have`,
    );
  }
  if (type.type === "array") return pl.List(toPolarsType(type.elementType));
  if (type.type === "struct") return structOf(type.fields);
  const key = { name: "key", type: type.keyType };
  return pl.List(structOf([key, { name: "value", type: type.valueType }]));
}

function structOf(fields: readonly { readonly name: string; readonly type: DataType }[]): PolarsType {
  return pl.Struct(fields.map(({ name, type }) => new pl.Field(name, toPolarsType(type))));
}
