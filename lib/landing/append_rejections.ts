/**
 * Stage 4b of 7. Receives the rejections of a batch from validate; hands them, with their bytes and the reason, to the
 * quarantine table.
 */
import { appendChange, type Row } from "../delta/mod.ts";
import type { IngestOutcome, TopicTable } from "../tables/topic_table.ts";
import type { Batch } from "../validate/collect_batches.ts";
import type { Rejection } from "../validate/rejection.ts";

/** What the append needs beside the batch. */
export interface QuarantineOptions {
  /** Tags for the data file: the quality stage's counts of these rejections. */
  readonly tagsOf: (rejections: readonly Rejection[]) => Readonly<Record<string, string>>;
}

/** Appends the rejections that the table does not have in one commit; without any there is no commit. */
export async function appendRejections(
  quarantine: TopicTable,
  { chunks, ranges }: Batch,
  { tagsOf }: QuarantineOptions,
): Promise<IngestOutcome> {
  const rejections = chunks.flatMap((chunk) => chunk.rejections);
  return await quarantine.ingest(ranges, async ({ snapshot: { metadata }, isNew }) => {
    const fresh = rejections.filter(isNew);
    if (fresh.length === 0) return undefined;
    const rows = fresh.map((rejection) => quarantineRow(rejection, quarantine.topic));
    const add = await quarantine.delta.stageRows(rows, { tags: tagsOf(fresh) });
    return appendChange([add], rows.length, metadata);
  });
}

function quarantineRow(rejection: Rejection, topic: string): Row {
  return {
    rawValue: rejection.rawValue,
    reasonCode: rejection.code,
    message: rejection.message.toWellFormed(),
    jsonPath: rejection.path.toWellFormed(),
    stage: "batch",
    ruleId: rejection.rule,
    kafkaMessageTimestamp: new Date(rejection.timestampMs),
    kafkaTopic: topic,
    kafkaPartition: rejection.partition,
    kafkaOffset: rejection.offset,
    messageKey: rejection.key?.toWellFormed() ?? null,
    fetchedAt: rejection.fetchedAtMs === null ? null : new Date(rejection.fetchedAtMs),
    messageKeyBytes: rejection.keyBytes ?? null,
  };
}
