/** The rows of a data file as values of JavaScript, by the shortest way there is. */
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { checkFooter } from "../parquet/check_footer.ts";
import { readPlainRows } from "../parquet/plain_rows.ts";
import type { Row } from "../schema/row_value.ts";
import type { StructField } from "../schema/schema.ts";
import { readDataFile, type ReadFileOptions } from "./file_reader.ts";
import { wantedFields } from "./wanted_fields.ts";
import type { FileSource, ReadableFile } from "./open_file.ts";
import { frameRows } from "./frame_rows.ts";
import { readDataBytes } from "./read_logged_file.ts";

/** Of larger files polars is sooner ready. */
const SMALL_BYTES = 256 * 1024;

/** What `frameRows(await readDataFile(...))` gives, with the same errors; small files of plain columns need no polars. */
export async function readFileRows(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): Promise<readonly Row[]> {
  const fields = wantedFields(source, options.columns);
  const rows = isPlain(file, source, fields) ? await tryPlainRows(file, source, fields) : undefined;
  return rows ?? Array.from(frameRows(await readDataFile(file, source, options), fields));
}

function isPlain(
  { size = Infinity, deletionVector }: ReadableFile,
  { metadata }: FileSource,
  fields: readonly StructField[],
): boolean {
  const mode = columnMappingMode(metadata);
  return size <= SMALL_BYTES && deletionVector === undefined && mode !== "id" &&
    fields.every((field) => physicalName(field, mode) === field.name) &&
    fields.every(({ name }) => !metadata.partitionColumns.includes(name));
}

/** Undefined when anything is unusual: the other way says what. */
async function tryPlainRows(
  file: ReadableFile,
  source: FileSource,
  fields: readonly StructField[],
): Promise<readonly Row[] | undefined> {
  const bytes = await readDataBytes(file, source);
  if (bytes.length > SMALL_BYTES) return undefined;
  try {
    checkFooter(bytes);
    return await readPlainRows(bytes, fields);
  } catch {
    return undefined;
  }
}
