/** What a report says beside the verdict: as things are now, or as they were when the run measured them. */
import { getLogger } from "../../packages/logtape.ts";
import type { DeltaTable } from "../../delta/mod.ts";
import type { Verdict } from "../../quality/evaluate_run.ts";
import { findFailures } from "../../quality/find_failures.ts";
import { RULES } from "../../quality/rules.ts";
import type { CounterSource } from "../../quality/standard_counter.ts";
import { openJudged } from "../../quality/results/sample_run.ts";
import { type Report, type Samples, tableFigures } from "../../report/build_report.ts";
import type { LakeTables } from "../../tables/lake_tables.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { TABLE_PATHS, type TableName } from "../../tables/table_paths.ts";
import { type AskedLog, measureSince } from "./measure_since.ts";

const log = getLogger(["ratalake", "report"]);
const SAMPLED_RULES = 5;
const SAMPLE_ROWS = 3;

/** The parts of a report that are read from the tables. */
export type ReportParts = Pick<Report, "tables" | "since" | "samples" | "madeAt" | "missing">;

/** A run, and what it amounts to. */
interface Evaluated {
  readonly run: RunRecord;
  readonly verdict: Verdict;
}

/** What now is. */
export interface Now {
  readonly at: Date;
  /** Null when the log is not to be asked, or does not answer. */
  readonly askLog: () => Promise<AskedLog | null>;
  /** Counts the rules on rows. */
  readonly counter: CounterSource;
}

/** As the tables are now, with what has happened since the run. */
export async function partsOfNow(
  tables: LakeTables,
  { run, verdict }: Evaluated,
  { at, askLog, counter }: Now,
): Promise<ReportParts> {
  return {
    tables: await Promise.all(Object.entries(tables).map(figuresOf)),
    since: await measureSince(tables, run, await askLog()),
    samples: (await samplesOf(verdict, tables.standard, counter)).samples,
    madeAt: at,
    missing: [],
  };
}

/** The tables as a run measured them. */
export interface TablesThen {
  /** Those that are still there. */
  readonly there: Partial<LakeTables>;
  /** Why others are not. */
  readonly missing: readonly string[];
}

/** Opens the versions that a run measured. */
export async function openTablesThen(
  tables: LakeTables,
  { tableVersions }: Pick<RunRecord, "tableVersions">,
): Promise<TablesThen> {
  if (tableVersions === null) return { there: {}, missing: [UNKNOWN_VERSIONS] };
  const there: Record<string, DeltaTable> = {};
  const missing: string[] = [];
  // Those of the metadata are the business of what counts the rules.
  for (const [name, version] of Object.entries(tableVersions).filter(([name]) => name in TABLE_PATHS)) {
    const newest = tables[name as TableName];
    const table = newest === undefined ? null : await openJudged(newest, version);
    if (table === null) missing.push(goneText(name, version));
    else there[name] = table;
  }
  return { there, missing };
}

/** As the tables were when the run measured them, whatever has happened since: the same run gives the same parts. */
export async function partsOfRun(
  { there, missing }: TablesThen,
  { run, verdict }: Evaluated,
  counter: CounterSource,
): Promise<ReportParts> {
  const { samples, gone } = there.standard === undefined
    ? { samples: [], gone: [] }
    : await samplesOf(verdict, there.standard, counter);
  return {
    tables: await Promise.all(Object.entries(there).map(figuresOf)),
    since: null,
    samples,
    madeAt: run.generatedAt,
    missing: [...missing, ...gone],
  };
}

/** Of a run before there were versions. */
export const UNKNOWN_VERSIONS = "the run did not record which versions of the tables it measured";

/** That a version, or a file of it, is not there any more, and what to do about it. */
export function goneText(name: string, version: number): string {
  return `version ${version} of the ${name} table is not there any more, or not in whole; KEEP_FILES_HOURS says ` +
    "how long `deno task process` keeps what newer versions do not need";
}

function figuresOf([name, table]: readonly [name: string, table: DeltaTable]) {
  return tableFigures(name, TABLE_PATHS[name as TableName], table);
}

/** Only of what fails the report: finding rows means opening files. One that is gone keeps the verdict from nobody. */
async function samplesOf({ rules }: Verdict, standard: DeltaTable, counter: CounterSource) {
  const samples: Samples[] = [];
  const broken = rules.filter(({ outcome }) => outcome === "failed").flatMap(({ id }) => {
    const count = RULES.find((rule) => rule.id === id)?.count;
    return count?.from === "rows" ? [{ ruleId: id, count }] : [];
  });
  try {
    for (const { ruleId, count } of broken.slice(0, SAMPLED_RULES)) {
      samples.push({
        ruleId,
        rows: await findFailures(standard, count, { counter: await counter(), limit: SAMPLE_ROWS }),
      });
    }
  } catch (error) {
    log.warn("Cannot show rows that fail the report: {error}", { error });
    return { samples: [], gone: [goneText("standard", standard.snapshot.version)] };
  }
  return { samples: samples.filter(({ rows }) => rows.length > 0), gone: [] };
}
