/** The pipelines from one rule, or one column of the standard table, to the reader: closer looks than the report. */
import type { DeltaTable } from "../delta/mod.ts";
import { countSegments, type SegmentBy } from "../quality/count_segments.ts";
import { UsageError } from "../errors.ts";
import { faultText } from "../printable.ts";
import { findFailures } from "../quality/find_failures.ts";
import { evaluateRuns, RUNS_BEFORE } from "../quality/results/past_runs.ts";
import { readRuns } from "../quality/results/run_history.ts";
import { RULES } from "../quality/rules.ts";
import { openJudged } from "../quality/results/sample_run.ts";
import type { Rule } from "../quality/rules/rule.ts";
import { renderChanges } from "../report/render_changes.ts";
import { type Explanation, renderExplanation } from "../report/render_explanation.ts";
import { renderRuns } from "../report/runs/render_runs.ts";
import { renderSegments, scoreSegments } from "../report/render_segments.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { TABLE_PATHS } from "../tables/table_paths.ts";
import { chooseRun } from "./report/choose_run.ts";
import { currentCounter } from "./report/current_counter.ts";
import { limitsOfRun, readLimits } from "./report/read_limits.ts";
import { goneText, UNKNOWN_VERSIONS } from "./report/report_parts.ts";
import { openReportTables, type ReportOptions } from "./report_quality.ts";

const RUNS_SHOWN = 20;
const RUNS_LISTED = 1000;
const ROWS_SHOWN = 10;

/** What to explain, and how. */
interface ExplainOptions extends ReportOptions {
  readonly ruleId: string;
}

/**
 * Explains a rule: what it is for, how it came out in the last runs, and rows that break it.
 *
 * @throws {UsageError} when there is no such rule
 */
export async function explainRule({ ruleId, ...options }: ExplainOptions): Promise<string> {
  const rule = RULES.find(({ id }) => id.toLowerCase() === ruleId.toLowerCase());
  if (rule === undefined) {
    throw new UsageError([
      `Cannot explain "${ruleId}": found no such rule, expected one of ${
        RULES.map(({ id }) => id).join(", ")
      }`,
    ]);
  }
  const { standard, runs, landing } = await openReportTables(options);
  const chosen = await chooseRun(runs, {
    wanted: options.run ?? "latest",
    before: RUNS_SHOWN - 1 + RUNS_BEFORE,
  });
  const { policy } = await limitsOfRun(options, chosen.at(-1));
  const results = evaluateRuns(chosen, { shown: RUNS_SHOWN, policy }).flatMap(({ verdict }) =>
    verdict.rules.filter(({ id }) => id === rule.id)
  );
  const run = options.run === undefined ? null : chosen.at(-1) ?? null;
  const table = run === null ? standard : await openStandardOf(standard, run);
  const closer = await lookAtRows(table, rule, { ...options, then: run });
  const label = landing.store.label;
  return renderExplanation(
    { rule, results, ...closer, ...categoriesOf(rule, chosen), landing: label, run },
    options.looks,
  );
}

/** How many trains each category has, for the rule that compares them. */
function categoriesOf({ id }: Rule, runs: readonly RunRecord[]): Pick<Explanation, "categories"> {
  const [now, before] = runs.slice(-2).reverse().map(({ trainsByCategory }) => trainsByCategory ?? {});
  return id === "O2" && now !== undefined ? { categories: { now, before: before ?? {} } } : {};
}

type RowsLook = Pick<Explanation, "rows" | "places" | "noRows">;

interface RowsOptions extends ReportOptions {
  /** The run as of which they are looked for; null for now. */
  readonly then: RunRecord | null;
}

/** Rows that break a rule on rows, and the places of one that tells them apart; or why there are none. */
async function lookAtRows(
  standard: DeltaTable,
  rule: Rule,
  { then, ...options }: RowsOptions,
): Promise<RowsLook> {
  const { id, count, worst } = rule;
  if (count.from !== "rows") return { rows: null };
  const counter = await currentCounter(options, then);
  const reason = counter.skipped.get(id);
  if (reason !== undefined) return { rows: null, noRows: reason };
  const uncounted = then?.uncounted[id];
  if (uncounted?.outcome === "error") return { rows: null, noRows: uncounted.reason };
  try {
    const rows = await findFailures(standard, count, { counter, limit: ROWS_SHOWN });
    if (worst === undefined) return { rows };
    const { segments } = await countSegments(standard, { ...worst, rules: [rule], counter });
    return { rows, places: { by: worst.by, segments } };
  } catch (error) {
    if (then === null) return { rows: null, noRows: faultText(error) };
    throw new Error(`Cannot show rows: ${goneText("standard", standard.snapshot.version)}`, { cause: error });
  }
}

