/** The rows of a data file as columns in flat buffers, where the file is plain; others are read as frames. */
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import type { Columns } from "../columns/column.ts";
import { gatherColumns } from "../columns/gather_columns.ts";
import { decodeColumns } from "../pages/decode_columns.ts";
import { checkFooter } from "../parquet/check_footer.ts";
import { decodedSizes } from "../parquet/decoded_size.ts";
import { MAX_DECODED_BYTES, type ReadFileOptions } from "./file_reader.ts";
import type { FileSource, ReadableFile } from "./open_file.ts";
import { wantedFields } from "./wanted_fields.ts";
import { readDataBytes } from "./read_logged_file.ts";

/**
 * What `frameOfColumns` would make the frame of `readDataFile` from, without partition columns and those that the file
 * does not have. Undefined when anything is unusual: the other way reads it, or says what is wrong.
 */
export async function readFileBuffers(
  file: ReadableFile,
  source: FileSource,
  options: ReadFileOptions = {},
): Promise<Columns | undefined> {
  const { metadata, maxDecodedBytes = MAX_DECODED_BYTES } = source;
  const mode = columnMappingMode(metadata);
  const fields = wantedFields(source, options.columns).filter(({ name }) =>
    !metadata.partitionColumns.includes(name)
  );
  const isPlain = file.deletionVector === undefined && mode !== "id" &&
    fields.every((field) => field.nullable && physicalName(field, mode) === field.name);
  if (!isPlain) return undefined;
  const bytes = await readDataBytes(file, source);
  try {
    const facts = checkFooter(bytes);
    const names = new Set(fields.map(({ name }) => name));
    const sizes = decodedSizes(facts, names, maxDecodedBytes);
    if (sizes.reduce((sum, size) => sum + size.bytes, 0) > maxDecodedBytes) return undefined;
    const groups = [...decodeColumns(bytes, facts, fields)];
    const [first] = groups;
    if (first === undefined || groups.length === 1) return first;
    return gatherColumns(
      groups.map((columns) => ({ columns, from: 0, to: Object.values(columns)[0]?.length ?? 0 })),
    );
  } catch {
    return undefined;
  }
}
