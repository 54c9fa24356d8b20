/**
 * Stage 4a of 7. Receives validated chunks from validate; hands every message, good or bad, to the landing table as it
 * was received.
 */
import { appendChange, gatherColumns, rowCount } from "../delta/mod.ts";
import { columnsFingerprintsTag } from "../tables/fingerprint_tag.ts";
import type { IngestOutcome, TopicTable } from "../tables/topic_table.ts";
import type { Batch } from "../validate/collect_batches.ts";

/** Appends all messages of the batch in one commit; a batch of nothing but gaps moves the next offsets alone. */
export async function appendMessages(landing: TopicTable, { chunks, ranges }: Batch): Promise<IngestOutcome> {
  return await landing.ingest(ranges, async ({ snapshot: { metadata } }) => {
    if (chunks.length === 0) return appendChange([], 0, metadata);
    const pieces = chunks.map(({ landing: columns }) => ({ columns, from: 0, to: rowCount(columns) }));
    const rows = gatherColumns(pieces);
    const add = await landing.delta.stageColumns(rows, { tags: columnsFingerprintsTag(rows) });
    return appendChange([add], rowCount(rows), metadata);
  });
}
