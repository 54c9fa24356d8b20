/** The verdict on a run: which rules hold. Pure. */
import { checkAccount, type Equation } from "./account.ts";
import type { RunRecord } from "../tables/run_record.ts";

/** E fails the report, W and I do not. */
export type Severity = "E" | "W" | "I";

/** One rule of the catalogue applied to the tables as a whole. */
export interface RuleResult {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Rows or messages that break the rule. */
  readonly failures: number;
}

/** What a run amounts to. */
export interface Verdict {
  readonly equations: readonly Equation[];
  readonly rules: readonly RuleResult[];
  /** True when the accounting adds up and no error-level rule is broken. */
  readonly passed: boolean;
}

/** Evaluates a run. Messages in quarantine are dealt with and do not fail it; they are shown as a warning. */
export function evaluateRun(run: RunRecord): Verdict {
  const equations = checkAccount(run.account);
  const rules = ruleResults(run);
  const broken = rules.some(({ severity, failures }) => severity === "E" && failures > 0);
  return { equations, rules, passed: !broken && equations.every(({ holds }) => holds) };
}

function ruleResults(
  { account, anomalies, conflict, duplicateRecords, schemaDrift }: RunRecord,
): RuleResult[] {
  const anomaly = (name: string) => anomalies[name] ?? 0;
  return [
    rule("U1", "E", "rows of one train are unique", duplicateRecords),
    rule("C1", "E", "scheduledTime never decreases along the route", anomaly("scheduledTime_out_of_order")),
    rule("T3", "E", "actualTime is not in the future of its message", anomaly("actualTime_in_future")),
    rule("C6", "W", "differenceInMinutes follows from the times", anomaly("differenceInMinutes_mismatch")),
    rule("S1", "W", "messages are readable trains (else in quarantine)", account.quarantined),
    rule(
      "S2",
      "W",
      "no unknown fields or values (schema drift)",
      Object.values(schemaDrift).reduce((a, b) => a + b, 0),
    ),
    rule("U3", "W", "a version keeps its content", conflict),
  ];
}

function rule(id: string, severity: Severity, title: string, failures: number): RuleResult {
  return { id, severity, title, failures };
}
