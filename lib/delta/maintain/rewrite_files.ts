/** Writes the rows of several files into new ones, and nothing else. */
import type { Add } from "../actions/actions.ts";
import { dataFields } from "../actions/table_columns.ts";
import type { StageOptions } from "../write/new_data_file.ts";
import { readTogether } from "../read/read_together.ts";
import { parsePartitionValue } from "../schema/partition_value.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { DeltaTable } from "../table/table.ts";
import type { Frame } from "../schema/polars_type.ts";

/** How the rows of some files are written again. */
export interface RewriteOptions {
  readonly targetFileSizeBytes: number;
  /** Columns by which the rows are sorted, nulls first; by default they keep their order. */
  readonly sortBy?: readonly string[];
  /** Gives the tags of a new file from its rows, partition columns included. */
  readonly describeRows?: (rows: Frame) => Readonly<Record<string, string>>;
}

/**
 * Writes the rows of files of one partition again, in as few files as the target size allows. Nothing sees them until
 * they are committed. The rows are in memory together.
 */
export async function rewriteFiles(
  table: DeltaTable,
  files: readonly Add[],
  options: RewriteOptions,
): Promise<readonly Add[]> {
  const { targetFileSizeBytes, sortBy = [] } = options;
  const whole = await readTogether(files, table.fileSource);
  const rows = sortBy.length === 0 ? whole : whole.sort([...sortBy], false, false, true);
  const sizeBytes = files.reduce((sum, { size }) => sum + size, 0);
  const count = Math.max(1, Math.round(sizeBytes / targetFileSizeBytes));
  const height = Math.max(1, Math.ceil(rows.height / count));
  const adds: Add[] = [];
  for (let start = 0; start < rows.height; start += height) {
    const part = count === 1 ? rows : rows.slice(start, height);
    adds.push(await stageAgain(table, part, { files, ...options }));
  }
  return adds;
}

async function stageAgain(
  table: DeltaTable,
  rows: Frame,
  { files, describeRows }: RewriteOptions & { readonly files: readonly Add[] },
): Promise<Add> {
  const fields = dataFields(table.snapshot);
  const options: StageOptions = {
    partitionValues: partitionOf(files[0], table.snapshot),
    ...(describeRows === undefined ? {} : { tags: describeRows(rows) }),
  };
  const names = fields.map(({ name }) => name);
  return await table.stageFile(rows.select(...names), options);
}

function partitionOf(add: Add | undefined, { metadata, schema }: Snapshot) {
  const values = metadata.partitionColumns.map((name) => {
    const type = schema.fields.find((field) => field.name === name)?.type ?? "string";
    return [name, parsePartitionValue(add?.partitionValues[name], type)] as const;
  });
  return Object.fromEntries(values);
}