/**
 * The standard table as it was when the run measured it.
 *
 * @throws {Error} when nobody knows which version that was, or it is not there any more
 */
async function openStandardOf(standard: DeltaTable, run: RunRecord | undefined): Promise<DeltaTable> {
  const version = run?.tableVersions?.standard;
  if (version === undefined) throw new Error(`Cannot show rows of then: ${UNKNOWN_VERSIONS}`);
  const table = await openJudged(standard, version);
  if (table === null) throw new Error(`Cannot show rows of then: ${goneText("standard", version)}`);
  return table;
}

/** A file that is not there any more is told as what it is: the version has gone. */
async function readingThen<T>(table: DeltaTable, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = goneText("standard", table.snapshot.version);
    throw new Error(`Cannot show rows: ${reason}`, { cause });
  }
}

/** With what to compare. */
interface ChangesOptions extends ReportOptions {
  /** Milliseconds since 1970 UTC; null for the run before. */
  readonly sinceMs: number | null;
  /** The run to compare with, by its ID; undefined for the one at that time. */
  readonly baseline?: string | undefined;
}

/**
 * What has changed from an earlier run to the newest one, or to the one that was asked for.
 *
 * @throws {Error} when there are no two runs to compare
 */
export async function reportChanges({ sinceMs, baseline, ...options }: ChangesOptions): Promise<string> {
  const { runs } = await openReportTables(options);
  const wanted = options.run ?? "latest";
  const before = sinceMs === null ? RUNS_SHOWN + RUNS_BEFORE : Infinity;
  const all = await chooseRun(runs, { wanted, before });
  const newest = all.at(-1);
  const { policy } = await limitsOfRun(options, newest);
  const [now] = evaluateRuns(all, { shown: 1, policy });
  const upToThen = baseline === undefined
    ? runsUpTo(all.filter(({ topic }) => topic === newest?.topic).slice(0, -1), all, sinceMs)
    : await chooseRun(runs, { wanted: baseline, before: RUNS_BEFORE });
  const [then] = evaluateRuns(upToThen, { shown: 1, policy });
  if (now === undefined || then === undefined) {
    throw new Error("Cannot compare: found fewer than two runs, expected one before the newest");
  }
  return renderChanges({ then, now }, options.looks);
}

/** All runs up to the one to compare with: the last at that time, else the first of all; null for the one before. */
function runsUpTo(
  earlier: readonly RunRecord[],
  all: readonly RunRecord[],
  sinceMs: number | null,
): readonly RunRecord[] {
  const then = sinceMs === null
    ? earlier.at(-1)
    : earlier.findLast(({ generatedAt }) => generatedAt.getTime() <= sinceMs) ?? earlier[0];
  return then === undefined ? [] : all.slice(0, all.indexOf(then) + 1);
}

/** By what, and how. */
interface SegmentOptions extends ReportOptions {
  readonly by: SegmentBy;
}

/** Counts the rules on rows of the standard table as it is now, or was then, apart for each value. */
export async function reportSegments({ by, ...options }: SegmentOptions): Promise<string> {
  const { standard: newest, runs } = await openReportTables(options);
  const then = options.run === undefined
    ? null
    : (await chooseRun(runs, { wanted: options.run, before: 0 })).at(-1) ?? null;
  const standard = options.run === undefined ? newest : await openStandardOf(newest, then ?? undefined);
  const rules = RULES.filter(({ count }) => count.from === "rows");
  const counter = await currentCounter(options, then);
  const { segments, uncounted } = await readingThen(
    standard,
    () => countSegments(standard, { by, rules, counter }),
  );
  if (options.format === "json") {
    const { version } = standard.snapshot;
    return JSON.stringify({
      by,
      standardVersion: version,
      segments: scoreSegments({ segments, rules }),
      uncounted,
    });
  }
  return renderSegments({ by, segments, uncounted, rules }, options.looks);
}

/** The runs that there are, the newest first, each with what it amounts to. */
export async function listRuns(options: ReportOptions): Promise<string> {
  const { runs } = await openReportTables(options);
  const { policy } = await limitsOfRun({ ...options, run: undefined }, undefined);
  const newest = await readRuns(runs, RUNS_LISTED + RUNS_BEFORE);
  return renderRuns(evaluateRuns(newest, { shown: RUNS_LISTED, policy }).toReversed(), options);
}

/** The data contract of the standard table, with the limits that apply; needs no table. */
export async function reportContract(options: ReportOptions): Promise<string> {
  const policy = (await readLimits(options.policyFile))?.policy ?? new Map();
  const { buildContract } = await import("../quality/contract/build_contract.ts");
  return buildContract({ policy, place: options.storeOf(TABLE_PATHS.standard).label }).trimEnd();
}
