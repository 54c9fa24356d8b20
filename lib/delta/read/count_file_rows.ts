/** Rows of a file whose statistics do not count them. */
import type { Add } from "../actions/actions.ts";
import { CorruptFileError } from "../errors.ts";
import { footerSpan } from "../parquet/read_footer.ts";
import { countParquetRows } from "../parquet/row_groups.ts";
import { type FilePlaces, readDataBytes } from "./read_logged_file.ts";

/** Nearly every footer is within so many bytes from the end. */
const TAIL_BYTES = 65_536;

/**
 * Counts the rows of a file that are part of the table, by its footer and its deletion vector. Reads the last 64 kB of
 * it, once more when the footer is longer, and all of it only when the log has its size wrong.
 *
 * @throws {CorruptFileError} when the file is missing or no Parquet file, or has fewer rows than are deleted
 */
export async function countFileRows(file: Add, places: FilePlaces): Promise<number> {
  const footer = await readFooter(file, places);
  const deleted = file.deletionVector?.cardinality ?? 0;
  try {
    const rows = countParquetRows(footer);
    if (rows >= deleted) return rows - deleted;
    throw new TypeError(`found ${rows} rows, expected at least the ${deleted} that are deleted`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot count the rows of the data file "${file.path}": ${reason}`;
    throw new CorruptFileError(message, file.path, { cause, table: places.store.label });
  }
}

/** Bytes that end as the file does and hold its footer, if it has one. */
async function readFooter(file: Add, places: FilePlaces): Promise<Uint8Array> {
  const tail = await readTail(file, places, TAIL_BYTES);
  const span = footerSpan(tail);
  if (span === undefined) return await readDataBytes(file, places);
  return span <= tail.length ? tail : await readTail(file, places, span);
}

async function readTail(file: Add, places: FilePlaces, length: number): Promise<Uint8Array> {
  return await readDataBytes(file, places, { offset: Math.max(0, file.size - length), length });
}
