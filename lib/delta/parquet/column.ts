/** Reads single columns with a slower reader, for values that polars would lose. */
import {
  type FileMetaData,
  parquetMetadata,
  type ParquetParsers,
  parquetRead,
} from "../../packages/hyparquet.ts";
import { DECOMPRESSORS } from "./decompressors.ts";

/**
 * Reads one column of a Parquet file with the parsers given, where polars would lose something; much slower. Calls
 * `take` with each run of values and the row where it begins.
 *
 * @throws {Error} when the bytes are no whole Parquet file
 */
export async function readParquetColumn(
  bytes: Uint8Array,
  column: string,
  parsers: Partial<ParquetParsers>,
  take: (values: ArrayLike<unknown>, rowStart: number) => void,
): Promise<void> {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  const file = isWhole ? bytes.buffer as ArrayBuffer : new Uint8Array(bytes).buffer;
  const metadata = onlyColumn(parquetMetadata(file), column);
  await parquetRead({
    file,
    metadata,
    columns: [column],
    compressors: DECOMPRESSORS,
    parsers,
    onChunk: ({ columnData, rowStart }) => take(columnData, rowStart),
  });
}

// Of a column that has no place in the schema hyparquet starts a read that is never awaited: when it fails, it ends
// the process.
function onlyColumn(metadata: FileMetaData, column: string): FileMetaData {
  const groups = metadata.row_groups.map((group) => ({
    ...group,
    columns: group.columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === column),
  }));
  const isThere = groups.every(({ columns }) => columns.length > 0);
  if (isThere) return { ...metadata, row_groups: groups };
  throw new TypeError(`Cannot read the Parquet file: found no column "${column}", expected it in each part`);
}
