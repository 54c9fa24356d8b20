/** The rows of a data file as columns in flat buffers, where the file is plain; others are read as frames. */
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import type { Columns } from "../columns/column.ts";
import { gatherColumns } from "../columns/gather_columns.ts";
import { decodeColumns } from "../pages/decode_columns.ts";
import type { RowSpan } from "../pages/decode_leaf.ts";
import { checkFooter } from "../parquet/check_footer.ts";
import { decodedSizes } from "../parquet/decoded_size.ts";
import type { FooterFacts } from "../parquet/footer_facts.ts";
import type { StructField } from "../schema/schema.ts";
import { MAX_DECODED_BYTES, type ReadFileOptions } from "./file_reader.ts";
import type { FileSource, ReadableFile } from "./open_file.ts";
import { wantedFields } from "./wanted_fields.ts";
import { readDataBytes } from "./read_logged_file.ts";

/** Columns of a data file. */
export interface ReadColumnsOptions extends ReadFileOptions {
  /** Rows `from <= row < to` of the file; all of them by default. */
  readonly rows?: RowSpan | undefined;
}

/** A data file whose bytes are held, to read some of its columns, and then others of certain rows. */
export interface ColumnFile {
  /** Undefined when it has to be read as a frame. */
  readonly read: (options?: ReadColumnsOptions) => Columns | undefined;
}

/**
 * What `frameOfColumns` would make the frame of `readDataFile` from, without partition columns and those that the file
 * does not have. Undefined when anything is unusual: the other way reads it, or says what is wrong.
 */
export async function readFileBuffers(
  file: ReadableFile,
  source: FileSource,
  options: ReadColumnsOptions = {},
): Promise<Columns | undefined> {
  const fields = plainFields(file, source, options);
  const checked = fields && await checkFile(file, source);
  return checked && attempt(() => readBuffers({ ...checked, rows: options.rows }, fields));
}

/** Reads the bytes of a file and checks them; undefined when it has to be read as a frame. */
export async function openFileBuffers(
  file: ReadableFile,
  source: FileSource,
): Promise<ColumnFile | undefined> {
  const checked = await checkFile(file, source);
  return checked && {
    read: (options = {}) => {
      const fields = plainFields(file, source, options);
      return fields && attempt(() => readBuffers({ ...checked, rows: options.rows }, fields));
    },
  };
}

async function checkFile(file: ReadableFile, source: FileSource): Promise<CheckedFile | undefined> {
  const bytes = await readDataBytes(file, source);
  const facts = attempt(() => checkFooter(bytes));
  return facts && { bytes, facts, source };
}

/** The columns to read; undefined when they are not found by their names, or rows of the file are deleted. */
function plainFields(
  { deletionVector }: ReadableFile,
  source: FileSource,
  { columns }: ReadFileOptions,
): readonly StructField[] | undefined {
  const { metadata } = source, mode = columnMappingMode(metadata);
  const fields = wantedFields(source, columns).filter(({ name }) =>
    !metadata.partitionColumns.includes(name)
  );
  const isPlain = deletionVector === undefined && mode !== "id" &&
    fields.every((field) => field.nullable && physicalName(field, mode) === field.name);
  return isPlain ? fields : undefined;
}

/** A file whose footer is checked. */
interface CheckedFile {
  readonly bytes: Uint8Array;
  readonly facts: FooterFacts;
  readonly source: FileSource;
}

function readBuffers(
  { bytes, facts, source, rows }: CheckedFile & Pick<ReadColumnsOptions, "rows">,
  fields: readonly StructField[],
): Columns | undefined {
  const { maxDecodedBytes = MAX_DECODED_BYTES } = source;
  const sizes = decodedSizes(facts, new Set(fields.map(({ name }) => name)), maxDecodedBytes);
  if (sizes.reduce((sum, size) => sum + size.bytes, 0) > maxDecodedBytes) return undefined;
  const groups = [...decodeColumns(bytes, facts, fields, rows)];
  const [first] = groups;
  if (first === undefined || groups.length === 1) return first;
  return gatherColumns(
    groups.map((columns) => ({ columns, from: 0, to: Object.values(columns)[0]?.length ?? 0 })),
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
