/**
 * The pipeline from the broker to the tables: catch up on what a crash left, ingest what is new, measure and record
 * the run, keep the tables in order.
 */
import { type RecordOptions, recordResults } from "../quality/results/record_results.ts";
import { counterSource } from "../quality/standard_counter.ts";
import { TrainIndex } from "../standard/train_index.ts";
import type { BatchRecord } from "../tables/batch_record.ts";
import { updateLake } from "../tables/lake.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { AnalysisWork } from "./analysis/analysis_work.ts";
import { keepAnalysis } from "./analysis/keep_analysis.ts";
import { catchUp } from "./catch_up.ts";
import { ingestTopic } from "./ingest_topic.ts";
import { forgetMessages } from "./forget_messages.ts";
import { maintainTables } from "./maintain_tables.ts";
import { measureLake } from "./measure_lake.ts";
import type { ProcessInput, ProcessLimits, ProcessRun, Surroundings } from "./process_run.ts";
import type { ProcessSummary } from "./process_summary.ts";
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

/** How often a run starts again from the tables before it gives up on what is always faster. */
const ATTEMPT_LIMIT = 100;

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
  const started = { index: new TrainIndex(), analysis, refusal: refusalOf(policy) };
  const run: ProcessRun = { ...input, limits, surroundings, ...started, counter };
  const progress = { batches: 0, messages: 0, caughtUp: 0 };
  const ingest = async () => {
    const caughtUp = await catchUp(run);
    if (caughtUp === "overtaken") return caughtUp;
    progress.caughtUp += caughtUp;
    return await ingestTopic(run, {
      onPlan,
      onBatch: (batch, records, waiting) => {
        progress.batches++;
        progress.messages += batch.messages;
        onBatch(records, waiting);
      },
    });
  };
  const { signal } = surroundings;
  let outcome: Awaited<ReturnType<typeof ingest>> = "done";
  for (let attempt = 1; !signal.aborted && (outcome = await ingest()) === "overtaken"; attempt++) {
    if (attempt === ATTEMPT_LIMIT) throw alwaysOvertaken(run);
    await analysis.finish();
    await updateLake(run.lake);
  }
  if (outcome === "no topic") return { ...progress, outcome, run: null };
  // One waits for the disk while the other works.
  const [measured] = await Promise.all([signal.aborted ? null : measureTimed(run), keepAnalysis(run)]);
  // The measuring may have finished what another process had left open.
  await keepAnalysis(run);
  if (measured === null) return { ...progress, outcome: "interrupted", run: null };
  const { record, durationSeconds } = measured;
  await keepResults(run, record, { policy, durationSeconds });
  const { standard: { delta: standard } } = run.lake;
  const { version } = standard.snapshot;
  await maintainTables(run.lake, { keepFilesMs: limits.keepFilesMs, signal, counter: await counter() });
  // They name the files that they are made of, of which some may have been rewritten into one.
  if (standard.snapshot.version !== version) await keepAnalysis(run);
  await forgetMessages(run);
  return { ...progress, outcome: "done", run: record };
}

/** The run, recorded, and how long that took; null when there was nothing to record. */
async function measureTimed(run: ProcessRun) {
  const { surroundings: { monotonic } } = run;
  const startedMs = monotonic();
  const record = await measureLake(run);
  return record && { record, durationSeconds: (monotonic() - startedMs) / 1000 };
}

async function keepResults(
  { lake: { runs, results, standard }, counter }: ProcessRun,
  record: RunRecord,
  options: RecordOptions,
): Promise<void> {
  if (results === undefined) return;
  const tables = { runs, results, standard: standard.delta, counter };
  await recordResults(tables, record, options);
}

function alwaysOvertaken({ lake: { standard, topic } }: ProcessRun): Error {
  return new Error(
    `Cannot ingest "${topic}" into "${standard.delta.store.label}": found that another process, or the broker's ` +
      `retention, was faster ${ATTEMPT_LIMIT} times, expected to come first once`,
  );
}
