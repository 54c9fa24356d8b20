/** What reading and writing data files both need to know of the table. */
import type { Metadata } from "./actions.ts";
import type { StructField, StructType } from "../schema/schema.ts";

/** The columns of a table, and what its metadata says of them. */
export interface TableColumns {
  /** Partition columns, column mapping and other properties. */
  readonly metadata: Metadata;
  /** The columns in order. */
  readonly schema: StructType;
}

/** The fields that become folders, in their order. */
export function partitionFields({ schema, metadata }: TableColumns): readonly StructField[] {
  return metadata.partitionColumns.flatMap((name) =>
    schema.fields.find((field) => field.name === name) ?? []
  );
}

/** The fields that data files hold: all but the partition columns. */
export function dataFields({ schema, metadata }: TableColumns): readonly StructField[] {
  return schema.fields.filter(({ name }) => !metadata.partitionColumns.includes(name));
}
