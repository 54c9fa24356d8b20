import pl from "nodejs-polars";
import type { Add, Metadata } from "./actions.ts";
import { encodePath } from "./file_path.ts";
import { assertFrameFits, type FrameColumn, frameColumns } from "./frame_schema.ts";
import { measureFrame } from "./frame_stats.ts";
import { hivePath } from "./hive_path.ts";
import { withoutArrowSchema } from "./parquet_footer.ts";
import { type PartitionValue, serializePartitionValue } from "./partition_value.ts";
import type { StructField, StructType } from "./schema.ts";
import { type ColumnStats, serializeStats, type StatsColumn, statsColumns } from "./stats.ts";
import type { Store } from "./store/store.ts";

/** The clock and the names that a table takes from outside. */
export interface TableContext {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** A new name at each call, unique in the world and fit for a file name, such as a UUID. */
  readonly ids: () => string;
}

/** Where a data file belongs. */
export interface FileTarget extends TableContext {
  readonly store: Store;
  readonly metadata: Metadata;
  readonly schema: StructType;
}

/** Options of {@linkcode stageFrame}. */
export interface StageOptions {
  /** One value per partition column. */
  readonly partitionValues?: Readonly<Record<string, PartitionValue>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The bytes of a data file with what is known of them. */
export interface EncodedFile {
  readonly bytes: Uint8Array;
  readonly numRecords: number;
  readonly columns: readonly ColumnStats[];
  /** Of the Parquet pages; part of the file name. */
  readonly codec: "zstd" | "snappy";
}

/**
 * Writes a frame as one Parquet file with statistics. Nothing sees the file until a commit names it.
 *
 * Partition columns are not written; where the frame has them they must hold the partition's value only.
 *
 * @throws {TypeError} naming each column that is missing, unknown, of another type, or null where it must not be
 */
export async function stageFrame(
  frame: pl.DataFrame,
  target: FileTarget,
  options: StageOptions = {},
): Promise<Add> {
  const values = partitionTexts(target, options.partitionValues ?? {});
  const encoded = encodeFrame(frame, target, values);
  return await putDataFile(encoded, target, values, options.tags);
}

/** The fields that lie in the data files: all but the partition columns. */
export function dataFields(
  { schema, metadata }: Pick<FileTarget, "schema" | "metadata">,
): readonly StructField[] {
  return schema.fields.filter(({ name }) => !metadata.partitionColumns.includes(name));
}

/** The partition values of a file as the log holds them, checked against the table. */
export function partitionTexts(
  { schema, metadata: { partitionColumns } }: Pick<FileTarget, "schema" | "metadata">,
  values: Readonly<Record<string, PartitionValue>>,
): Readonly<Record<string, string | null>> {
  const unknown = Object.keys(values).find((name) => !partitionColumns.includes(name));
  if (unknown !== undefined) throw wrongPartition(unknown, "given", "a partition column");
  const texts = partitionColumns.map((name) => {
    const value = values[name];
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (value === undefined || field === undefined) throw wrongPartition(name, "missing", "a value for it");
    return [name, serializePartitionValue(value, field.type)] as const;
  });
  return Object.fromEntries(texts);
}

/** Writes the bytes under a new name and describes them as the log does. */
export async function putDataFile(
  { bytes, numRecords, columns, codec }: EncodedFile,
  { store, metadata, clock, ids }: FileTarget,
  partitionValues: Readonly<Record<string, string | null>>,
  tags?: Readonly<Record<string, string>>,
): Promise<Add> {
  const realPath = `${hivePath(metadata.partitionColumns, partitionValues)}part-${ids()}.${codec}.parquet`;
  await store.put(realPath, bytes);
  return {
    path: encodePath(realPath),
    partitionValues,
    size: bytes.length,
    modificationTime: clock(),
    dataChange: true,
    stats: serializeStats(numRecords, columns),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** Throws when a column that must not hold nulls holds some. */
export function assertNoNulls(columns: readonly ColumnStats[], fields: readonly StructField[]): void {
  const required = new Set(fields.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const fault = columns.find(({ column: { path }, nullCount }) =>
    nullCount > 0 && required.has(path.join("."))
  );
  if (fault === undefined) return;
  const name = fault.column.path.join(".");
  throw new TypeError(`Cannot write the column "${name}": found ${fault.nullCount} nulls, expected none`);
}

function encodeFrame(
  frame: pl.DataFrame,
  target: FileTarget,
  values: Readonly<Record<string, string | null>>,
): EncodedFile {
  const fields = dataFields(target);
  const found = frameColumns(frame);
  const columns = dropPartitionColumns(frame, found, values);
  assertFrameFits(columns, fields);
  const categorical = new Set(columns.filter(({ isCategorical }) => isCategorical).map(({ name }) => name));
  const wanted = statsColumns(fields, target.metadata.configuration);
  const measured = measureFrame(frame, withRequired(wanted, fields), categorical);
  assertNoNulls(measured, fields);
  const data = frame.select(...fields.map(({ name }) => name));
  const bytes = withoutArrowSchema(data.writeParquet({ compression: "zstd" }));
  return { bytes, numRecords: frame.height, columns: measured.slice(0, wanted.length), codec: "zstd" };
}

// Columns that must not be null are counted even where the table wants no statistics of them.
function withRequired(
  wanted: readonly StatsColumn[],
  fields: readonly StructField[],
): readonly StatsColumn[] {
  const known = new Set(wanted.map(({ path }) => path.join(".")));
  const more = fields.filter(({ name, nullable }) => !nullable && !known.has(name));
  return [...wanted, ...more.map(({ name, type }) => ({ path: [name], type }))];
}

function dropPartitionColumns(
  frame: pl.DataFrame,
  columns: readonly FrameColumn[],
  values: Readonly<Record<string, string | null>>,
): readonly FrameColumn[] {
  for (const { name } of columns) {
    if (Object.hasOwn(values, name)) assertConstant(frame, name, values[name] ?? null);
  }
  return columns.filter(({ name }) => !Object.hasOwn(values, name));
}

function assertConstant(frame: pl.DataFrame, name: string, wanted: string | null): void {
  const found = frame.select(pl.col(name).unique().cast(pl.Utf8).alias(name)).head(3).getColumn(name)
    .toArray();
  const isSame = found.every((value) => (value === "" ? null : value) === wanted);
  if (!isSame) {
    throw wrongPartition(
      name,
      `holding ${found.map((value) => JSON.stringify(value)).join(", ")}`,
      wanted,
    );
  }
}

function wrongPartition(name: string, found: string, wanted: string | null): TypeError {
  return new TypeError(
    `Cannot write to the partition of "${name}": it is ${found}, expected ${wanted ?? "null"}`,
  );
}
