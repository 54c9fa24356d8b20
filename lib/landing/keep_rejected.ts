/**
 * What quarantine has is rejected, whatever the rules say now: a crash may lie between its commit and that of the
 * standard table, and other rules behind the crash. Else a message would be in both tables.
 */
import { readRejectedPlaces } from "./read_rejected_records.ts";
import { rejectionId } from "../tables/rejection_id.ts";
import type { OffsetRange, TopicTable } from "../tables/topic_table.ts";
import type { ValidatedChunk } from "../validate/validate_chunk.ts";

/** The chunks without trains that quarantine has in these ranges; it is not read where there are none. */
export async function* keepRejected(
  chunks: AsyncIterable<ValidatedChunk>,
  quarantine: TopicTable,
  ranges: readonly OffsetRange[],
): AsyncGenerator<ValidatedChunk> {
  const rejected = ranges.length === 0 ? new Set<string>() : await readRejectedPlaces(quarantine, ranges);
  for await (const chunk of chunks) {
    if (rejected.size === 0) yield chunk;
    else yield { ...chunk, spans: chunk.spans.filter((span) => !rejected.has(rejectionId(span))) };
  }
}
