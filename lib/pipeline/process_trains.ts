/**
 * The pipeline from the broker to the tables: catch up on what a crash left, ingest what is new, measure and record
 * the run, keep the tables in order.
 */
import { getLogger } from "../packages/logtape.ts";
import type { Policy } from "../quality/policy.ts";
import { recordResults } from "../quality/results/record_results.ts";
import { counterSource } from "../quality/standard_counter.ts";
import { TrainIndex } from "../standard/train_index.ts";
import type { BatchRecord } from "../tables/batch_record.ts";
import { updateLake } from "../tables/lake.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { factsSource, keepAnalysis } from "./analysis/keep_analysis.ts";
import { catchUp } from "./catch_up.ts";
import { ingestTopic } from "./ingest_topic.ts";
import { forgetMessages } from "./forget_messages.ts";
import { maintainTables } from "./maintain_tables.ts";
import { measureLake } from "./measure_lake.ts";
import type { ProcessInput, ProcessLimits, ProcessRun, Surroundings } from "./process_run.ts";
import type { ProcessSummary } from "./process_summary.ts";
import { type PolicySource, readLimits } from "./report/read_limits.ts";

const log = getLogger(["ratalake", "process"]);

/** How a run goes about it. */
export interface ProcessOptions {
  readonly limits: ProcessLimits;
  readonly surroundings: Surroundings;
  /** The limits by which the results of the run are recorded; those of the rules where there is no file. */
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
 * @throws {Error} when other processes were faster without end
 */
export async function processTrains(input: ProcessInput, options: ProcessOptions): Promise<ProcessSummary> {
  const { limits, surroundings, onPlan = () => {}, onBatch = () => {} } = options;
  const counter = counterSource(input.storeOf, surroundings);
  const started = { index: new TrainIndex(), facts: factsSource() };
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
    await updateLake(run.lake);
  }
  if (outcome === "no topic") return { ...progress, outcome, run: null };
  // One waits for the disk while the other works.
  const [record] = await Promise.all([signal.aborted ? null : measureLake(run), keepAnalysis(run)]);
  // The measuring may have finished what another process had left open.
  await keepAnalysis(run);
  if (record === null) return { ...progress, outcome: "interrupted", run: null };
  await keepResults(run, record, options.policyFile);
  await maintainTables(run.lake, { keepFilesMs: limits.keepFilesMs, signal, counter: await counter() });
  await forgetMessages(run);
  return { ...progress, outcome: "done", run: record };
}

async function keepResults(
  { lake: { runs, results, standard }, counter }: ProcessRun,
  record: RunRecord,
  policyFile: PolicySource | undefined,
): Promise<void> {
  if (results === undefined) return;
  const tables = { runs, results, standard: standard.delta, counter };
  await recordResults(tables, record, await limitsInUse(policyFile));
}

/** A mistake in the file is for the report to refuse: the messages are in, and the run is to be recorded. */
async function limitsInUse(policyFile: PolicySource | undefined): Promise<Policy> {
  try {
    return (await readLimits(policyFile))?.policy ?? new Map();
  } catch (error) {
    log.warn("Recorded the results by the limits of the rules alone: {error}", { error });
    return new Map();
  }
}

function alwaysOvertaken({ lake: { standard, topic } }: ProcessRun): Error {
  return new Error(
    `Cannot ingest "${topic}" into "${standard.delta.store.label}": found that another process, or the broker's ` +
      `retention, was faster ${ATTEMPT_LIMIT} times, expected to come first once`,
  );
}
