/**
 * Keeps `quality_zone/rule_results` complete: a row per rule of each run, and more of rules that are broken. Its `txn` says up to which version of the runs
 * table it is, so that each run is in it once, whoever died or was faster in between.
 */
import {
  appendChange,
  columnBounds,
  commitComputed,
  type DeltaTable,
  type Snapshot,
} from "../../delta/mod.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { resultRow, type RuleResultRecord } from "../../tables/rule_result_row.ts";
import { outcomeOf, type RuleResult } from "../evaluate_run.ts";
import { type EvaluatedRun, evaluateRuns, RUNS_BEFORE } from "./past_runs.ts";
import { limitsOf, type Policy } from "../policy.ts";
import { RULES } from "../rules.ts";
import { readRuns } from "./run_history.ts";
import { sampleRun } from "./sample_run.ts";
import { type SegmentCounts, segmentRun } from "./segment_run.ts";
import type { CounterSource } from "../standard_counter.ts";

/** A table that is new, or was deleted, gets the results of so many runs. */
const RUNS_CAUGHT_UP = 100;
/** Two processes may record their runs in another order than they measured them. */
const RUNS_OVERTAKEN = 16;

/** The tables that are read and written. */
export interface ResultTables {
  readonly runs: DeltaTable;
  readonly results: DeltaTable;
  readonly standard: DeltaTable;
  /** Counts the rules on rows. */
  readonly counter: CounterSource;
}

/** By what, and beside what, the results of a run are kept. */
export interface RecordOptions {
  readonly policy: Policy;
  /** How long it took to measure the run. */
  readonly durationSeconds: number;
}

/**
 * Appends the results of a run that was recorded just now, and of runs before it whose process did not get so far. Runs
 * of versions that knew no results have none.
 *
 * @throws {CommitConflictError} when other writers won every race that the table allows
 */
export async function recordResults(
  tables: ResultTables,
  record: RunRecord,
  options: RecordOptions,
): Promise<void> {
  const { runs, results } = tables;
  const appId = `rule_results/${runs.snapshot.metadata.id}`;
  const attempt = () =>
    commitComputed(results, async (snapshot) => {
      const { version } = runs.snapshot;
      const done = Number(snapshot.txns.get(appId)?.version ?? -1n);
      if (done >= version) return undefined;
      // The run's own commit is the last that this process knows of.
      const open = done === version - 1
        ? [record.runId]
        : await findOpenRuns(tables, { snapshot, record, most: Math.min(version - done, RUNS_CAUGHT_UP) });
      const rows = await resultRows(tables, { open, record, ...options });
      if (rows.length === 0) return undefined;
      const change = appendChange([await results.stageRows(rows)], rows.length, snapshot.metadata);
      return { ...change, txns: [{ appId, version: BigInt(version) }] };
    }, { isFresh: true });
  // Another process has written its own results, and maybe these.
  while ((await attempt()).status === "conflict") await results.update();
}

interface OpenRunsOptions {
  readonly snapshot: Snapshot;
  readonly record: RunRecord;
  readonly most: number;
}

/** Ids of runs without results, this run among them if it has none. */
async function findOpenRuns(
  { runs, results }: ResultTables,
  { snapshot, record, most }: OpenRunsOptions,
): Promise<readonly string[]> {
  const candidates = (await newestRuns(runs, record, most)).filter(({ tableVersions }) =>
    tableVersions !== null
  );
  const sinceMs = candidates.reduce(
    (least, { generatedAt }) => Math.min(least, generatedAt.getTime()),
    Infinity,
  );
  const known = await readRunIds(results, snapshot, sinceMs);
  return candidates.map(({ runId }) => runId).filter((runId) => !known.has(runId)).slice(-RUNS_CAUGHT_UP);
}

/** The newest runs, the oldest of them first; this run too, whichever others have overtaken it. */
async function newestRuns(
  runs: DeltaTable,
  record: RunRecord,
  most: number,
): Promise<readonly RunRecord[]> {
  const newest = await readRuns(runs, most + RUNS_OVERTAKEN);
  return newest.some(({ runId }) => runId === record.runId) ? newest : [record, ...newest];
}

/** Ids of the runs since then that have results, and maybe some before. */
async function readRunIds(
  results: DeltaTable,
  snapshot: Snapshot,
  sinceMs: number,
): Promise<ReadonlySet<unknown>> {
  const boundsOf = columnBounds(["data_quality_generation_time"], snapshot);
  const ids = new Set<unknown>();
  for (const add of snapshot.files.values()) {
    const { upper } = boundsOf(add);
    if (upper !== undefined && Number(upper) / 1000 < sinceMs) continue;
    for (const { run_id } of await results.readRows(add, { columns: ["run_id"] })) ids.add(run_id);
  }
  return ids;
}

interface ResultRowsOptions extends RecordOptions {
  readonly open: readonly string[];
  readonly record: RunRecord;
}

async function resultRows(
  { runs, standard, counter }: ResultTables,
  { open, record, policy, durationSeconds }: ResultRowsOptions,
): Promise<readonly ReturnType<typeof resultRow>[]> {
  if (open.length === 0) return [];
  const all = await newestRuns(runs, record, open.length + RUNS_BEFORE);
  const evaluated = evaluateRuns(all, { shown: all.length, only: open, policy });
  const rows: ReturnType<typeof resultRow>[] = [];
  for (const each of evaluated) {
    const samples = await sampleRun({ standard, counter }, each);
    const segments = await segmentRun({ standard, counter }, each);
    // Of a run whose process died nobody knows how long it took.
    const duration = each.run.runId === record.runId ? durationSeconds : null;
    for (const rule of each.verdict.rules) {
      const whole = recordOf(rule, each.run, { policy, samples: samples.get(rule.id) ?? [], duration });
      rows.push(
        resultRow(whole),
        ...rowsOfSegments(whole, rule, { policy, segments: segments.get(rule.id) ?? [] }),
      );
    }
  }
  return rows;
}

function rowsOfSegments(
  whole: RuleResultRecord,
  rule: RuleResult,
  { policy, segments }: { readonly policy: Policy; readonly segments: readonly SegmentCounts[] },
): readonly ReturnType<typeof resultRow>[] {
  const limits = limitsOf(rule, policy);
  return segments.map(({ segment, failures, units }) => {
    const outcome = outcomeOf(limits, { failures, units });
    return resultRow({ ...whole, segment, outcome, failed: failures, units, samples: [] });
  });
}

function recordOf(
  { id, dimension, severity, grain, outcome, failures, units, observed, usual }: RuleResult,
  { runId, topic, generatedAt, ruleSet, tableVersions }: EvaluatedRun["run"],
  { policy, samples, duration }: {
    readonly policy: Policy;
    readonly samples: RuleResultRecord["samples"];
    readonly duration: number | null;
  },
): RuleResultRecord {
  const rule = RULES.find((candidate) => candidate.id === id);
  return {
    ...{ runId, topic, generatedAt, ruleSet, ruleId: id, dimension, severity, grain, outcome },
    ...{ segment: null, failed: failures, units, samples, tableVersions: tableVersions ?? {} },
    thresholds: rule === undefined ? [] : limitsOf(rule, policy),
    schemaPolicy: rule?.count.from === "drift" && policy.schema !== undefined
      ? JSON.stringify(policy.schema)
      : null,
    observed: observed ?? null,
    expected: usual ?? null,
    durationSeconds: duration,
  };
}
