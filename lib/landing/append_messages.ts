/**
 * Stage 4a of 7. Receives validated chunks from validate; hands every message, good or bad, to the landing table as it
 * was received.
 */
import { pl } from "../packages/polars.ts";
import { appendChange, type Frame } from "../delta/mod.ts";
import { fingerprintsTag } from "../tables/fingerprint_tag.ts";
import { LANDING_SCHEMA } from "../tables/message_schemas.ts";
import { withForeignColumns } from "../tables/open_lake_table.ts";
import type { IngestOutcome, TopicTable } from "../tables/topic_table.ts";
import type { Batch } from "../validate/collect_batches.ts";

/** Appends all messages of the batch in one commit; a batch of nothing but gaps moves the next offsets alone. */
export async function appendMessages(landing: TopicTable, { chunks, ranges }: Batch): Promise<IngestOutcome> {
  const rows = joinFrames(chunks.map((chunk) => chunk.landing));
  return await landing.ingest(ranges, async ({ snapshot: { schema, metadata } }) => {
    if (rows === null) return appendChange([], 0, metadata);
    const tags = fingerprintsTag(rows);
    const add = await landing.delta.stageFile(withForeignColumns(rows, schema, LANDING_SCHEMA), { tags });
    return appendChange([add], rows.height, metadata);
  });
}

function joinFrames(frames: readonly Frame[]): Frame | null {
  const [first] = frames;
  if (first === undefined) return null;
  return frames.length === 1 ? first : pl.concat([...frames], { how: "vertical", rechunk: false });
}
