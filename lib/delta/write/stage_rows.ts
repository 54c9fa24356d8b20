/** Writes rows as one data file, for columns that polars cannot write. */
import { type ColumnSource, parquetWriteBuffer } from "../../packages/hyparquet_writer.ts";
import type { Add } from "../actions/actions.ts";
import { dataFields } from "../actions/table_columns.ts";
import { type FileTarget, partitionTexts, putDataFile, type StageOptions } from "./new_data_file.ts";
import { parquetSchema } from "../parquet/schema.ts";
import { measureRows, type StoredRow } from "../stats/row_stats.ts";
import { assertKnown, type Row, toStoredValue } from "../schema/row_value.ts";
import type { DataType, StructField } from "../schema/schema.ts";
import { statsColumns } from "../stats/stats.ts";
import { tableRules } from "../predicate/table_rules.ts";

/**
 * Writes rows as one Parquet file with statistics; for small tables with map columns, which polars cannot write.
 *
 * @throws {TypeError} naming the column and both types when a value does not fit
 */
export async function stageRows(
  rows: readonly Row[],
  target: FileTarget,
  options: StageOptions = {},
): Promise<Add> {
  assertNoRules(target);
  const values = partitionTexts(target, options.partitionValues ?? {});
  const fields = dataFields(target);
  const stored = rows.map((row) => storeRow(row, fields, target.store.label));
  const columns = measureRows(stored, statsColumns(fields, target.metadata.configuration));
  const encoded = {
    content: encodeRows(stored, fields),
    numRecords: rows.length,
    columns: () => columns,
    codec: "snappy",
  } as const;
  return await putDataFile(encoded, target, values, options.tags);
}

// Rules are evaluated on frames.
function assertNoRules({ metadata, store }: FileTarget): void {
  const [rule] = tableRules(metadata);
  if (rule === undefined) return;
  throw new TypeError(
    `Cannot write rows to "${store.label}": found the rule "${rule.name}" (${rule.text}), expected none; write a frame`,
  );
}

/** A row as a Parquet writer takes it, checked against the columns. */
export function storeRow(row: Row, fields: readonly StructField[], label: string): StoredRow {
  assertKnown(Object.keys(row), fields, label);
  return Object.fromEntries(fields.map((field) => [field.name, toStoredValue(row[field.name], field)]));
}

/** The writer's dictionaries and bounds take the two zeros for one. */
const EXACT_FLOATS = { encoding: "PLAIN", statistics: false } as const;

/** The rows as a Parquet file. */
export function encodeRows(rows: readonly StoredRow[], fields: readonly StructField[]): Uint8Array {
  const columnData = columnsOfRows(rows, fields);
  return new Uint8Array(
    parquetWriteBuffer({ schema: parquetSchema(fields), columnData, rowGroupSize: 100_000 }),
  );
}

/** The rows as columns, as the Parquet writer takes them. */
export function columnsOfRows(rows: readonly StoredRow[], fields: readonly StructField[]): ColumnSource[] {
  return fields.map(({ name, type }) => ({
    name,
    data: rows.map((row) => row[name]),
    ...(hasFloat(type) ? EXACT_FLOATS : {}),
  }));
}

function hasFloat(type: DataType): boolean {
  if (typeof type === "string") return type === "float" || type === "double";
  if (type.type === "struct") return type.fields.some((field) => hasFloat(field.type));
  if (type.type === "array") return hasFloat(type.elementType);
  return hasFloat(type.keyType) || hasFloat(type.valueType);
}
