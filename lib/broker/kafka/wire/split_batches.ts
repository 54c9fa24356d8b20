/** Cuts what a fetch brought of one partition into its batches, whichever format each has. */

import { readLegacyEntry } from "./legacy_messages.ts";
import { readBatch } from "./read_batch.ts";
import type { RecordBatch } from "./record_batch.ts";

const ENTRY_HEAD_BYTES = 12;
/** Of the byte that says which format an entry has, counted from the start of the entry. */
const FORMAT_POSITION = 16;
const BATCH_FORMAT = 2;

/**
 * The batches in the bytes of one partition; a last one that was cut off is left out.
 *
 * @throws {RangeError} When not even the first is whole, which brokers promise.
 */
export function splitBatches(bytes: Uint8Array): readonly RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let start = 0; bytes.length - start > FORMAT_POSITION;) {
    const head = new DataView(bytes.buffer, bytes.byteOffset + start);
    const size = ENTRY_HEAD_BYTES + head.getInt32(8);
    if (size <= FORMAT_POSITION || size > bytes.length - start) break;
    const entry = bytes.subarray(start, start + size);
    batches.push(entry[FORMAT_POSITION] === BATCH_FORMAT ? readBatch(entry) : readLegacyEntry(entry));
    start += size;
  }
  if (batches.length === 0 && bytes.length > 0) throw new RangeError("a batch of records that is not whole");
  return batches;
}
