/**
 * The pipeline from the broker to the tables: finish what a crash left, read what is new, validate it, and ingest each batch
 * into all tables; then measure the run.
 */
import { getLogger } from "@logtape/logtape";
import { collectBatches } from "../validate/collect_batches.ts";
import { validateChunks } from "../validate/validate_chunks.ts";
import type { Broker, Chunk } from "../broker/broker.ts";
import { checkLog } from "./check_log.ts";
import { catchUp } from "./catch_up.ts";
import { maintainTables } from "./maintain_tables.ts";
import { type PipelineTables, updateTables } from "../tables/lake.ts";
import { planRead } from "./plan_read.ts";
import { checkAccount } from "../quality/account.ts";
import type { BatchRecord } from "../tables/batch_record.ts";
import type { ProcessSummary } from "./process_summary.ts";
import { measureRun, type RunIdentity } from "../quality/measure_run.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { recordRun } from "../quality/run_history.ts";
import { TrainIndex } from "../standard/train_index.ts";
import { takenIn } from "../tables/offset_progress.ts";
import { ingestBatch, type Intake } from "./ingest_batch.ts";

/** What a run is given. */
export interface ProcessOptions {
  readonly broker: Broker;
  readonly tables: PipelineTables;
  readonly topic: string;
  /** Consumer group under which the broker shows the lag. */
  readonly group: string;
  readonly maxBatchBytes: number;
  readonly runId: string;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Milliseconds of a clock that never goes back, for the timings. */
  readonly monotonic: () => number;
  /** Called between batches to give the memory of the last one back: polars frees frames only then. */
  readonly releaseMemory: () => Promise<void>;
  /** Ends the run after the batch at hand. */
  readonly signal: AbortSignal;
  /** Called after each batch with its accounting and the messages still waiting. */
  readonly onBatch: (records: readonly BatchRecord[], waiting: number) => void;
}

/** Messages from which a worker thread pays for its start. */
const WORKER_MESSAGES = 2_000;
const MEASURE_ATTEMPTS = 4;
/** From here on larger chunks would only hold more memory. */
const MAX_HALF_BYTES = 16_000_000;
const log = getLogger(["ratalake", "process"]);

interface Progress {
  batches: number;
  messages: number;
  caughtUp: number;
}

/** Takes in everything that the broker holds at the start. */
export async function processTrains(options: ProcessOptions): Promise<ProcessSummary> {
  const { tables, topic, monotonic, signal } = options;
  const intake: Intake = { tables, index: new TrainIndex(), topic, monotonic };
  const progress: Progress = { batches: 0, messages: 0, caughtUp: 0 };
  while (!signal.aborted && await takeIn(intake, progress, options) === "overtaken") {
    await updateTables(tables);
  }
  if (signal.aborted) return { ...progress, interrupted: true, run: null };
  const run = await measure(intake, options);
  await maintainTables(tables, signal);
  return { ...progress, interrupted: false, run };
}

/** One attempt; "overtaken" when another process took in the same offsets first and the tables have to be read again. */
async function takeIn(
  intake: Intake,
  progress: Progress,
  options: ProcessOptions,
): Promise<"done" | "overtaken"> {
  const { broker, tables, topic, maxBatchBytes, releaseMemory, monotonic, signal } = options;
  const caughtUp = await catchUp(intake, { maxBatchBytes, signal, releaseMemory: options.releaseMemory });
  if (caughtUp === null) return "overtaken";
  progress.caughtUp += caughtUp;
  const plan = await readPlan(options);
  const inWorker = plan.waiting >= WORKER_MESSAGES;
  // While one half is written, the other is validated: never more than maxBatchBytes of messages are in memory.
  const maxBytes = inWorker ? maxBatchBytes / 2 : maxBatchBytes;
  const maxChunkBytes = Math.ceil(Math.min(maxBytes, MAX_HALF_BYTES) / 4);
  const read = () => untilAborted(broker.read(topic, plan.ranges, { maxChunkBytes }), signal);
  const chunks = plan.ranges.length === 0 ? nothing() : read();
  const validated = validateChunks(chunks, { topic, aheadBytes: inWorker ? maxBytes : 0, monotonic });
  let waiting = plan.waiting;
  for await (const batch of collectBatches(validated, { maxBytes, resume: plan.resume, releaseMemory })) {
    const records = await ingestBatch(batch, intake);
    if (records === null) return "overtaken";
    progress.batches++;
    progress.messages += batch.messages;
    waiting -= batch.messages;
    options.onBatch(records, waiting);
    // Batches that are validated already would each take another commit.
    if (signal.aborted) break;
  }
  await noteOffsets(tables, options);
  return "done";
}

async function readPlan({ broker, tables, topic }: ProcessOptions) {
  const offsets = await broker.topicOffsets(topic);
  const landed = takenIn(tables.landing, "landing", topic);
  const plan = planRead(offsets, { landed, topic, brokerLabel: broker.label });
  await checkLog({ broker, landing: tables.landing, topic, offsets });
  if (offsets.length === 0) {
    log.warn('Topic "{topic}" does not exist yet in {broker}', { topic, broker: broker.label });
  }
  if (plan.expired > 0) {
    log.error("{expired} messages are lost: the broker's retention removed them before they were landed", {
      expired: plan.expired,
    });
  }
  return plan;
}

/** A topic that does not exist yet has no ranges, and cannot be read. */
async function* nothing(): AsyncGenerator<Chunk> {}

async function* untilAborted(chunks: AsyncIterable<Chunk>, signal: AbortSignal): AsyncGenerator<Chunk> {
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    yield chunk;
  }
}

/** For lag display only: the tables know where to go on. A broker that refuses must not fail a run that is done. */
async function noteOffsets(tables: PipelineTables, { broker, topic, group }: ProcessOptions): Promise<void> {
  const landed = takenIn(tables.landing, "landing", topic);
  if (landed.size === 0) return;
  const offsets = new Map([...landed].map(([partition, next]) => [partition, BigInt(next)]));
  try {
    await broker.commitOffsets(group, topic, offsets);
  } catch (error) {
    log.warn("Cannot note the offsets of group {group}: {error}", { group, error });
  }
}

/**
 * Measures and records the run. Another process may be between two commits, so that the account cannot add up yet:
 * then what it left open is finished for it.
 */
async function measure(intake: Intake, options: ProcessOptions): Promise<RunRecord> {
  const { tables, maxBatchBytes, releaseMemory, signal } = options;
  for (let attempt = 1;; attempt++) {
    const run = await measureRun(tables, await identify(options));
    if (attempt === MEASURE_ATTEMPTS || checkAccount(run.account).every(({ holds }) => holds)) {
      await recordRun(tables.runs, run);
      return run;
    }
    await updateTables(tables);
    await catchUp(intake, { maxBatchBytes, releaseMemory, signal });
  }
}

async function identify({ broker, tables, topic, runId, clock }: ProcessOptions): Promise<RunIdentity> {
  const landed = takenIn(tables.landing, "landing", topic);
  const offsets = await broker.topicOffsets(topic);
  const lag = offsets.reduce((sum, { partition, earliest, end }) => {
    return sum + Number(end) - (landed.get(partition) ?? Number(earliest));
  }, 0);
  return { runId, topic, generatedAt: new Date(clock()), lag };
}
