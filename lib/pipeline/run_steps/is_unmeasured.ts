/** Whether a process that ended in between has left something to measure. */
import { readNewestRun } from "../../quality/results/run_history.ts";
import type { ProcessRun } from "../process_run.ts";

/** True when the standard table is not as the newest run has seen it. */
export async function isUnmeasured({ lake: { landing, runs, standard } }: ProcessRun): Promise<boolean> {
  if (landing.nextOffsets().size === 0) return false;
  const newest = await readNewestRun(runs);
  return newest?.tableVersions?.standard !== standard.delta.snapshot.version;
}
