/** Reads data files as the table knows them, whoever wrote them. */
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { Add } from "../actions/actions.ts";
import { rebuildColumns } from "./nested_rebuild.ts";
import { columnMatch } from "./column_match.ts";
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { arrowTypes, type ColumnPlan, type FileColumns, planColumns } from "./file_columns.ts";
import type { TableColumns } from "../actions/table_columns.ts";
import { type FilePlaces, readDataBytes } from "./read_logged_file.ts";
import { readDeletedRows } from "./deletion_vector.ts";
import { CorruptFileError } from "../errors.ts";
import { literalOf } from "../predicate/literal_polars.ts";
import { areNanosSafe, assertNanosSafe, hasNanos, readNanoColumn } from "./nano_times.ts";
import { parsePartitionValue } from "../schema/partition_value.ts";
import { type Expression, type Frame, toPolarsType } from "../schema/polars_type.ts";
import type { RowMask } from "./roaring_bitmap.ts";
import { countParquetRows, rowGroups } from "../parquet/row_groups.ts";
import { dropRows, sliceMask } from "./row_mask.ts";
import type { StructField } from "../schema/schema.ts";
import { fileStats } from "../stats/file_stats.ts";

/** Where to read from. */
export type FileSource = TableColumns & FilePlaces;

/** What must be known of a file to read it. */
export type ReadableFile = Pick<Add, "path" | "partitionValues" | "stats" | "deletionVector">;

/** Options of {@linkcode readDataFile}. */
export interface ReadFileOptions {
  /** Only these columns, in the order of the schema. */
  readonly columns?: readonly string[] | undefined;
}

/** A file whose bytes are there. */
interface OpenFile extends FileColumns {
  readonly file: ReadableFile;
  readonly source: FileSource;
  readonly bytes: Uint8Array;
  readonly plans: readonly ColumnPlan[];
}

/**
 * Reads one data file as the table knows it: all columns in the order and with the types of the schema, partition
 * columns filled in, columns that the file does not have as null, deleted rows left out.
 *
 * @throws {TypeError} when a column cannot be what the schema says, or a requested one is not in the schema
 * @throws {CorruptFileError} when the file is no Parquet file, or its deletion vector cannot be read
 */
export async function readDataFile(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): Promise<Frame> {
  const open = await openFile(file, source, options);
  const rows = await replaceNanos(readColumns(open, open.bytes), open, open.bytes);
  const deleted = await readDeletedRows(file, rows.height, source);
  return assemble(rows, open, deleted);
}

/**
 * The same in parts, one for each row group of the file: the rows of no more than one are decoded at a time.
 *
 * @throws {TypeError} when a column cannot be what the schema says, or a requested one is not in the schema
 * @throws {CorruptFileError} when the file is no Parquet file, or its deletion vector cannot be read
 */
export async function* readDataFileParts(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): AsyncGenerator<Frame> {
  const open = await openFile(file, source, options);
  const deleted = await readDeletedRows(file, attempt(file, () => countParquetRows(open.bytes)), source);
  const groups = rowGroups(open.bytes);
  let start = 0;
  // Each group is written over the one before, so it is requested only when that has been read.
  for (;;) {
    const { value, done } = attempt(file, () => groups.next());
    if (done === true) return;
    const { bytes, rowCount } = value;
    const rows = await replaceNanos(readColumns(open, bytes), open, bytes);
    const mask = deleted === undefined ? undefined : sliceMask(deleted, start, rowCount);
    start += rowCount;
    yield assemble(rows, open, mask);
  }
}

async function openFile(
  file: ReadableFile,
  source: FileSource,
  { columns }: ReadFileOptions,
): Promise<OpenFile> {
  const fields = wantedFields(source.schema.fields, columns);
  const bytes = await readDataBytes(file, source);
  const known = attempt(file, (): FileColumns => ({
    path: file.path,
    types: arrowTypes(pl.readParquet(toBuffer(bytes), { nRows: 0 })),
    match: columnMatch(source.metadata, bytes),
  }));
  return { ...known, file, source, bytes, plans: planColumns(fields, source.metadata, known) };
}

