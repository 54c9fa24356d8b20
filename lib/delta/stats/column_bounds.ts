/** What the log alone says of one column of a file: its partition value, or its statistics. */

import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add, Metadata } from "../actions/actions.ts";
import { type ColumnMappingMode, columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { unscaledDecimal } from "../predicate/literal.ts";
import { type ColumnPath, columnType, fieldsOf, type Literal } from "../predicate/predicate.ts";
import { parseDate } from "../schema/calendar.ts";
import { parsePartitionValue } from "../schema/partition_value.ts";
import { type DataType, decimalOf, type StructType } from "../schema/schema.ts";
import { boundsOf, type ColumnBounds, type Comparable } from "./bounds.ts";
import { fileStats } from "./file_stats.ts";

/** The table that a column or a predicate is about; a snapshot is one. */
export interface PredicateTable {
  /** The columns, with their types. */
  readonly schema: StructType;
  /** Which columns are in the paths, and under which names the others are in the statistics. */
  readonly metadata: Pick<Metadata, "partitionColumns" | "configuration">;
}

/** What the log says of a file; an add is one. */
export type KnownFile = Pick<Add, "partitionValues" | "stats">;

/**
 * Prepares to look up the bounds of a column, file by file; opens no file. Bounds are certain whatever the writer of
 * the statistics has cut or rounded, and absent where they are absent, damaged, or of a type without bounds.
 *
 * @throws {TypeError} when the table has no such column
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { columnBounds, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ id: "long", day: "date" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * const add = await table.stageRows([{ id: 2n, day: "1970-01-03" }, { id: 4n, day: null }]);
 * const ids = columnBounds(["id"], table.snapshot)(add);
 * assertEquals([ids.lower, ids.upper, ids.hasNulls], [2n, 4n, false]);
 * assertEquals(columnBounds(["day"], table.snapshot)(add).upper, 2);
 * ```
 */
export function columnBounds(column: ColumnPath, table: PredicateTable): (file: KnownFile) => ColumnBounds {
  checkArguments("columnBounds", { column, table }, { column: KIND.path, table: KIND.columns });
  const type = columnType(table.schema, column);
  const path = physicalPath(table.schema, column, columnMappingMode(table.metadata));
  const [top = ""] = path;
  return table.metadata.partitionColumns.includes(column[0])
    ? (file) => partitionBounds(partitionText(file, top), type)
    : (file) => boundsOf(fileStats(file), path, type);
}

/** The form in which a literal is compared with bounds; undefined when it cannot be. */
export function toComparable(value: Exclude<Literal, null>, type: DataType): Comparable | undefined {
  if (value instanceof Uint8Array) return undefined;
  if (typeof value === "boolean") return Number(value);
  if (type === "byte" || type === "short" || type === "integer") return BigInt(value);
  const decimal = decimalOf(type);
  if (decimal !== undefined) return unscaledDecimal(String(value), decimal.scale);
  return type === "date" ? parseDate(String(value)) : value;
}

function physicalPath(
  schema: StructType,
  column: readonly string[],
  mode: ColumnMappingMode,
): readonly string[] {
  let type: DataType = schema;
  return column.map((name) => {
    const field = fieldsOf(type).find((candidate) => candidate.name === name);
    type = field?.type ?? schema;
    return field === undefined ? name : physicalName(field, mode);
  });
}

// A column may be called like something that every object has.
function partitionText({ partitionValues }: KnownFile, name: string): string | null | undefined {
  return Object.hasOwn(partitionValues, name) ? partitionValues[name] : undefined;
}

function partitionBounds(text: string | null | undefined, type: DataType): ColumnBounds {
  // What cannot be read here is an error for the one who reads the file.
  const value = attempt(() => parsePartitionValue(text, type));
  if (value === null) return { hasNulls: undefined, hasValues: false };
  const bound = value === undefined ? undefined : toComparable(value, type);
  return {
    lower: bound,
    upper: bound,
    hasNulls: bound === undefined ? undefined : false,
    hasValues: undefined,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
