/** The pipelines from one rule, or one column of the standard table, to the reader: closer looks than the report. */
import type { DeltaTable } from "../delta/mod.ts";
import { countSegments, type SegmentBy } from "../quality/count_segments.ts";
import { defaultPolicy } from "../quality/default_policy.ts";
import { faultText } from "../printable.ts";
import { findFailures } from "../quality/find_failures.ts";
import { evaluateRun } from "../quality/evaluate_run.ts";
import { readRuns } from "../quality/run_history.ts";
import { RULES } from "../quality/rules.ts";
import type { Rule } from "../quality/rules/rule.ts";
import { renderChanges } from "../report/render_changes.ts";
import { type Explanation, renderExplanation } from "../report/render_explanation.ts";
import { renderSegments, scoreSegments } from "../report/render_segments.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { TABLE_PATHS } from "../tables/table_paths.ts";
import { currentCounter, openReportTables, readLimits, type ReportOptions } from "./report_quality.ts";

const RUNS_SHOWN = 20;
const ROWS_SHOWN = 10;

/** What to explain, and how. */
interface ExplainOptions extends ReportOptions {
  readonly ruleId: string;
}

/**
 * Explains a rule: what it is for, how it came out in the last runs, and rows that break it.
 *
 * @throws {TypeError} when there is no such rule
 */
async function explainRule({ ruleId, ...options }: ExplainOptions): Promise<string> {
  const rule = RULES.find(({ id }) => id.toLowerCase() === ruleId.toLowerCase());
  if (rule === undefined) {
    throw new TypeError(
      `Cannot explain "${ruleId}": expected one of ${RULES.map(({ id }) => id).join(", ")}`,
    );
  }
  const { standard, runs, landing } = await openReportTables(options);
  const policy = (await readLimits(options))?.policy ?? new Map();
  const past = await readRuns(runs, RUNS_SHOWN);
  const results = past.flatMap((run, i, all) =>
    evaluateRun(run, { past: all.slice(0, i), policy }).rules.filter(({ id }) => id === rule.id)
  );
  const closer = await lookAtRows(standard, rule, options);
  const [now, before] = past.slice(-2).reverse().map(({ trainsByCategory }) => trainsByCategory ?? {});
  const categories = rule.id === "O2" && now !== undefined
    ? { categories: { now, before: before ?? {} } }
    : {};
  const label = landing.store.label;
  return renderExplanation({ rule, results, ...closer, ...categories, landing: label }, options.looks);
}

type RowsLook = Pick<Explanation, "rows" | "places" | "noRows">;

/** Rows that break a rule on rows, and the places of one that tells them apart; or why there are none. */
async function lookAtRows(standard: DeltaTable, rule: Rule, options: ReportOptions): Promise<RowsLook> {
  const { id, count, worst } = rule;
  if (count.from !== "rows") return { rows: null };
  const counter = await currentCounter(options);
  const reason = counter.skipped.get(id);
  if (reason !== undefined) return { rows: null, noRows: reason };
  try {
    const rows = await findFailures(standard, count, { counter, limit: ROWS_SHOWN });
    if (worst === undefined) return { rows };
    const { segments } = await countSegments(standard, { ...worst, rules: [rule], counter });
    return { rows, places: { by: worst.by, segments } };
  } catch (error) {
    return { rows: null, noRows: faultText(error) };
  }
}

/** With what to compare. */
interface ChangesOptions extends ReportOptions {
  /** Milliseconds since 1970 UTC; null for the run before the newest. */
  readonly sinceMs: number | null;
}

/**
 * What has changed from the last run up to a time to the newest one.
 *
 * @throws {Error} when there are no two runs to compare
 */
async function reportChanges({ sinceMs, ...options }: ChangesOptions): Promise<string> {
  const { runs } = await openReportTables(options);
  const policy = (await readLimits(options))?.policy ?? new Map();
  const all = await readRuns(runs, sinceMs === null ? RUNS_SHOWN : Infinity);
  const newest = all.at(-1);
  const mine = all.filter(({ topic }) => topic === newest?.topic);
  const earlier = mine.slice(0, -1);
  const then = sinceMs === null
    ? earlier.at(-1)
    : earlier.findLast(({ generatedAt }) => generatedAt.getTime() <= sinceMs) ?? earlier[0];
  if (newest === undefined || then === undefined) {
    throw new Error("Cannot compare: found fewer than two runs, expected one before the newest");
  }
  const evaluated = (run: RunRecord) => {
    const at = mine.indexOf(run);
    return { run, verdict: evaluateRun(run, { past: mine.slice(Math.max(0, at - RUNS_SHOWN), at), policy }) };
  };
  return renderChanges({ then: evaluated(then), now: evaluated(newest) }, options.looks);
}

/** By what, and how. */
interface SegmentOptions extends ReportOptions {
  readonly by: SegmentBy;
}

/** Counts the rules on rows of the standard table as it is now, apart for each value. */
async function reportSegments({ by, ...options }: SegmentOptions): Promise<string> {
  const { standard } = await openReportTables(options);
  const rules = RULES.filter(({ count }) => count.from === "rows");
  const counter = await currentCounter(options);
  const { segments, uncounted } = await countSegments(standard, { by, rules, counter });
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

/** The data contract of the standard table, with the limits that apply; needs no table. */
async function reportContract(options: ReportOptions): Promise<string> {
  const policy = (await readLimits(options))?.policy ?? new Map();
  const { buildContract } = await import("../quality/contract/build_contract.ts");
  return buildContract({ policy, place: options.storeOf(TABLE_PATHS.standard).label }).trimEnd();
}

/** What may be asked for instead of the report. */
export interface CloserLook {
  readonly contract?: boolean;
  readonly explain?: string | undefined;
  readonly by?: SegmentBy | undefined;
  readonly diff: boolean;
  /** A moment, or how long ago it was, in milliseconds. */
  readonly since?: { readonly atMs: number } | { readonly agoMs: number } | undefined;
}

/** The page that was asked for; null when it is the report. */
export async function lookCloser(
  { contract, explain, by, diff, since }: CloserLook,
  options: ReportOptions,
): Promise<string | null> {
  if (contract) return await reportContract(options);
  if (explain !== undefined) return await explainRule({ ...options, ruleId: explain });
  if (by !== undefined) return await reportSegments({ ...options, by });
  if (since === undefined) return diff ? await reportChanges({ ...options, sinceMs: null }) : null;
  const sinceMs = "atMs" in since ? since.atMs : options.clock() - since.agoMs;
  return await reportChanges({ ...options, sinceMs });
}

/** A quality.yaml to begin with, which changes nothing as it stands. */
export function startPolicy(): string {
  return defaultPolicy().trimEnd();
}
