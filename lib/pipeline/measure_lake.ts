/** Measures a run and records it, when nobody is between two commits. */
import { getLogger } from "../packages/logtape.ts";
import { checkAccount } from "../quality/account.ts";
import { BATCHES_COUNTER } from "../quality/batch_counter.ts";
import { measureRun, type RunIdentity } from "../quality/measure_run.ts";
import { recountFiles } from "../quality/recount_files.ts";
import { QUARANTINE_COUNTER } from "../quality/rejection_counter.ts";
import { recordRun } from "../quality/run_history.ts";
import { lakeTables, updateLake } from "../tables/lake.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { catchUp } from "./catch_up.ts";
import type { ProcessRun } from "./process_run.ts";

const ATTEMPTS = 4;
const log = getLogger(["ratalake", "quality"]);

/**
 * Measures and records the run; null when the signal came while files were counted again. Another process may be
 * between two commits, so that the account cannot add up yet: then what it left open is finished for it.
 */
export async function measureLake(run: ProcessRun): Promise<RunRecord | null> {
  const { lake, surroundings } = run;
  const counter = await run.counter();
  for (let attempt = 1;; attempt++) {
    await recountFiles(lake.standard.delta, counter, surroundings);
    await recountFiles(lake.quarantine.delta, QUARANTINE_COUNTER, surroundings);
    await recountFiles(lake.batches.delta, BATCHES_COUNTER, surroundings);
    if (surroundings.signal.aborted) return null;
    const record = await measureRun(lakeTables(lake), counter, await identify(run));
    if (attempt === ATTEMPTS || checkAccount(record.account).every(({ holds }) => holds)) {
      warnOfErrors(record);
      return await recordRun(lake.runs, record);
    }
    await updateLake(lake);
    await catchUp(run);
  }
}

/** A rule that throws is a fault of ours. */
function warnOfErrors({ uncounted }: Pick<RunRecord, "uncounted">): void {
  for (const [rule, { outcome, reason }] of Object.entries(uncounted)) {
    if (outcome === "error") log.warn("Cannot count rule {rule}: {reason}", { rule, reason });
  }
}

async function identify(
  { broker, lake: { landing, topic }, surroundings }: ProcessRun,
): Promise<RunIdentity> {
  const landed = landing.nextOffsets();
  const offsets = await broker.topicOffsets(topic);
  const lag = offsets.reduce((sum, { partition, earliest, end }) => {
    const next = landed.get(partition) ?? earliest;
    return sum + Number(end - (next > earliest ? next : earliest));
  }, 0);
  return { runId: surroundings.ids(), topic, generatedAt: new Date(surroundings.clock()), lag };
}
