/** Writes columns as one data file that a later commit may name, without polars. */
import type { Add } from "../actions/actions.ts";
import { dataFields } from "../actions/table_columns.ts";
import { type Columns, rowCount } from "../columns/column.ts";
import { frameOfColumns } from "../columns/frame_of_columns.ts";
import { encodeColumns } from "../pages/encode_columns.ts";
import { tableRules } from "../predicate/table_rules.ts";
import { type DataType, formatType, type StructField } from "../schema/schema.ts";
import { measureColumns } from "../stats/column_stats.ts";
import { statsColumns } from "../stats/stats.ts";
import { fitFrame } from "./frame_to_schema.ts";
import { type FileTarget, partitionTexts, putDataFile, type StageOptions } from "./new_data_file.ts";
import { stageFrame } from "./stage_frame.ts";

/** The kinds of columns that a type may be given as. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  integer: ["int32"],
  date: ["int32"],
  long: ["int64"],
  timestamp: ["int64"],
  boolean: ["boolean"],
  string: ["words", "bytes"],
  binary: ["bytes"],
  array: ["list"],
  struct: ["struct"],
};

/**
 * Writes columns as one Parquet file with statistics. Nothing sees the file until a commit names it. Columns of the
 * table that are not given are null in all rows; partition columns are not looked at.
 *
 * A table with rules takes the way over a frame, since rules are polars expressions.
 *
 * @throws {TypeError} naming each column that is unknown, of a kind that its type is not, or null where it must not be
 */
export async function stageColumns(
  columns: Columns,
  target: FileTarget,
  options: StageOptions = {},
): Promise<Add> {
  const values = partitionTexts(target, options.partitionValues ?? {});
  const fields = dataFields(target);
  assertColumnsFit(columns, fields, values);
  // Readers take a column that a file does not have for null.
  const given = fields.filter(({ name }) => columns[name] !== undefined);
  if (tableRules(target.metadata).length > 0) {
    return await stageFrame(
      fitFrame(frameOfColumns(columns, given), { type: "struct", fields }),
      target,
      options,
    );
  }
  const rows = rowCount(columns);
  const encoded = {
    content: encodeColumns(columns, given, rows),
    numRecords: rows,
    columns: () => measureColumns(columns, statsColumns(fields, target.metadata.configuration), rows),
    codec: "zstd",
  } as const;
  return await putDataFile(encoded, target, values, options.tags);
}

function assertColumnsFit(
  columns: Columns,
  fields: readonly StructField[],
  partition: Readonly<Record<string, unknown>>,
): void {
  const rows = rowCount(columns);
  const faults = [
    ...Object.keys(columns).filter((name) =>
      !Object.hasOwn(partition, name) && !fields.some((field) => field.name === name)
    ).map((name) => `column "${name}" is unknown`),
    ...fields.flatMap((field) => faultsOf(field, columns, rows)),
  ];
  if (faults.length > 0) throw new TypeError(`Cannot write these columns: ${faults.join("; ")}`);
}

function faultsOf({ name, type, nullable }: StructField, columns: Columns, rows: number): readonly string[] {
  const column = columns[name];
  if (column === undefined) {
    return nullable ? [] : [`column "${name}" is missing, expected ${formatType(type)} without nulls`];
  }
  if (!(KINDS[kindName(type)] ?? []).includes(column.kind)) {
    return [`column "${name}" is of ${column.kind}, expected one for ${formatType(type)}`];
  }
  if (column.length !== rows) return [`column "${name}" has ${column.length} rows, expected ${rows}`];
  if (!nullable && column.present?.includes(0) === true) {
    return [`column "${name}" has nulls, expected none`];
  }
  return [];
}

function kindName(type: DataType): string {
  return typeof type === "string" ? type : type.type;
}
