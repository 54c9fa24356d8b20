import { type DataType as ArrowType, tableFromIPC } from "apache-arrow";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { Add } from "./actions.ts";
import { fitOf } from "./arrow_fit.ts";
import { rebuildColumns } from "./arrow_rebuild.ts";
import { type ColumnMatch, columnMatch } from "./column_match.ts";
import { columnMappingMode, physicalName } from "./column_mapping.ts";
import type { FileTarget } from "./data_file.ts";
import { type FilePlaces, readLogged } from "./data_path.ts";
import { readDeletedRows } from "./deletion_vector.ts";
import { CorruptFileError } from "./errors.ts";
import { describeArrowType } from "./frame_schema.ts";
import { type Expression, literalOf } from "./literal_polars.ts";
import { areNanosSafe, assertNanosSafe, hasNanos, readNanoColumn } from "./nano_times.ts";
import { parsePartitionValue } from "./partition_value.ts";
import { toPolarsType } from "./polars_type.ts";
import { dropRows } from "./row_mask.ts";
import { formatType, type StructField } from "./schema.ts";
import { parseStats } from "./stats_bounds.ts";

/** Where to read from. */
export type FileSource = Pick<FileTarget, "metadata" | "schema"> & FilePlaces;

/** What must be known of a file to read it. */
export type ReadableFile = Pick<Add, "path" | "partitionValues" | "stats" | "deletionVector">;

/** Options of {@linkcode readDataFile}. */
export interface ReadFileOptions {
  /** Only these columns, in the order of the schema. */
  readonly columns?: readonly string[];
}

/** How one column of the table comes about. */
interface ColumnPlan {
  readonly field: StructField;
  /** Its name in the file; absent for partition columns and for those that the file does not have. */
  readonly source?: string | undefined;
  readonly how: "same" | "cast" | "rebuild" | "literal";
}

/** A file whose bytes are there. */
interface OpenFile {
  readonly file: ReadableFile;
  readonly bytes: Uint8Array;
  readonly types: ReadonlyMap<string, ArrowType>;
  readonly match: ColumnMatch;
  readonly plans: readonly ColumnPlan[];
}

/**
 * Reads one data file as the table knows it: all columns in the order and with the types of the schema, partition
 * columns filled in, columns that the file does not have as null, deleted rows left out.
 *
 * @throws {TypeError} when a column cannot be what the schema says, or a wanted one is not in the schema
 * @throws {CorruptFileError} when the file is no Parquet file, or its deletion vector cannot be read
 */
export async function readDataFile(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): Promise<pl.DataFrame> {
  const fields = wantedFields(source.schema.fields, options.columns);
  const bytes = await readLogged(file.path, source);
  const open = openFile(file, bytes, fields, source);
  const frame = await replaceNanos(readColumns(open), open, source);
  const deleted = await readDeletedRows(file, frame.height, source);
  return assemble(deleted === undefined ? frame : dropRows(frame, deleted), open, source);
}

function wantedFields(
  fields: readonly StructField[],
  columns: readonly string[] | undefined,
): readonly StructField[] {
  if (columns === undefined) return fields;
  const known = new Set(fields.map(({ name }) => name));
  const unknown = columns.find((name) => !known.has(name));
  const wanted = new Set(columns);
  if (unknown === undefined) return fields.filter(({ name }) => wanted.has(name));
  throw new TypeError(
    `Cannot read the column "${unknown}": found ${[...known].join(", ")}, expected one of them`,
  );
}

function openFile(
  file: ReadableFile,
  bytes: Uint8Array,
  fields: readonly StructField[],
  { metadata }: FileSource,
): OpenFile {
  const { types, match } = attempt(file, () => ({
    types: typesOf(pl.readParquet(toBuffer(bytes), { nRows: 0 })),
    match: columnMatch(metadata, bytes),
  }));
  const names = [...types.keys()];
  const partition = new Set(metadata.partitionColumns);
  const plans = fields.map((field): ColumnPlan => {
    if (partition.has(field.name)) return { field, how: "literal" };
    const source = match(field, [], names);
    const found = source === undefined ? undefined : types.get(source);
    if (source === undefined || found === undefined) return missingColumn(field, file.path);
    const fit = fitOf(found, field.type, match, [source]);
    if (fit !== "none") return { field, source, how: fit };
    throw wrongColumn(field.name, file.path, describeArrowType(found), formatType(field.type));
  });
  return { file, bytes, types, match, plans };
}

