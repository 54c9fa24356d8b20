/** Brings the files of a partition and the new rows for it together. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import { partitionFields, type TableColumns } from "../actions/table_columns.ts";
import { exactValues } from "../write/partition_frame.ts";
import type { Frame } from "../schema/polars_type.ts";
import {
  parsePartitionValue,
  type PartitionValue,
  serializePartitionValue,
} from "../schema/partition_value.ts";
import type { StructField } from "../schema/schema.ts";

/** What belongs to one partition. */
export interface PartitionGroup {
  readonly files: readonly Add[];
  readonly rows: Frame | undefined;
}

/** A partition column, and what it is called in the rows. */
export interface PartitionKey {
  readonly field: Pick<StructField, "name" | "type">;
  readonly name: string;
}

/** The partition columns of a table, in rows that have them under their names. */
export function partitionKeys(table: TableColumns): readonly PartitionKey[] {
  return partitionFields(table).map((field) => ({ field, name: field.name }));
}

/**
 * One group for each partition that has files or rows; without partition columns one for all. What the log does not
 * distinguish, null and an empty text, is one partition.
 */
export function groupByPartition(
  files: readonly Add[],
  keys: readonly PartitionKey[],
  rows?: Frame,
): readonly PartitionGroup[] {
  const filesOf = Map.groupBy(
    files,
    ({ partitionValues }) =>
      partitionText(keys, ({ field: { name, type } }) => parsePartitionValue(partitionValues[name], type)),
  );
  const rowsOf = Map.groupBy(
    rows === undefined ? [] : splitRows(rows, keys),
    (part) =>
      partitionText(
        keys,
        ({ name, field: { type } }) => exactValues(part.head(1), { name, type })[0] ?? null,
      ),
  );
  return [...new Set([...filesOf.keys(), ...rowsOf.keys()])].map((text) => ({
    files: filesOf.get(text) ?? [],
    rows: concat(rowsOf.get(text) ?? []),
  }));
}

function splitRows(rows: Frame, keys: readonly PartitionKey[]): readonly Frame[] {
  if (rows.height === 0) return [];
  return keys.length === 0 ? [rows] : rows.partitionBy(keys.map(({ name }) => name), true, true);
}

function partitionText(
  keys: readonly PartitionKey[],
  valueOf: (key: PartitionKey) => PartitionValue,
): string {
  return JSON.stringify(keys.map((key) => serializePartitionValue(valueOf(key), key.field.type)));
}

function concat([first, ...rest]: readonly Frame[]): Frame | undefined {
  return first === undefined || rest.length === 0 ? first : pl.concat([first, ...rest], { how: "vertical" });
}
