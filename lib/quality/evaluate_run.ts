/** The verdict on a run: which rules hold. Pure. */
import type { RunRecord } from "../tables/run_record.ts";
import { checkAccount, type Equation } from "./account.ts";
import { anomaliesOf, type Rule, RULES } from "./rules.ts";

/** What a rule came to in one run. */
export interface RuleResult extends Pick<Rule, "id" | "severity" | "title"> {
  /** Rows, messages or fields that break the rule; null when the run did not count them: it knew no such rule. */
  readonly failures: number | null;
}

/** What a run amounts to. */
export interface Verdict {
  readonly equations: readonly Equation[];
  readonly rules: readonly RuleResult[];
  /** True when the accounting adds up and no error-level rule is broken or uncounted. */
  readonly passed: boolean;
}

/** Evaluates a run. Messages in quarantine are dealt with and do not fail it; they are shown as a warning. */
export function evaluateRun(run: RunRecord): Verdict {
  const equations = checkAccount(run.account);
  const rules = RULES.map((rule) => resultOf(rule, run));
  const isBroken = rules.some(({ severity, failures }) => severity === "E" && failures !== 0);
  return { equations, rules, passed: !isBroken && equations.every(({ holds }) => holds) };
}

function resultOf(rule: Rule, run: RunRecord): RuleResult {
  const { id, severity, title } = rule;
  return { id, severity, title, failures: failuresOf(rule, run) };
}

function failuresOf(rule: Rule, run: RunRecord): number | null {
  if (rule.count.from === "run") return rule.count.failures(run);
  const counts = anomaliesOf(rule).map((name) => run.anomalies[name]);
  return counts.reduce<number | null>(
    (sum, count) => sum === null || count === undefined ? null : sum + count,
    0,
  );
}
