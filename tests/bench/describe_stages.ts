/** What the stages of a run of `process` took, from `quality_zone/batches`. */

import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { readTableRows } from "../interop/pipeline_folder.ts";

/** Seconds by stage, and the number of batches. */
export type Stages = Readonly<Record<string, number>>;

/** The columns by stage; the first has the name that version 0.1.0 gave it. */
const STAGE_COLUMNS = {
  validate: "judgeSeconds",
  quarantine: "quarantineSeconds",
  landing: "landingSeconds",
  standard: "standardSeconds",
} as const;

/** Sums over the batches; the rows of one batch, one per partition, all carry the seconds of the whole batch. */
export async function stagesOf(folder: string): Promise<Stages> {
  const rows = await readTableRows(`${folder}/${TABLE_PATHS.batches}`).catch(() => []);
  const batches = new Map(rows.map((row) => [String(row.standardVersion), row]));
  const sums: Record<string, number> = { batches: batches.size };
  for (const row of batches.values()) {
    for (const [stage, column] of Object.entries(STAGE_COLUMNS)) {
      sums[stage] = (sums[stage] ?? 0) + Number(row[column]);
    }
  }
  return sums;
}

/** What came since: they overlap with the validation, which may be a worker. */
export function describeStages(before: Stages, after: Stages): string {
  const since = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  const stages = Object.keys(STAGE_COLUMNS).map((stage) => `${stage} ${since(stage).toFixed(2)}`).join(", ");
  return `stages: ${stages} s; ${since("batches")} batches`;
}
