/** How much memory the rows of a Parquet file take, by its footer alone: a few kilobytes may stand for gigabytes. */
import { fieldOf, readFooter } from "./read_footer.ts";
import { type FoundField, readInteger, readListSize, structsOfList } from "./thrift_cursor.ts";

/** FileMetaData. */
const FILE_ROWS = 3;
const ROW_GROUPS = 4;
/** RowGroup. */
const COLUMNS = 1;
const TOTAL_BYTES = 2;
const GROUP_ROWS = 3;
/** ColumnChunk, and the ColumnMetaData in it. */
const CHUNK_METADATA = 3;
const TYPE = 1;
const PATH = 3;
const VALUES = 5;
const UNCOMPRESSED_BYTES = 6;
/** Bytes of a value in memory, by its physical type: BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, fixed. */
const WIDTHS = [1, 4, 8, 8, 4, 8, 16, 16];
const WIDEST = 16;
/** A group of less than this part of the limit is not looked at more closely: nearly all are. */
const SMALL = 64;

/** What one row group takes. */
export interface DecodedSize {
  readonly rows: number;
  /** Of its pages when they are decompressed, as the footer says. */
  readonly storedBytes: number;
  /** Of its pages when they are decompressed, or of its values in memory, whichever is more. */
  readonly bytes: number;
}

/**
 * What each row group of a file takes when these columns of it are decoded, all of them when undefined. Groups far
 * below `limit` are estimated as a whole.
 *
 * @throws {TypeError} when the bytes do not end as a Parquet file, or its counts contradict each other
 */
export function decodedSizes(
  file: Uint8Array,
  columns: ReadonlySet<string> | undefined,
  limit: number,
): readonly DecodedSize[] {
  const { footer } = readFooter(file);
  const groups = fieldOf(footer, ROW_GROUPS);
  const places = structsOfList({ bytes: footer, position: groups.valueStart });
  const sizes = places.map(({ start, end }) => groupSize(footer.subarray(start, end), columns, limit));
  const counted = sizes.reduce((sum, { rows }) => sum + rows, 0);
  const rows = integerAt(footer, fieldOf(footer, FILE_ROWS));
  if (rows === counted) return sizes;
  throw new TypeError(
    `Cannot read the Parquet footer: found ${rows} rows, expected the ${counted} of its groups`,
  );
}

function groupSize(group: Uint8Array, columns: ReadonlySet<string> | undefined, limit: number): DecodedSize {
  const rows = integerAt(group, fieldOf(group, GROUP_ROWS));
  const stored = integerAt(group, fieldOf(group, TOTAL_BYTES));
  if (rows < 0 || stored < 0) throw new TypeError("Cannot read the Parquet footer: found a negative size");
  const chunks = fieldOf(group, COLUMNS);
  const most = stored + rows * WIDEST * readListSize({ bytes: group, position: chunks.valueStart });
  if (most <= limit / SMALL) return { rows, storedBytes: stored, bytes: most };
  const places = structsOfList({ bytes: group, position: chunks.valueStart });
  const bytes = places.map(({ start, end }) => chunkBytes(group.subarray(start, end), columns));
  return { rows, storedBytes: stored, bytes: bytes.reduce((sum, size) => sum + size, 0) };
}

function chunkBytes(chunk: Uint8Array, columns: ReadonlySet<string> | undefined): number {
  const { valueStart, end } = fieldOf(chunk, CHUNK_METADATA);
  const metadata = chunk.subarray(valueStart, end);
  if (columns !== undefined && !columns.has(topName(metadata))) return 0;
  const width = WIDTHS[integerAt(metadata, fieldOf(metadata, TYPE))] ?? WIDEST;
  const values = integerAt(metadata, fieldOf(metadata, VALUES));
  return Math.max(values * width, integerAt(metadata, fieldOf(metadata, UNCOMPRESSED_BYTES)));
}

// A list of texts: its header, then each as its length and its bytes.
function topName(metadata: Uint8Array): string {
  const { valueStart, end } = fieldOf(metadata, PATH);
  let [position, length] = [valueStart + 1, 0];
  for (let scale = 1; position < end; scale *= 128) {
    const byte = metadata[position++] ?? 0;
    length += (byte & 127) * scale;
    if (byte < 128) break;
  }
  return new TextDecoder().decode(metadata.subarray(position, position + length));
}

function integerAt(bytes: Uint8Array, { valueStart }: FoundField): number {
  return readInteger({ bytes, position: valueStart });
}
