/** Reads data files as the table knows them, whoever wrote them. */
import { pl } from "../../packages/polars.ts";
import { rebuildColumns } from "./nested_rebuild.ts";
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { type ColumnPlan, planColumns } from "./file_columns.ts";
import {
  attemptRead,
  decodeFrame,
  type FileSource,
  type OpenFile,
  openFile,
  type ReadableFile,
} from "./open_file.ts";
import { readDeletedRows } from "./deletion_vector.ts";
import { TooLargeError } from "../errors.ts";
import { literalOf } from "../predicate/literal_polars.ts";
import { areNanosSafe, assertNanosSafe, hasNanos, readNanoColumn } from "./nano_times.ts";
import { parsePartitionValue } from "../schema/partition_value.ts";
import { type Expression, type Frame, toPolarsType } from "../schema/polars_type.ts";
import type { RowMask } from "./roaring_bitmap.ts";
import { countParquetRows, rowGroups } from "../parquet/row_groups.ts";
import { dropRows, sliceMask } from "./row_mask.ts";
import { decodedSizes } from "../parquet/decoded_size.ts";
import { footerFacts } from "../parquet/footer_facts.ts";
import type { StructField } from "../schema/schema.ts";
import { fileStats } from "../stats/file_stats.ts";
import { wantedFields } from "./wanted_fields.ts";

/** What one row group may take in memory by default. */
export const MAX_DECODED_BYTES = 2 ** 30;
/** A file that is to be written again is in memory as a whole, and may take so many times as much. */
const WHOLE_FILE = 4;

/** Options of {@linkcode readDataFile}. */
export interface ReadFileOptions {
  /** Only these columns, in the order of the schema. */
  readonly columns?: readonly string[] | undefined;
}

/** A file with how each requested column is made. */
interface PlannedFile extends OpenFile {
  readonly plans: readonly ColumnPlan[];
}

/**
 * Reads one data file as the table knows it: all columns in the order and with the types of the schema, partition
 * columns filled in, columns that the file does not have as null, deleted rows left out.
 *
 * @throws {TypeError} when a column cannot be what the schema says, or a requested one is not in the schema
 * @throws {UnsupportedTableError} when a requested column has a type that cannot be read
 * @throws {CorruptFileError} when the file is no Parquet file, or its deletion vector cannot be read
 * @throws {TooLargeError} when its rows would take too much memory
 */
export async function readDataFile(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): Promise<Frame> {
  const fields = wantedFields(source, options.columns);
  return await readOpenFile(await openFile(file, source), { fields });
}

/** What to read of a file whose bytes are there. */
export interface OpenFileColumns {
  readonly fields: readonly StructField[];
  /** Columns that were read before, and are in memory too. */
  readonly before?: readonly StructField[];
}

/**
 * The same for a file that is open, as often as it is.
 *
 * @throws the same errors
 */
export async function readOpenFile(open: OpenFile, { fields, before = [] }: OpenFileColumns): Promise<Frame> {
  const { file, source, bytes } = open;
  assertDecodable(planFile(open, [...before, ...fields]), (sizes) => sum(sizes) / WHOLE_FILE);
  const planned = planFile(open, fields);
  const rows = await replaceNanos(readColumns(planned, bytes), planned, bytes);
  const deleted = await readDeletedRows(file, rows.height, source);
  return assembleFrame(rows, planned, deleted);
}

function planFile(open: OpenFile, fields: readonly StructField[]): PlannedFile {
  return { ...open, plans: planColumns(fields, open.source.metadata, open) };
}

/**
 * The same in parts, one for each row group of the file: the rows of no more than one are decoded at a time.
 *
 * @throws {TypeError} when a column cannot be what the schema says, or a requested one is not in the schema
 * @throws {UnsupportedTableError} when a requested column has a type that cannot be read
 * @throws {CorruptFileError} when the file is no Parquet file, or its deletion vector cannot be read
 * @throws {TooLargeError} when the rows of a row group would take too much memory
 */
export async function* readDataFileParts(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): AsyncGenerator<Frame> {
  const fields = wantedFields(source, options.columns);
  const open = planFile(await openFile(file, source), fields);
  assertDecodable(open, (sizes) => sizes.reduce((most, size) => Math.max(most, size), 0));
  const deleted = await readDeletedRows(file, attemptRead(open, () => countParquetRows(open.bytes)), source);
  const groups = rowGroups(open.bytes);
  let start = 0;
  // Each group is written over the one before, so it is requested only when that has been read.
  for (;;) {
    const { value, done } = attemptRead(open, () => groups.next());
    if (done === true) return;
    const { bytes, rowCount } = value;
    const rows = await replaceNanos(readColumns(open, bytes), open, bytes);
    const mask = deleted === undefined ? undefined : sliceMask(deleted, start, rowCount);
    start += rowCount;
    yield assembleFrame(rows, open, mask);
  }
}

// A file of a few kilobytes may hold gigabytes; polars would try.
function assertDecodable(open: PlannedFile, measure: (sizes: readonly number[]) => number): void {
  const { file, source, bytes } = open;
  const { maxDecodedBytes = MAX_DECODED_BYTES } = source;
  const columns = new Set(columnsToRead(open));
  const sizes = attemptRead(
    open,
    () => decodedSizes(footerFacts(bytes), columns, maxDecodedBytes).map((size) => size.bytes),
  );
  const found = measure(sizes);
  if (found <= maxDecodedBytes) return;
  const message = `Cannot read the data file "${file.path}" of the table "${source.store.label}": ` +
    `found ${Math.ceil(found / 2 ** 20)} MiB of rows to decode at once, expected at most ` +
    `${Math.floor(maxDecodedBytes / 2 ** 20)}; read fewer columns or raise maxDecodedBytes`;
  throw new TooLargeError(message, file.path, { table: source.store.label });
}

// A frame without columns has no rows either, so one column is read when only partition columns are requested.
function columnsToRead({ types, plans }: PlannedFile): readonly string[] {
  const present = plans.flatMap(({ source }) => source ?? []);
  const [first] = types.keys();
  return present.length > 0 || first === undefined ? present : [first];
}

function readColumns(open: PlannedFile, bytes: Uint8Array): Frame {
  return attemptRead(open, () => decodeFrame(bytes, { columns: [...columnsToRead(open)] }));
}

async function replaceNanos(frame: Frame, open: PlannedFile, bytes: Uint8Array): Promise<Frame> {
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

// Columns of a broken file may have different numbers of rows, which only polars notices.
function assembleFrame(rows: Frame, open: PlannedFile, deleted: RowMask | undefined): Frame {
  try {
    return assemble(rows, open, deleted);
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return attemptRead(open, () => {
      throw error;
    });
  }
}

function assemble(rows: Frame, open: PlannedFile, deleted: RowMask | undefined): Frame {
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

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
