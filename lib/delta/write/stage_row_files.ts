/** Writes rows as data files, one per partition, for tables with map columns. */
import type { Add } from "../actions/actions.ts";
import type { PartitionValue } from "../schema/partition_value.ts";
import type { Row } from "../schema/row_value.ts";
import type { StructField } from "../schema/schema.ts";
import { frameOf } from "./frame_of.ts";
import type { FileTarget } from "./new_data_file.ts";
import { exactValues } from "./partition_frame.ts";
import { removeStaged } from "./stage_frames.ts";
import { stageRows } from "./stage_rows.ts";

/** Rows of one partition, without its columns. */
interface PartitionRows {
  readonly values: Readonly<Record<string, PartitionValue>>;
  readonly rows: readonly Row[];
}

/**
 * Writes rows as data files, one per partition. Nothing sees the files until a commit names them; when one cannot be
 * written, the others are removed again.
 *
 * @throws {TypeError} naming the column and both types when a value does not fit
 */
export async function stageRowFiles(rows: readonly Row[], target: FileTarget): Promise<readonly Add[]> {
  const adds: Add[] = [];
  try {
    for (const { values, rows: part } of splitRows(rows, target)) {
      adds.push(await stageRows(part, target, { partitionValues: values }));
    }
  } catch (error) {
    await removeStaged(adds, target);
    throw error;
  }
  return adds;
}

function splitRows(
  rows: readonly Row[],
  { metadata: { partitionColumns }, schema }: FileTarget,
): readonly PartitionRows[] {
  if (rows.length === 0) return [];
  const fields = schema.fields.filter(({ name }) => partitionColumns.includes(name));
  if (fields.length === 0) return [{ values: {}, rows }];
  const values = partitionValues(rows, fields);
  const keys = values.map((one) =>
    JSON.stringify(Object.values(one).map((value) => [typeof value, String(value)]))
  );
  const groups = Map.groupBy(rows.keys(), (index) => keys[index]);
  return [...groups.values()].map((indexes) => ({
    values: values[indexes[0] ?? 0] ?? {},
    rows: indexes.map((index) => withoutColumns(rows[index] ?? {}, partitionColumns)),
  }));
}

function partitionValues(
  rows: readonly Row[],
  fields: readonly StructField[],
): readonly PartitionRows["values"][] {
  const only = rows.map((row) => Object.fromEntries(fields.map(({ name }) => [name, row[name]])));
  const frame = frameOf(only, { type: "struct", fields });
  const columns = fields.map((field) => [field.name, exactValues(frame, field)] as const);
  return rows.map((_, index) =>
    // The log does not distinguish null and "".
    Object.fromEntries(
      columns.map(([name, values]) => [name, values[index] === "" ? null : values[index] ?? null]),
    )
  );
}

function withoutColumns(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
