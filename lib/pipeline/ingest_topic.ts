/** Ingests what the broker holds beyond landing's end: check the log, plan the read, validate, ingest batch by batch. */
import { getLogger } from "../packages/logtape.ts";
import type { Chunk } from "../broker/broker.ts";
import { OffsetOutOfRangeError } from "../errors.ts";
import type { BatchRecord } from "../tables/batch_record.ts";
import { type Batch, collectBatches } from "../validate/collect_batches.ts";
import { planValidation } from "../validate/plan_validation.ts";
import { validateChunks } from "../validate/validate_chunks.ts";
import { noteLog } from "../tables/note_log.ts";
import { checkTopic } from "./check_topic.ts";
import { ingestBatch } from "./ingest_batch.ts";
import type { ReadPlan } from "./plan_read.ts";
import { keepRejected } from "../landing/keep_rejected.ts";
import type { ProcessRun } from "./process_run.ts";

const log = getLogger(["ratalake", "process"]);

/** Who wants to hear how far a pass is. */
export interface IngestListeners {
  /** The offsets that wait. */
  readonly onPlan: (waiting: number) => void;
  readonly onBatch: (batch: Batch, records: readonly BatchRecord[], waiting: number) => void;
}

/**
 * One pass over the topic; `onBatch` hears of each batch that is in, and of the offsets that still wait. "overtaken"
 * when another process ingested the same offsets first, or they went while they were looked at (that process then let the
 * broker forget them, or retention took them), and all has to be looked at again; "no topic" when there is none and the
 * tables know of none either.
 *
 * @throws {BrokerError} when the log is not the one of these tables, or has vanished
 */
export async function ingestTopic(
  run: ProcessRun,
  { onPlan, onBatch }: IngestListeners,
): Promise<"done" | "overtaken" | "no topic"> {
  const plan = await readPlan(run);
  if (plan === null) return "no topic";
  onPlan(plan.waiting);
  const outcome = await ingestPlan(run, plan, { onBatch });
  if (outcome === "done") await commitOffsets(run);
  return outcome;
}

/** Ingests what a plan for the log of these tables covers; "overtaken" as above. */
export async function ingestPlan(
  run: ProcessRun,
  plan: ReadPlan,
  { onBatch }: Pick<IngestListeners, "onBatch">,
): Promise<"done" | "overtaken"> {
  try {
    return await ingestPlanned(run, plan, { onBatch });
  } catch (error) {
    if (error instanceof OffsetOutOfRangeError) return "overtaken";
    throw error;
  }
}

async function ingestPlanned(
  run: ProcessRun,
  plan: ReadPlan,
  { onBatch }: Pick<IngestListeners, "onBatch">,
): Promise<"done" | "overtaken"> {
  const { lake, limits, surroundings: { monotonic, signal, releaseMemory } } = run;
  const { topic, landing } = lake;
  const { maxBatchBytes, maxChunkBytes, aheadBytes } = planValidation(plan.waiting, limits.maxBatchBytes);
  const reached = new Map(plan.ends);
  // What quarantine has seen was decided then: a crash may have come between it and landing, and another policy since.
  const refusal = run.refusal ? { ...run.refusal, from: lake.quarantine.nextOffsets() } : null;
  const chunks = validateChunks(readChunks(run, plan, { maxChunkBytes, reached }), {
    topic,
    aheadBytes,
    monotonic,
    refusal,
  });
  // A crash may have come between quarantine and landing.
  const rejected = lake.landing.missingFrom(lake.quarantine);
  const batches = collectBatches(keepRejected(chunks, lake.quarantine, rejected), {
    ...plan,
    ends: reached,
    maxBytes: maxBatchBytes,
    releaseMemory,
  });
  for await (const batch of batches) {
    const records = await ingestBatch(batch, run);
    if (records === "overtaken") return "overtaken";
    onBatch(batch, records, countWaiting(plan, landing.nextOffsets()));
    // Batches that are validated already would each take another commit.
    if (signal.aborted) break;
  }
  return "done";
}

/** Null when there is no such topic. */
async function readPlan({ broker, lake: { landing } }: ProcessRun): Promise<ReadPlan | null> {
  const checked = await checkTopic(landing, broker);
  if (checked === null) return null;
  await noteLog(landing, { logId: checked.logId, starts: checked.plan.starts });
  return checked.plan;
}

/** Offsets of the plan that are not ingested yet. */
function countWaiting({ ends }: ReadPlan, landed: ReadonlyMap<number, bigint>): number {
  return [...ends].reduce((sum, [partition, end]) => sum + Number(end - (landed.get(partition) ?? end)), 0);
}

/**
 * Reads the ranges; `reached` follows how far the log was seen: offsets up to there that came in no record hold none.
 * Beyond it nothing is known, whatever the log says of its end.
 */
async function* readChunks(
  { broker, lake: { topic }, traces, surroundings: { signal } }: ProcessRun,
  { ranges }: ReadPlan,
  { maxChunkBytes, reached }: { readonly maxChunkBytes: number; readonly reached: Map<number, bigint> },
): AsyncGenerator<Chunk> {
  for (const { partition, from } of ranges) reached.set(partition, from);
  if (ranges.length === 0) return;
  for await (const chunk of broker.read(topic, ranges, { maxChunkBytes })) {
    if (signal.aborted) return;
    reached.set(chunk.partition, chunk.nextOffset);
    traces?.see(chunk);
    if (chunk.records.length > 0) yield chunk;
  }
}

/** For lag display only: the tables know where to go on. A broker that refuses must not fail a run that is done. */
export async function commitOffsets({ broker, lake: { landing, topic }, group }: ProcessRun): Promise<void> {
  try {
    await broker.commitOffsets(group, topic, landing.nextOffsets());
  } catch (error) {
    log.warn("Cannot commit the offsets of group {group}: {error}", { group, error });
  }
}
