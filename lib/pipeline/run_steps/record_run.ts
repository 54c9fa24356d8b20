/** What is recorded when all is ingested: the run, its results rule by rule, and the analysis tables beside it. */
import { type RecordOptions, recordResults } from "../../quality/results/record_results.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { keepAnalysis } from "../analysis/keep_analysis.ts";
import { measureLake } from "../measure_lake.ts";
import type { ProcessRun } from "../process_run.ts";

/** The record of the run; null when it was stopped before it was measured. */
export async function recordRun(
  run: ProcessRun,
  policy: RecordOptions["policy"],
): Promise<RunRecord | null> {
  // One waits for the disk while the other works.
  const [measured] = await Promise.all([
    run.surroundings.signal.aborted ? null : measureTimed(run),
    keepAnalysis(run),
  ]);
  // The measuring may have finished what another process had left open.
  await keepAnalysis(run);
  if (measured === null) return null;
  const { record, durationSeconds } = measured;
  await keepResults(run, record, { policy, durationSeconds });
  return record;
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
