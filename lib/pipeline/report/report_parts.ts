/** What a report says beside the verdict: as things are now, or as they were when the run measured them. */
import { getLogger } from "../../packages/logtape.ts";
import type { PartitionOffsets } from "../../broker/broker.ts";
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
import { measureSince } from "../measure_since.ts";

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
  readonly askOffsets: () => Promise<readonly PartitionOffsets[] | null>;
  /** Counts the rules on rows. */
  readonly counter: CounterSource;
}

/** As the tables are now, with what has happened since the run. */
export async function partsOfNow(
  tables: LakeTables,
  { run, verdict }: Evaluated,
  { at, askOffsets, counter }: Now,
): Promise<ReportParts> {
  return {
    tables: await Promise.all(Object.entries(tables).map(figuresOf)),
    since: await measureSince(tables, run, await askOffsets()),
    samples: (await samplesOf(verdict, tables.standard, counter)).samples,
    madeAt: at,
    missing: [],
  };
}

/** As the tables were when the run measured them, whatever has happened since: the same run gives the same parts. */
export async function partsOfRun(
  tables: LakeTables,
  { run, verdict }: Evaluated,
  counter: CounterSource,
): Promise<ReportParts> {
  const { tableVersions } = run;
  // Those of the metadata are the counter's.
  const versions = Object.entries(tableVersions ?? {}).filter(([name]) => name in TABLE_PATHS);
  const opened = await Promise.all(
    versions.map(async ([name, version]) => {
      const table = tables[name as TableName];
      return [name, version, table === undefined ? null : await openJudged(table, version)] as const;
    }),
  );
  const there = opened.flatMap(([name, , table]) => table === null ? [] : [[name, table] as const]);
  const standard = there.find(([name]) => name === "standard")?.[1];
  const { samples, gone } = standard === undefined
    ? { samples: [], gone: [] }
    : await samplesOf(verdict, standard, counter);
  return {
    tables: await Promise.all(there.map(figuresOf)),
    since: null,
    samples,
    madeAt: run.generatedAt,
    missing: tableVersions === null ? [UNKNOWN_VERSIONS] : [
      ...opened.flatMap(([name, version, table]) => table === null ? [goneText(name, version)] : []),
      ...gone,
    ],
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
