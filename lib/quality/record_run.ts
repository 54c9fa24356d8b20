/** Measures a run and appends its row to `quality_zone/trains_travel`. */
import { appendFile, type DeltaTable } from "../delta/mod.ts";
import { type MeasuredTables, measureRun, type RunIdentity } from "./measure_run.ts";
import { type RunRecord, runRow } from "./run_record.ts";

/** Appends one row and returns what was measured. */
export async function recordRun(
  tables: MeasuredTables & { readonly runs: DeltaTable },
  identity: RunIdentity,
): Promise<RunRecord> {
  const run = await measureRun(tables, identity);
  await appendFile(tables.runs, await tables.runs.stageRows([runRow(run)]), { rows: 1 });
  return run;
}
