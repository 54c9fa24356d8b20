/**
 * Gives the runs table of a lake a long history in one go: runs like its newest one, ten minutes apart, most of them in
 * a joined file as maintenance leaves them.
 *
 * usage: history_work.ts FOLDER RUNS
 */

import { appendFile, checkpointTable, type DeltaTable, LocalStore, openTable } from "../../lib/delta/mod.ts";
import { readNewestRun } from "../../lib/quality/results/run_history.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { type RunRecord, runRow } from "../../lib/tables/run_record.ts";
import { runsTag } from "../../lib/tables/run_tag.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";

const STEP_MS = 600_000;
/** Small files wait until there are more of them. */
const APART = 20;

const [folder = "", count = "0"] = Deno.args;
const context = { clock: Date.now, ids: () => crypto.randomUUID() };
const runs = await openTable(new LocalStore(`${folder}/${TABLE_PATHS.runs}`), context);
const newest = await readNewestRun(runs);
if (newest === null) throw new Error(`Cannot make a history in "${folder}": found no run, expected one`);
const history = runsBefore(newest, Number(count));
await append(runs, history.slice(0, -APART));
for (const run of history.slice(-APART)) await append(runs, [run]);
await checkpointTable(runs);

/** Each with failures of its own in some rules, and with what it landed. */
function runsBefore(run: RunRecord, count: number): readonly RunRecord[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, at): RunRecord => {
    const steps = count - at;
    const anomalies = Object.entries(run.anomalies).map(([name, failures]) => [
      name,
      random() < 0.1 ? Math.floor(random() * 100) : failures,
    ]);
    const { account } = run;
    return {
      ...run,
      runId: crypto.randomUUID(),
      generatedAt: new Date(run.generatedAt.getTime() - steps * STEP_MS),
      anomalies: Object.fromEntries(anomalies),
      account: { ...account, landed: account.landed - steps, accepted: account.accepted - steps },
    };
  });
}

async function append(table: DeltaTable, runs: readonly RunRecord[]): Promise<void> {
  const rows = runs.map(runRow);
  await appendFile(table, await table.stageRows(rows, { tags: runsTag(rows) }), { rows: rows.length });
}
