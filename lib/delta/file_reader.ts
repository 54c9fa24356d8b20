import {
  Binary,
  type DataType as ArrowType,
  Table,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { Add } from "./actions.ts";
import { fitOf } from "./arrow_fit.ts";
import type { FileTarget } from "./data_file.ts";
import { decodePath } from "./file_path.ts";
import { describeArrowType } from "./frame_schema.ts";
import { parsePartitionValue } from "./partition_value.ts";
import { toPolarsType } from "./polars_type.ts";
import { type DataType, decimalOf, formatType, type StructField } from "./schema.ts";

type Expression = ReturnType<typeof pl.col>;

/** Where to read from. */
export type FileSource = Pick<FileTarget, "store" | "metadata" | "schema">;

/** Options of {@linkcode readDataFile}. */
export interface ReadFileOptions {
  /** Only these columns, in the order of the schema. */
  readonly columns?: readonly string[];
}

/**
 * Reads one data file as the table knows it: all columns in the order and with the types of the schema, partition
 * columns filled in, columns that the file does not have as null.
 *
 * @throws {TypeError} when a column cannot be what the schema says, or a wanted one is not in the schema
 */
export async function readDataFile(
  add: Pick<Add, "path" | "partitionValues">,
  source: FileSource,
  options: ReadFileOptions = {},
): Promise<pl.DataFrame> {
  const fields = wantedFields(source.schema.fields, options.columns);
  const bytes = await source.store.read(decodePath(add.path));
  // nodejs-polars takes a Buffer only; this one is a view, not a copy.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types = fileTypes(buffer);
  const partition = new Set(source.metadata.partitionColumns);
  const present = fields.filter(({ name }) => types.has(name) && !partition.has(name)).map(({ name }) =>
    name
  );
  const frame = readColumns(buffer, present, types);
  return assemble(frame, fields, { add, types, partition });
}

/** What is known of a file when its columns are put together. */
interface FileParts {
  readonly add: Pick<Add, "path" | "partitionValues">;
  readonly types: ReadonlyMap<string, ArrowType>;
  readonly partition: ReadonlySet<string>;
}

function wantedFields(
  fields: readonly StructField[],
  columns: readonly string[] | undefined,
): readonly StructField[] {
  if (columns === undefined) return fields;
  const known = new Set(fields.map(({ name }) => name));
  const unknown = columns.find((name) => !known.has(name));
  if (unknown === undefined) return fields.filter(({ name }) => columns.includes(name));
  throw new TypeError(
    `Cannot read the column "${unknown}": found ${[...known].join(", ")}, expected one of them`,
  );
}

function fileTypes(buffer: Buffer): ReadonlyMap<string, ArrowType> {
  const { schema } = tableFromIPC(pl.readParquet(buffer, { nRows: 0 }).writeIPC());
  return new Map(schema.fields.map(({ name, type }) => [name, type]));
}

// A frame without columns has no rows either, so one column is read when only partition columns are wanted.
function readColumns(
  buffer: Buffer,
  present: readonly string[],
  types: ReadonlyMap<string, ArrowType>,
): pl.DataFrame {
  const [first] = types.keys();
  const columns = present.length > 0 || first === undefined ? [...present] : [first];
  return pl.readParquet(buffer, { columns });
}

function assemble(frame: pl.DataFrame, fields: readonly StructField[], parts: FileParts): pl.DataFrame {
  const expressions = fields.map((field) => columnOf(field, parts).alias(field.name));
  const binaries = fields.filter(({ name, type }) =>
    type === "binary" && (parts.partition.has(name) || !parts.types.has(name))
  );
  const withBinaries = binaries.reduce((whole, { name }) => {
    const text = parts.partition.has(name) ? parts.add.partitionValues[name] : null;
    return whole.join(binaryFrame(name, text ?? null), { how: "cross" });
  }, dropColumns(frame, binaries));
  // A select of nothing but literals would have one row.
  return withBinaries.withColumns(...expressions).select(...fields.map(({ name }) => name));
}

function dropColumns(frame: pl.DataFrame, fields: readonly StructField[]): pl.DataFrame {
  const names = fields.map(({ name }) => name).filter((name) => frame.columns.includes(name));
  return names.length === 0 ? frame : frame.drop(names);
}

function columnOf(field: StructField, { add, types, partition }: FileParts): Expression {
  const { name, type } = field;
  const found = types.get(name);
  if (partition.has(name)) return type === "binary" ? pl.col(name) : literal(add.partitionValues[name], type);
  if (found === undefined) return type === "binary" ? pl.col(name) : missingColumn(field, add.path);
  const fit = fitOf(found, type);
  if (fit === "same") return pl.col(name);
  if (fit === "cast") return pl.col(name).cast(toPolarsType(type));
  throw wrongColumn(name, add.path, describeArrowType(found), formatType(type));
}

function missingColumn({ name, type, nullable }: StructField, path: string): Expression {
  if (!nullable) throw wrongColumn(name, path, "nothing", `${formatType(type)} without nulls`);
  return pl.lit(null).cast(toPolarsType(type));
}

function literal(text: string | null | undefined, type: DataType): Expression {
  const value = parsePartitionValue(text, type);
  if (value === null) return pl.lit(null).cast(toPolarsType(type));
  if (type === "date") {
    return pl.lit(Date.parse(`${value}T00:00:00Z`) / 86_400_000).cast(pl.Int32).cast(pl.Date);
  }
  // A number in JavaScript has too few digits, polars reads them from text.
  if (type === "timestamp") return pl.lit(String(value)).cast(pl.Int64).cast(toPolarsType(type));
  if (typeof value === "bigint" || decimalOf(type) !== undefined) {
    return pl.lit(String(value)).cast(toPolarsType(type));
  }
  return pl.lit(value).cast(toPolarsType(type));
}

// nodejs-polars cannot name its Binary type, but takes it from Arrow.
function binaryFrame(name: string, text: string | null): pl.DataFrame {
  const value = text === null ? null : new TextEncoder().encode(text);
  const table = new Table({ [name]: vectorFromArray([value], new Binary()) });
  return pl.readIPC(Buffer.from(tableToIPC(table, "file")));
}

function wrongColumn(name: string, path: string, found: string, wanted: string): TypeError {
  return new TypeError(`Cannot read the column "${name}" of "${path}": found ${found}, expected ${wanted}`);
}
