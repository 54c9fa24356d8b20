/** One batch through the tables: quarantine, landing, standard, batches, in this order, one commit each. */
import { appendMessages } from "../landing/append_messages.ts";
import { appendRejections } from "../landing/append_rejections.ts";
import { describeBatch } from "./describe_batch.ts";
import { recordBatches } from "../quality/record_batches.ts";
import { rejectionsTag } from "../quality/rejection_counter.ts";
import { mergeTrains } from "../standard/merge_trains.ts";
import { type BatchRecord, recordsMetric, type StageSeconds } from "../tables/batch_record.ts";
import { rowTags } from "../tables/count_tags.ts";
import type { Batch } from "../validate/collect_batches.ts";
import type { ProcessRun } from "./process_run.ts";

/** The accounting of a batch that is in; "overtaken" when another process has ingested its offsets. */
export type BatchOutcome = readonly BatchRecord[] | "overtaken";

/** What the tables before standard took. */
type EarlierSeconds = Pick<StageSeconds, "quarantine" | "landing">;

/** Takes a batch that starts where landing ends into all tables. */
export async function ingestBatch(batch: Batch, run: ProcessRun): Promise<BatchOutcome> {
  const { lake, surroundings: { monotonic } } = run;
  const started = monotonic();
  if (await appendRejections(lake.quarantine, batch, { tagsOf: rejectionsTag }) === "overtaken") {
    return "overtaken";
  }
  const quarantined = monotonic();
  if (await appendMessages(lake.landing, batch) === "overtaken") return "overtaken";
  const landed = monotonic();
  return await ingestIntoStandard(batch, run, {
    quarantine: (quarantined - started) / 1000,
    landing: (landed - quarantined) / 1000,
  });
}

/** Takes a batch that landing already has into standard, and records its accounting. */
export async function ingestIntoStandard(
  batch: Batch,
  { lake, index, counter, surroundings: { monotonic } }: ProcessRun,
  earlier: EarlierSeconds = { quarantine: 0, landing: 0 },
): Promise<BatchOutcome> {
  const started = monotonic();
  const tags = rowTags(await counter());
  let records: readonly BatchRecord[] = [];
  const outcome = await mergeTrains(lake.standard, batch, {
    index,
    tags,
    describeCommit: (counts) => {
      const seconds = { ...earlier, standard: (monotonic() - started) / 1000 };
      records = describeBatch(batch, { counts, seconds, lake });
      return recordsMetric(records);
    },
  });
  if (outcome === "overtaken") return "overtaken";
  await recordBatches(lake, records, outcome.version);
  return records;
}
