/** Ingests what the broker holds beyond landing's end: plan the read, validate, and take batch by batch into the tables. */
import { getLogger } from "@logtape/logtape";
import type { Chunk } from "../broker/broker.ts";
import type { BatchRecord } from "../tables/batch_record.ts";
import { type Batch, collectBatches } from "../validate/collect_batches.ts";
import { planValidation } from "../validate/plan_validation.ts";
import { validateChunks } from "../validate/validate_chunks.ts";
import { checkLog } from "./check_log.ts";
import { ingestBatch } from "./ingest_batch.ts";
import { planRead, type ReadPlan } from "./plan_read.ts";
import type { ProcessRun } from "./process_run.ts";

const log = getLogger(["ratalake", "process"]);

/**
 * One pass over the topic; `onBatch` hears of each batch that is in. "overtaken" when another process ingested the
 * same offsets first and the tables have to be read again.
 */
export async function ingestTopic(
  run: ProcessRun,
  onBatch: (batch: Batch, records: readonly BatchRecord[], waiting: number) => void,
): Promise<"done" | "overtaken"> {
  const { lake: { topic }, limits, surroundings: { monotonic, signal, releaseMemory } } = run;
  const plan = await readPlan(run);
  const { maxBatchBytes, maxChunkBytes, aheadBytes } = planValidation(plan.waiting, limits.maxBatchBytes);
  const chunks = validateChunks(readChunks(run, plan, maxChunkBytes), { topic, aheadBytes, monotonic });
  const batches = collectBatches(chunks, { maxBytes: maxBatchBytes, resume: plan.resume, releaseMemory });
  let { waiting } = plan;
  for await (const batch of batches) {
    const records = await ingestBatch(batch, run);
    if (records === "overtaken") return "overtaken";
    waiting -= batch.messages;
    onBatch(batch, records, waiting);
    // Batches that are validated already would each take another commit.
    if (signal.aborted) break;
  }
  await commitOffsets(run);
  return "done";
}

async function readPlan({ broker, lake: { landing, topic } }: ProcessRun): Promise<ReadPlan> {
  const offsets = await broker.topicOffsets(topic);
  const plan = planRead(offsets, { landed: landing.nextOffsets(), topic, brokerLabel: broker.label });
  await checkLog(landing, { broker, offsets });
  if (offsets.length === 0) {
    log.warn('Topic "{topic}" does not exist yet in {broker}', { topic, broker: broker.label });
  }
  if (plan.expired > 0) {
    log.error(
      "{expired} offsets are lost: the broker's retention removed them, and the messages that they had, before they " +
        "were landed",
      { expired: plan.expired },
    );
  }
  return plan;
}

/** A topic that does not exist yet has no ranges, and cannot be read. */
async function* readChunks(
  { broker, lake: { topic }, surroundings: { signal } }: ProcessRun,
  { ranges }: ReadPlan,
  maxChunkBytes: number,
): AsyncGenerator<Chunk> {
  if (ranges.length === 0) return;
  for await (const chunk of broker.read(topic, ranges, { maxChunkBytes })) {
    if (signal.aborted) return;
    yield chunk;
  }
}

/** For lag display only: the tables know where to go on. A broker that refuses must not fail a run that is done. */
async function commitOffsets({ broker, lake: { landing, topic }, group }: ProcessRun): Promise<void> {
  const landed = landing.nextOffsets();
  if (landed.size === 0) return;
  try {
    await broker.commitOffsets(group, topic, landed);
  } catch (error) {
    log.warn("Cannot commit the offsets of group {group}: {error}", { group, error });
  }
}
