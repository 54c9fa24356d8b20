/** Measures rows for their statistics, without polars. */
import { decimalDigits } from "../predicate/literal.ts";
import { type DataType, decimalOf } from "../schema/schema.ts";
import {
  type Bound,
  type BoundSide,
  type ColumnStats,
  encodeBound,
  hasBounds,
  type StatsColumn,
} from "./stats.ts";
import type { StoredValue } from "../schema/row_value.ts";
import { compareCodePoints } from "../schema/text_order.ts";

/** A row as the file holds it. */
export type StoredRow = Readonly<Record<string, StoredValue>>;

/** Measures the columns of rows; the same as `measureFrame` for a frame with these rows. */
export function measureRows(
  rows: readonly StoredRow[],
  columns: readonly StatsColumn[],
): readonly ColumnStats[] {
  return columns.map((column) => measureColumn(rows.map((row) => valueAt(row, column.path)), column));
}

function valueAt(row: StoredRow, path: readonly string[]): StoredValue {
  return path.reduce<StoredValue>((value, name) => isStruct(value) ? value[name] ?? null : null, row);
}

function isStruct(value: StoredValue): value is StoredRow {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Uint8Array);
}

function measureColumn(values: readonly StoredValue[], column: StatsColumn): ColumnStats {
  const nullCount = values.filter((value) => value === null).length;
  if (!hasBounds(column.type)) return { column, nullCount };
  const bounds = values.filter((value): value is Bound =>
    typeof value === "string" || typeof value === "bigint" ||
    (typeof value === "number" && !Number.isNaN(value))
  );
  // NaN is above every number for Spark.
  const hasNan = bounds.length + nullCount < values.length;
  return {
    column,
    nullCount,
    min: boundOf(bounds, column.type, "min"),
    max: hasNan ? undefined : boundOf(bounds, column.type, "max"),
  };
}

function boundOf(values: readonly Bound[], type: DataType, side: BoundSide): string | undefined {
  const sign = side === "min" ? 1 : -1;
  let [bound] = values;
  if (bound === undefined) return undefined;
  for (const value of values) {
    if (sign * compare(value, bound) < 0) bound = value;
  }
  const decimal = decimalOf(type);
  return encodeBound(decimal === undefined ? bound : decimalDigits(BigInt(bound), decimal.scale), type, side);
}

function compare(left: Bound, right: Bound): number {
  if (typeof left === "string" && typeof right === "string") return compareCodePoints(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
}
