/**
 * Stage 4a of 7. Receives validated chunks from validate; hands every message, good or bad, to the landing table as it
 * was received.
 */
import pl from "nodejs-polars";
import { appendChange } from "../delta/mod.ts";
import { LANDING_SCHEMA } from "../tables/message_schemas.ts";
import { withForeignColumns } from "../tables/open_lake_table.ts";
import type { IngestOutcome, TopicTable } from "../tables/topic_table.ts";
import type { Batch } from "../validate/collect_batches.ts";

/** Appends all messages of the batch in one commit. */
export async function appendMessages(landing: TopicTable, { chunks, ranges }: Batch): Promise<IngestOutcome> {
  const frames = chunks.map((chunk) => chunk.landing);
  const rows = frames.length === 1 && frames[0]
    ? frames[0]
    : pl.concat(frames, { how: "vertical", rechunk: false });
  return await landing.ingest(ranges, async ({ snapshot: { schema, metadata } }) => {
    const add = await landing.delta.stageFile(withForeignColumns(rows, schema, LANDING_SCHEMA));
    return appendChange([add], rows.height, metadata);
  });
}
