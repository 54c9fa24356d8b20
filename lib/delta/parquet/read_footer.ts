/** Finds the footer of a Parquet file: FileMetaData in Thrift's compact protocol, its length in 4 bytes, "PAR1". */
import { findField, type FoundField } from "./thrift_cursor.ts";

const TAIL_LENGTH = 8;
const MAGIC = [0x50, 0x41, 0x52, 0x31];

/** How many bytes from the end a Parquet file's footer begins, by the last 8 of them; undefined of another file. */
export function footerSpan(tail: Uint8Array): number | undefined {
  const end = tail.length - TAIL_LENGTH;
  if (end < 0 || MAGIC.some((byte, index) => tail[end + 4 + index] !== byte)) return undefined;
  return new DataView(tail.buffer, tail.byteOffset).getUint32(end, true) + TAIL_LENGTH;
}

/**
 * The footer of a file, as a view, and where it begins.
 *
 * @throws {TypeError} when the bytes do not end as a Parquet file
 */
export function readFooter(file: Uint8Array): { readonly footer: Uint8Array; readonly start: number } {
  const span = footerSpan(file);
  if (span === undefined) {
    throw new TypeError("Cannot read the Parquet footer: found none, expected PAR1 at the end");
  }
  const start = file.length - span;
  if (start >= 0) return { footer: file.subarray(start, file.length - TAIL_LENGTH), start };
  throw new TypeError("Cannot read the Parquet footer: found an early end, expected more bytes");
}

/** A field of the struct that the bytes begin with, which must be there. */
export function fieldOf(bytes: Uint8Array, id: number): FoundField {
  const field = findField({ bytes, position: 0 }, id);
  if (field !== undefined) return field;
  throw new TypeError(`Cannot read the Parquet footer: found no field ${id}, expected one`);
}
