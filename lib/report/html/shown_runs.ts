/** The runs that pictures over time show: those that asked the same rules, this one last. */
import type { RuleResult, Score, Verdict } from "../../quality/evaluate_run.ts";
import type { PastRun, Report } from "../build_report.ts";

/** The newest runs, the oldest of them first. */
export function shownRuns({ run, verdict, history }: Report, limit: number): readonly PastRun[] {
  const comparable = history.filter((past) => past.run.ruleSet === run.ruleSet);
  return [...comparable, { run, verdict }].slice(-limit);
}

/** The run before this one; null where there is none, or it asked other rules. */
export function runBefore(report: Report): PastRun | null {
  const last = report.history.at(-1);
  return last === undefined || last.run.ruleSet !== report.run.ruleSet ? null : last;
}

/** What a rule came to in a run; null when the run did not ask it. */
export function resultIn({ rules }: Verdict, id: string): RuleResult | null {
  return rules.find((rule) => rule.id === id) ?? null;
}

/** A score of a run; null when there was nothing to count. */
export function scoreIn({ scores }: Verdict, dimension: Score["dimension"]): number | null {
  return scores.find((score) => score.dimension === dimension)?.score ?? null;
}