function wantedFields(
  fields: readonly StructField[],
  columns: readonly string[] | undefined,
): readonly StructField[] {
  if (columns === undefined) return fields;
  const known = new Set(fields.map(({ name }) => name));
  const unknown = columns.find((name) => !known.has(name));
  const expected = new Set(columns);
  if (unknown === undefined) return fields.filter(({ name }) => expected.has(name));
  throw new TypeError(
    `Cannot read the column "${unknown}": found ${[...known].join(", ")}, expected one of them`,
  );
}

// A frame without columns has no rows either, so one column is read when only partition columns are requested.
function readColumns({ file, types, plans }: OpenFile, bytes: Uint8Array): Frame {
  const present = plans.flatMap(({ source }) => source ?? []);
  const [first] = types.keys();
  const columns = present.length > 0 || first === undefined ? present : [first];
  return attempt(file, () => pl.readParquet(toBuffer(bytes), { columns }));
}

async function replaceNanos(frame: Frame, open: OpenFile, bytes: Uint8Array): Promise<Frame> {
  const { types, plans, file, source: { metadata } } = open;
  let replaced = frame;
  for (const { field, source } of plans) {
    const found = source === undefined ? undefined : types.get(source);
    if (source === undefined || found === undefined || !hasNanos(found)) continue;
    const path = [physicalName(field, columnMappingMode(metadata))];
    const isPlain = typeof field.type === "string";
    if (isPlain && areNanosSafe(fileStats(file), path, field.type)) continue;
    if (isPlain) replaced = replaced.withColumn(await readNanoColumn(bytes, source, frame.height));
    else await assertNanosSafe(bytes, source);
  }
  return replaced;
}

function assemble(rows: Frame, open: OpenFile, deleted: RowMask | undefined): Frame {
  const { plans, match, file, source: { metadata } } = open;
  const frame = deleted === undefined ? rows : dropRows(rows, deleted);
  const mode = columnMappingMode(metadata);
  const rebuilt = plans.filter(({ how }) => how === "rebuild");
  const plain = plans.filter(({ how }) => how !== "rebuild");
  // A column that stays as it is costs polars as much as one that changes.
  const changed = plain.filter(({ how, source, field }) => how !== "same" || source !== field.name);
  const expressions = changed.map((plan) => {
    const text = partitionText(file, physicalName(plan.field, mode));
    return columnOf(plan, text).alias(plan.field.name);
  });
  // A select of nothing but literals would have one row.
  const whole = expressions.length === 0 ? frame : frame.withColumns(...expressions);
  const names = plans.map(({ field }) => field.name);
  if (rebuilt.length === 0) return whole.select(...names);
  const kept = plain.map(({ field }) => field.name);
  const parts = rebuildColumns(frame, rebuilt, match);
  const columns = kept.length === 0 ? [parts] : [whole.select(...kept), parts];
  return pl.concat(columns, { how: "horizontal" }).select(...names);
}

// A column may be called like something that every object has.
function partitionText({ partitionValues }: ReadableFile, name: string): string | null | undefined {
  return Object.hasOwn(partitionValues, name) ? partitionValues[name] : undefined;
}

function columnOf({ field: { type }, source, how }: ColumnPlan, text: string | null | undefined): Expression {
  if (source === undefined) return literalOf(parsePartitionValue(text, type), type);
  return how === "cast" ? pl.col(source).cast(toPolarsType(type)) : pl.col(source);
}

// nodejs-polars takes a Buffer only; this one is a view, not a copy.
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function attempt<T>({ path }: ReadableFile, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptFileError(`Cannot read the data file "${path}": ${reason}`, path, { cause });
  }
}
