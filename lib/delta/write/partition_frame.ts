/** Splits frames by the values of partition columns. */
import { arrow } from "../../packages/arrow.ts";
import { pl } from "../../packages/polars.ts";
import { formatDate } from "../schema/calendar.ts";
import type { PartitionValue } from "../schema/partition_value.ts";
import { type DataType, decimalOf, type StructField } from "../schema/schema.ts";
import type { Expression, Frame } from "../schema/polars_type.ts";

/** The rows of one partition, without the partition columns. */
export interface PartitionFrame {
  readonly values: Readonly<Record<string, PartitionValue>>;
  readonly frame: Frame;
}

/** Splits a frame by the values of its partition columns, in the order in which they appear; null and "" are one. */
export function splitByPartition(
  frame: Frame,
  columns: readonly Pick<StructField, "name" | "type">[],
): readonly PartitionFrame[] {
  if (columns.length === 0) return [{ values: {}, frame }];
  if (frame.height === 0) return [];
  const names = columns.map(({ name }) => name);
  const stored = asStored(frame, columns);
  const parts = isOnePartition(stored, names) ? [stored] : stored.partitionBy(names, true, true);
  return parts.map((part) => ({ values: firstValues(part, columns), frame: part.drop(names) }));
}

// Splitting copies all rows, also where there is nothing to split.
function isOnePartition(frame: Frame, names: readonly string[]): boolean {
  return names.every((name) => frame.getColumn(name).nUnique() === 1);
}

/** The values of one column, exact: as {@linkcode PartitionValue} has them. */
export function exactValues(
  frame: Frame,
  column: Pick<StructField, "name" | "type">,
): readonly PartitionValue[] {
  const values = plainValues(frame, column) ??
    arrow.tableFromIPC(frame.select(exactColumn(column)).writeIPC()).getChild(column.name);
  return Array.from<unknown, PartitionValue>(values ?? [], (value) => exactValue(value, column.type));
}

// Of these polars' own way into JavaScript loses nothing, and takes a fraction of the time; dates go as their days.
function plainValues(
  frame: Frame,
  { name, type }: Pick<StructField, "name" | "type">,
): Iterable<unknown> | undefined {
  if (type !== "string" && type !== "integer" && type !== "date") return undefined;
  return frame.getColumn(name).cast(type === "string" ? pl.Utf8 : pl.Int32).toArray();
}

/** A frame as the table will give it back: the log does not tell an empty text from null in a partition column. */
export function asStored(frame: Frame, columns: readonly Pick<StructField, "name" | "type">[]): Frame {
  const changed = columns.flatMap(emptyAsNull);
  return changed.length === 0 ? frame : frame.withColumns(...changed);
}

function firstValues(
  frame: Frame,
  columns: readonly Pick<StructField, "name" | "type">[],
): PartitionFrame["values"] {
  const row = frame.head(1);
  return Object.fromEntries(columns.map((column) => [column.name, exactValues(row, column)[0] ?? null]));
}

function emptyAsNull({ name, type }: Pick<StructField, "name" | "type">): readonly Expression[] {
  if (type !== "string") return [];
  const text = pl.col(name);
  return [pl.when(text.eq(pl.lit(""))).then(pl.lit(null)).otherwise(text).alias(name)];
}

// Arrow's own dates, times and decimals lose digits on their way into JavaScript.
function exactColumn({ name, type }: Pick<StructField, "name" | "type">): Expression {
  const column = pl.col(name);
  if (type === "timestamp") return column.cast(pl.Int64);
  return decimalOf(type) === undefined ? column : column.cast(pl.Utf8);
}

function exactValue(value: unknown, type: DataType): PartitionValue {
  if (value === null || value === undefined) return null;
  return type === "date" ? formatDate(Number(value)) : value as PartitionValue;
}
