/** Appends what a run measured to `quality_zone/trains_travel`. */
import { appendFile, type DeltaTable } from "../delta/mod.ts";
import { type RunRecord, runRow } from "./run_record.ts";

/** Appends one row. */
export async function recordRun(runs: DeltaTable, run: RunRecord): Promise<void> {
  await appendFile(runs, await runs.stageRows([runRow(run)]), { rows: 1 });
}
