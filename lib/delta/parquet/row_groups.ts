/** Cuts a Parquet file into its row groups, and counts its rows, by its footer alone. */
import { fieldOf, readFooter } from "./read_footer.ts";
import { readInteger, structsOfList } from "./thrift_cursor.ts";

/** Of FileMetaData; a row group has the number of its rows in a field of the same id. */
const NUM_ROWS = 3;
const ROW_GROUPS = 4;
const TAIL_LENGTH = 8;
const MAGIC = [0x50, 0x41, 0x52, 0x31];
/** The header of a list of one struct. */
const LIST_OF_ONE = 0x1c;

/** A part of the rows of a Parquet file. */
export interface RowGroup {
  readonly rowCount: number;
  /** A Parquet file with these rows only. It shares memory with the file, and is valid until the next group is requested. */
  readonly bytes: Uint8Array;
}

/**
 * Iterates over the row groups of a Parquet file, so that no more than one has to be decoded at a time.
 * Overwrites the footer of the file with that of each group, so the bytes must belong to the caller.
 *
 * @throws {TypeError} when the bytes are no Parquet file
 */
export function* rowGroups(file: Uint8Array): Generator<RowGroup> {
  const { footer: view, start } = readFooter(file);
  // It is about to be overwritten.
  const footer = view.slice();
  const groups = fieldOf(footer, ROW_GROUPS);
  const places = structsOfList({ bytes: footer, position: groups.valueStart });
  if (places.length < 2) return yield { rowCount: countParquetRows(file), bytes: file };
  for (const place of places) {
    const group = footer.subarray(place.start, place.end);
    const rows = fieldOf(group, NUM_ROWS);
    const rowCount = readInteger({ bytes: group, position: rows.valueStart });
    const parts = footerParts(footer, group, group.subarray(rows.valueStart, rows.end));
    yield { rowCount, bytes: withFooter(file, start, parts) };
  }
}

/**
 * How many rows a Parquet file has; its end with the footer is enough.
 *
 * @throws {TypeError} when the bytes are no Parquet file
 */
export function countParquetRows(tail: Uint8Array): number {
  const { footer } = readFooter(tail);
  return readInteger({ bytes: footer, position: fieldOf(footer, NUM_ROWS).valueStart });
}

// All but the number of rows and the list of groups stays as it is.
function footerParts(footer: Uint8Array, group: Uint8Array, rowCount: Uint8Array): readonly Uint8Array[] {
  const [rows, groups] = [fieldOf(footer, NUM_ROWS), fieldOf(footer, ROW_GROUPS)];
  return [
    footer.subarray(0, rows.valueStart),
    rowCount,
    footer.subarray(rows.end, groups.valueStart),
    Uint8Array.of(LIST_OF_ONE),
    group,
    footer.subarray(groups.end),
  ];
}

// A footer of one group of several is never longer than that of all.
function withFooter(file: Uint8Array, start: number, parts: readonly Uint8Array[]): Uint8Array {
  let position = start;
  for (const part of parts) {
    file.set(part, position);
    position += part.length;
  }
  new DataView(file.buffer, file.byteOffset, file.byteLength).setUint32(position, position - start, true);
  file.set(MAGIC, position + 4);
  return file.subarray(0, position + TAIL_LENGTH);
}
