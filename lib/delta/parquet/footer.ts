/** Footer = FileMetaData in Thrift's compact protocol, its length in 4 bytes, "PAR1". */

import { readFooter } from "./read_footer.ts";
import { findField } from "./thrift_cursor.ts";

/** FileMetaData.key_value_metadata; polars keeps its Arrow schema there and nothing else. */
const KEY_VALUE_METADATA = 5;
const TAIL_LENGTH = 8;
const STOP = 0;

/**
 * Takes the Arrow schema out of the footer of a Parquet file, in place; gives the shorter file.
 *
 * It says how the writer held the columns (views, dictionaries), which readers built on Arrow then try to repeat and
 * cannot always: delta-rs fails on dictionaries of views. The Parquet schema beside it says all that Delta needs.
 */
export function withoutArrowSchema(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { start: footerStart } = readFooter(file);
  const footerEnd = file.length - TAIL_LENGTH;
  const field = findField({ bytes: file, position: footerStart }, KEY_VALUE_METADATA);
  if (field === undefined) return file;
  const { start, end, skippedIds } = field;
  // The next field counts its id from the one before, which is gone.
  const next = file[end] ?? STOP;
  if (next !== STOP && next >> 4 !== 0) file[end] = next + (skippedIds << 4);
  file.copyWithin(start, end);
  const removed = end - start;
  view.setUint32(footerEnd - removed, footerEnd - removed - footerStart, true);
  return file.subarray(0, file.length - removed);
}