function missingColumn(field: StructField, path: string): ColumnPlan {
  const { name, type, nullable } = field;
  if (!nullable) throw wrongColumn(name, path, "nothing", `${formatType(type)} without nulls`);
  return { field, how: typeof type === "string" ? "literal" : "rebuild" };
}

// A frame without columns has no rows either, so one column is read when only partition columns are wanted.
function readColumns({ file, bytes, types, plans }: OpenFile): pl.DataFrame {
  const present = plans.flatMap(({ source }) => source ?? []);
  const [first] = types.keys();
  const columns = present.length > 0 || first === undefined ? present : [first];
  return attempt(file, () => pl.readParquet(toBuffer(bytes), { columns }));
}

async function replaceNanos(frame: pl.DataFrame, open: OpenFile, source: FileSource): Promise<pl.DataFrame> {
  const { bytes, types, plans, file } = open;
  let replaced = frame;
  for (const plan of plans) {
    const found = plan.source === undefined ? undefined : types.get(plan.source);
    if (plan.source === undefined || found === undefined || !hasNanos(found)) continue;
    const { type } = plan.field;
    const path = [physicalName(plan.field, columnMappingMode(source.metadata))];
    if (typeof type === "string" && areNanosSafe(parseStats(file.stats, false), path, type)) continue;
    if (typeof type !== "string") await assertNanosSafe(bytes, plan.source);
    else replaced = replaced.withColumn(await readNanoColumn(bytes, plan.source, frame.height));
  }
  return replaced;
}

function assemble(frame: pl.DataFrame, open: OpenFile, { metadata }: FileSource): pl.DataFrame {
  const { plans, match, file } = open;
  const mode = columnMappingMode(metadata);
  const rebuilt = plans.filter(({ how }) => how === "rebuild");
  const plain = plans.filter(({ how }) => how !== "rebuild");
  const expressions = plain.map((plan) => {
    const text = file.partitionValues[physicalName(plan.field, mode)];
    return columnOf(plan, ownText(file, physicalName(plan.field, mode), text)).alias(plan.field.name);
  });
  // A select of nothing but literals would have one row.
  const whole = expressions.length === 0 ? frame : frame.withColumns(...expressions);
  const names = plans.map(({ field }) => field.name);
  if (rebuilt.length === 0) return whole.select(...names);
  const parts = rebuildColumns(frame, rebuilt, match);
  const kept = plain.map(({ field }) => field.name);
  const columns = kept.length === 0 ? [parts] : [whole.select(...kept), parts];
  return pl.concat(columns, { how: "horizontal" }).select(...names);
}

// A column may be called like something that every object has.
function ownText(
  { partitionValues }: ReadableFile,
  name: string,
  text: string | null | undefined,
): string | null | undefined {
  return Object.hasOwn(partitionValues, name) ? text : undefined;
}

function columnOf({ field: { type }, source, how }: ColumnPlan, text: string | null | undefined): Expression {
  if (source === undefined) return literalOf(parsePartitionValue(text, type), type);
  return how === "cast" ? pl.col(source).cast(toPolarsType(type)) : pl.col(source);
}

function typesOf(frame: pl.DataFrame): ReadonlyMap<string, ArrowType> {
  const { schema } = tableFromIPC(frame.writeIPC());
  return new Map(schema.fields.map(({ name, type }) => [name, type]));
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

function wrongColumn(name: string, path: string, found: string, wanted: string): TypeError {
  return new TypeError(`Cannot read the column "${name}" of "${path}": found ${found}, expected ${wanted}`);
}
