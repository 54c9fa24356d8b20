/** Runs evaluated one after another, each beside those before it: so a run comes to the same, however many are shown. */
import type { RunRecord } from "../../tables/run_record.ts";
import { RunComparer } from "../anomaly.ts";
import { evaluateRun, type Verdict } from "../evaluate_run.ts";
import type { Policy } from "../policy.ts";

/** So many runs before it say what is usual for a run; of one a day seven are of each weekday. */
export const RUNS_BEFORE = 50;

/** A run and what it amounts to. */
export interface EvaluatedRun {
  readonly run: RunRecord;
  readonly verdict: Verdict;
}

/** Which of the runs, and by which limits. */
export interface EvaluateOptions {
  /** So many, the newest. */
  readonly shown: number;
  /** Of these only the ones with such an ID; all by default. */
  readonly only?: readonly string[];
  readonly policy: Policy;
}

/** Evaluates the newest of the runs, which are given the oldest first. */
export function evaluateRuns(
  runs: readonly RunRecord[],
  { shown, only, policy }: EvaluateOptions,
): readonly EvaluatedRun[] {
  const first = Math.max(0, runs.length - shown);
  const comparer = new RunComparer();
  return runs.slice(first).flatMap((run, i) => {
    if (only?.includes(run.runId) === false) return [];
    const at = first + i;
    const past = runs.slice(Math.max(0, at - RUNS_BEFORE), at);
    return [{ run, verdict: evaluateRun(run, { past, policy, comparer }) }];
  });
}
