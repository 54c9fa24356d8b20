/** Column mapping: the files of a table may name its columns otherwise than its schema does. */
import type { Metadata } from "./actions.ts";
import type { StructField } from "../schema/schema.ts";

/** How columns of the table are found in its files: by their names, by other names, or by numbers. */
export type ColumnMappingMode = "none" | "name" | "id";

/** The mode of a table. */
export function columnMappingMode({ configuration }: Pick<Metadata, "configuration">): ColumnMappingMode {
  const mode = configuration["delta.columnMapping.mode"] ?? "none";
  if (mode === "none" || mode === "name" || mode === "id") return mode;
  throw new TypeError(
    `Cannot use the column mapping "${mode}": found no such mode, expected none, name or id`,
  );
}

/** The name of a field in data files, partition values and statistics. */
export function physicalName({ name, metadata }: StructField, mode: ColumnMappingMode): string {
  const physical = mode === "none" ? undefined : metadata["delta.columnMapping.physicalName"];
  return typeof physical === "string" ? physical : name;
}
