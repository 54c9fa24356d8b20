/**
 * The walk from the broker to the tables: finish what a crash left, read what is new, judge it, and take each batch
 * into all tables; then measure the run.
 */
import { getLogger } from "@logtape/logtape";
import { collectBatches } from "../validate/collect_batches.ts";
import { judgeSlices } from "../validate/validate_chunks.ts";
import type { Broker, Slice } from "../broker/broker.ts";
import { checkLog } from "./check_log.ts";
import { healTables } from "./catch_up.ts";
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
import { type Intake, takeBatch } from "./ingest_batch.ts";

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
  readonly now: () => number;
  /** Called between batches to give the memory of the last one back: polars frees frames only then. */
  readonly settle: () => Promise<void>;
  /** Ends the run after the batch at hand. */
  readonly signal: AbortSignal;
  /** Called after each batch with its accounting and the messages still waiting. */
  readonly onBatch: (records: readonly BatchRecord[], waiting: number) => void;
}

/** Messages from which a worker thread pays for its start. */
const WORKER_MESSAGES = 2_000;
const MEASURE_ATTEMPTS = 4;
/** From here on larger slices would only hold more memory. */
const MAX_HALF_BYTES = 16_000_000;
const log = getLogger(["ratalake", "process"]);

interface Progress {
  batches: number;
  messages: number;
  healed: number;
}

/** Takes in everything that the broker holds at the start. */
export async function processTrains(options: ProcessOptions): Promise<ProcessSummary> {
  const { tables, topic, now, signal } = options;
  const intake: Intake = { tables, index: new TrainIndex(), topic, now };
  const progress: Progress = { batches: 0, messages: 0, healed: 0 };
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
  const { broker, tables, topic, maxBatchBytes, settle, now, signal } = options;
  const healed = await healTables(intake, { maxBatchBytes, signal, settle: options.settle });
  if (healed === null) return "overtaken";
  progress.healed += healed;
  const plan = await readPlan(options);
  const inWorker = plan.waiting >= WORKER_MESSAGES;
  // While one half is written, the other is judged: never more than maxBatchBytes of messages are in memory.
  const maxBytes = inWorker ? maxBatchBytes / 2 : maxBatchBytes;
  const maxSliceBytes = Math.ceil(Math.min(maxBytes, MAX_HALF_BYTES) / 4);
  const read = () => untilAborted(broker.read(topic, plan.ranges, { maxSliceBytes }), signal);
  const slices = plan.ranges.length === 0 ? nothing() : read();
  const judged = judgeSlices(slices, { topic, aheadBytes: inWorker ? maxBytes : 0, now });
  let waiting = plan.waiting;
  for await (const batch of collectBatches(judged, { maxBytes, resume: plan.resume, settle })) {
    const records = await takeBatch(batch, intake);
    if (records === null) return "overtaken";
    progress.batches++;
    progress.messages += batch.messages;
    waiting -= batch.messages;
    options.onBatch(records, waiting);
    // Batches that are judged already would each take another commit.
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
async function* nothing(): AsyncGenerator<Slice> {}

async function* untilAborted(slices: AsyncIterable<Slice>, signal: AbortSignal): AsyncGenerator<Slice> {
  for await (const slice of slices) {
    if (signal.aborted) return;
    yield slice;
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
  const { tables, maxBatchBytes, settle, signal } = options;
  for (let attempt = 1;; attempt++) {
    const run = await measureRun(tables, await identify(options));
    if (attempt === MEASURE_ATTEMPTS || checkAccount(run.account).every(({ holds }) => holds)) {
      await recordRun(tables.runs, run);
      return run;
    }
    await updateTables(tables);
    await healTables(intake, { maxBatchBytes, settle, signal });
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
