/**
 * The pipeline from the broker to the tables: catch up on what a crash left, ingest what is new, measure and record
 * the run, keep the tables in order.
 */
import { counterSource } from "../quality/standard_counter.ts";
import { TrainIndex } from "../standard/train_index.ts";
import { telemetry } from "../telemetry/telemetry.ts";
import type { BatchRecord } from "../tables/batch_record.ts";
import { AnalysisWork } from "./analysis/analysis_work.ts";
import { keepAnalysis } from "./analysis/keep_analysis.ts";
import { ingestAll } from "./run_steps/ingest_all.ts";
import { forgetMessages } from "./forget_messages.ts";
import { MessageTraces } from "./traces/message_traces.ts";
import { maintainTables } from "./maintain_tables.ts";
import type { ProcessInput, ProcessLimits, ProcessRun, Surroundings } from "./process_run.ts";
import type { ProcessSummary } from "./process_summary.ts";
import { recordRun } from "./run_steps/record_run.ts";
import { policyInUse, refusalOf } from "./report/policy_in_use.ts";
import type { PolicySource } from "./report/read_limits.ts";

/** How a run goes about it. */
export interface ProcessOptions {
  readonly limits: ProcessLimits;
  readonly surroundings: Surroundings;
  /**
   * What is kept out for its schema, and the limits by which the results of the run are recorded; nothing, and those of
   * the rules, where there is no file. It is read once, at the start.
   */
  readonly policyFile?: PolicySource | undefined;
  /** Called before the first batch with the offsets that wait. */
  readonly onPlan?: (waiting: number) => void;
  /** Called after each batch with its accounting and the offsets still waiting. */
  readonly onBatch?: (records: readonly BatchRecord[], waiting: number) => void;
}

/**
 * Ingests everything that the broker holds at the start.
 *
 * @throws {BrokerError} when the broker's log is not the one that filled the tables
 * @throws {Error} when the policy file may keep messages out and cannot be used, or other processes were faster without end
 */
export async function processTrains(input: ProcessInput, options: ProcessOptions): Promise<ProcessSummary> {
  const { limits, surroundings, onPlan = () => {}, onBatch = () => {} } = options;
  const counter = counterSource(input.storeOf, surroundings);
  const policy = await policyInUse(options.policyFile);
  await using analysis = new AnalysisWork();
  const started = {
    index: new TrainIndex(),
    analysis,
    refusal: refusalOf(policy),
    ...(telemetry().isOn ? { traces: new MessageTraces() } : {}),
  };
  const run: ProcessRun = { ...input, limits, surroundings, ...started, counter };
  const progress = { batches: 0, messages: 0 };
  const { outcome, caughtUp } = await ingestAll(run, {
    onPlan,
    onBatch: (batch, records, waiting) => {
      progress.batches++;
      progress.messages += batch.messages;
      onBatch(records, waiting);
    },
  });
  if (outcome === "no topic") return { ...progress, caughtUp, outcome, run: null };
  const record = await recordRun(run, policy);
  if (record === null) return { ...progress, caughtUp, outcome: "interrupted", run: null };
  const { standard: { delta: standard } } = run.lake;
  const { version } = standard.snapshot;
  const { keepFilesMs } = limits;
  await maintainTables(run.lake, { keepFilesMs, signal: surroundings.signal, counter: await counter() });
  // They name the files that they are made of, of which some may have been rewritten into one.
  if (standard.snapshot.version !== version) await keepAnalysis(run);
  await forgetMessages(run);
  return { ...progress, caughtUp, outcome: "done", run: record };
}
