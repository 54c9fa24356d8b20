/**
 * Stage 7 of 7. Receives the newest run from quality and the tables' own figures; hands a reader the report.
 */
import type { DeltaTable } from "../delta/mod.ts";
import type { FailingRow } from "../quality/find_failures.ts";
import type { Verdict } from "../quality/evaluate_run.ts";
import type { KindFigures } from "../quality/traffic/traffic_figures.ts";
import { LICENCE_LINE } from "../tables/licence.ts";
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

/** What has happened since the run that is reported. */
export interface SinceRun {
  /** Offsets that later runs have ingested without being measured: one is at work, or failed. */
  readonly ingested: number;
  /** Landed offsets that standard does not have yet. */
  readonly unmerged: number;
  /** Offsets that wait in the broker now; null when it was not asked, or its log is refused. */
  readonly waiting: number | null;
  /** `process` would refuse the log: it is not the one of these tables. */
  readonly isRefused: boolean;
}

/** An earlier run, evaluated by the rules of today. */
export interface PastRun {
  readonly run: RunRecord;
  readonly verdict: Verdict;
}

/** Rows that break a rule. */
export interface Samples {
  readonly ruleId: string;
  readonly rows: readonly FailingRow[];
}

/** Everything that the report shows, ready for any rendering. */
export interface Report {
  readonly run: RunRecord;
  readonly verdict: Verdict;
  readonly tables: readonly TableFigures[];
  /** Null when the report speaks as of its run, whatever has happened since. */
  readonly since: SinceRun | null;
  /** What cannot be shown as it was, in words. */
  readonly missing: readonly string[];
  /** The runs before, the oldest first. */
  readonly history: readonly PastRun[];
  /** Some rows of the rules that fail the report. */
  readonly samples: readonly Samples[];
  /** What became of the trains, by kind; null where the run did not count it. */
  readonly traffic: readonly KindFigures[] | null;
  /** The rules whose limits a policy sets, and what its author may want to know; null without one. */
  readonly policy: { readonly rules: readonly string[]; readonly notes: readonly string[] } | null;
  /** Seconds from the newest message to the making of the report, or to its run; null without messages. */
  readonly freshnessSeconds: number | null;
  /** The time of the run when the report speaks as of it. */
  readonly madeAt: Date;
  readonly licence: string;
}

/** Puts the report together; pure. */
export function buildReport(
  run: RunRecord,
  parts: Pick<
    Report,
    "verdict" | "tables" | "since" | "missing" | "history" | "samples" | "traffic" | "policy" | "madeAt"
  >,
): Report {
  const newest = run.newestMessageTime;
  const freshnessSeconds = newest === null
    ? null
    : Math.max(0, (parts.madeAt.getTime() - newest.getTime()) / 1000);
  return { run, ...parts, freshnessSeconds, licence: LICENCE_LINE };
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
