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
  /** Null when a file tells no row count. */
  readonly rows: number | null;
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

/** A table's figures from its log; opens no data file. */
export function tableFigures(name: string, path: string, { snapshot }: DeltaTable): TableFigures {
  const files = [...snapshot.files.values()];
  const rows = files.map(({ stats }) => (JSON.parse(stats ?? "{}") as { numRecords?: number }).numRecords);
  return {
    name,
    path,
    version: snapshot.version,
    files: files.length,
    rows: rows.reduce<number | null>(
      (sum, count) => sum === null || count === undefined ? null : sum + count,
      0,
    ),
    sizeBytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}
