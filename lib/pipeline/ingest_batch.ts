/** One batch through the tables: quarantine, landing, standard, batches, in this order, one commit each. */
import { keepWhatIsDone } from "./analysis/keep_analysis.ts";
import { appendMessages } from "../landing/append_messages.ts";
import { appendRejections } from "../landing/append_rejections.ts";
import { describeBatch } from "./describe_batch.ts";
import { measureBatch } from "../quality/measures/measure_batch.ts";
import { newestPoll } from "../quality/measures/newest_poll.ts";
import { recordBatches } from "../quality/record_batches.ts";
import { rejectionsTag } from "../quality/rejection_counter.ts";
import { mergeTrains } from "../standard/merge_trains.ts";
import type { MergeFindings } from "../standard/stage_merge.ts";
import { type BatchRecord, recordsMetric, type StageSeconds } from "../tables/batch_record.ts";
import { rowTags } from "../tables/count_tags.ts";
import type { Lake } from "../tables/lake.ts";
import { telemetry } from "../telemetry/telemetry.ts";
import type { Batch } from "../validate/collect_batches.ts";
import type { TrainSpan } from "../validate/validate_chunk.ts";
import type { ProcessRun } from "./process_run.ts";

/** The accounting of a batch that is in; "overtaken" when another process has ingested its offsets. */
export type BatchOutcome = readonly BatchRecord[] | "overtaken";

/** What the tables before standard took, and when landing had the messages: milliseconds since 1970 UTC. */
interface Landed extends Pick<StageSeconds, "quarantine" | "landing"> {
  readonly landedMs: number;
}

/** Takes a batch that starts where landing ends into all tables. */
export async function ingestBatch(batch: Batch, run: ProcessRun): Promise<BatchOutcome> {
  const links = run.traces?.take(batch.ranges) ?? [];
  const attributes = { topic: run.lake.topic, messages: batch.messages };
  return await telemetry().span("batch", { attributes, links }, () => ingestInOrder(batch, run));
}

async function ingestInOrder(batch: Batch, run: ProcessRun): Promise<BatchOutcome> {
  const { lake, surroundings: { clock, monotonic } } = run;
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
    landedMs: clock(),
  });
}

/** Takes a batch that landing already has into standard, and records its accounting. */
export async function ingestIntoStandard(
  batch: Batch,
  run: ProcessRun,
  { landedMs, ...earlier }: Landed = { quarantine: 0, landing: 0, landedMs: newestLanding(run.lake) },
): Promise<BatchOutcome> {
  const { lake, index, counter, surroundings: { clock, monotonic } } = run;
  const started = monotonic();
  const tags = rowTags(await counter());
  const facts = lake.analysis && run.analysis.keepsFacts ? await run.analysis.facts() : undefined;
  let records: readonly BatchRecord[] = [];
  const outcome = await mergeTrains(lake.standard, batch, {
    index,
    tags,
    trainsPerFile: run.limits.trainsPerFile,
    recent: run.recent,
    onRows: facts && ((add, rows) => facts.remember(add, rows)),
    describeCommit: async (found) => {
      const measures = measureBatch(batch, {
        found,
        unsent: await unsentOf(found, lake),
        newestPollMs: () => newestPoll(lake),
        times: { landedMs, mergedMs: clock() },
      });
      const seconds = { ...earlier, standard: (monotonic() - started) / 1000 };
      records = describeBatch(batch, { counts: found.counts, seconds, lake, measures });
      return recordsMetric(records);
    },
  });
  if (outcome === "overtaken") return "overtaken";
  run.onMerged?.(batch);
  await recordBatches(lake, records, outcome.version);
  if (lake.analysis !== undefined) run.analysis.see(batch.chunks, batch.ranges);
  await keepWhatIsDone(run);
  return records;
}

/** Hardly any run has messages that may go back. */
async function unsentOf({ backwards }: MergeFindings, { landing }: Lake): Promise<readonly TrainSpan[]> {
  if (backwards.length === 0) return backwards;
  const { findUnsent } = await import("../landing/find_unsent.ts");
  return await findUnsent(landing, backwards);
}

/** When landing got its newest file: of a batch that another run has landed, about the time of that. */
function newestLanding({ landing: { delta: { snapshot } } }: Lake): number {
  let newest = 0;
  for (const { modificationTime } of snapshot.files.values()) newest = Math.max(newest, modificationTime);
  return newest;
}
