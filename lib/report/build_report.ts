/**
 * Stage 7 of 7. Receives the newest run from quality and the tables' own figures; hands a reader the report.
 */
import type { DeltaTable } from "../delta/mod.ts";
import type { Verdict } from "../quality/evaluate_run.ts";
import type { RunRecord } from "../tables/run_record.ts";

/** What is shown of one table. */
export interface TableFigures {
  readonly name: string;
  readonly path: string;
  readonly version: number;
  readonly files: number;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** Everything that the report shows, ready for any rendering. */
export interface Report {
  readonly run: RunRecord;
  readonly verdict: Verdict;
  readonly tables: readonly TableFigures[];
  /** Seconds from the newest message to the making of the report; null without messages. */
  readonly freshnessSeconds: number | null;
  readonly madeAt: Date;
  readonly licence: string;
}

/** Required wherever the data is shown. */
export const LICENCE = "Source: Fintraffic / digitraffic.fi, license CC 4.0 BY";

/** Puts the report together; pure. */
export function buildReport(
  run: RunRecord,
  { verdict, tables, madeAt }: Pick<Report, "verdict" | "tables" | "madeAt">,
): Report {
  const newest = run.newestMessageTime;
  const freshnessSeconds = newest === null ? null : Math.max(0, (madeAt.getTime() - newest.getTime()) / 1000);
  return { run, verdict, tables, freshnessSeconds, madeAt, licence: LICENCE };
}

/** A table's figures from its log; of files whose rows the log does not count, from their footers. */
export async function tableFigures(name: string, path: string, table: DeltaTable): Promise<TableFigures> {
  const { version, files } = table.snapshot;
  let rows = 0, sizeBytes = 0;
  for (const add of files.values()) {
    rows += await table.countRows(add);
    sizeBytes += add.size;
  }
  return { name, path, version, files: files.size, rows, sizeBytes };
}
