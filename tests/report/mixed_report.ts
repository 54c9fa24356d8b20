/** A report with every outcome in it, which stays as it is when rules come. */
import type { RuleResult, Verdict } from "../../lib/quality/evaluate_run.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { makeReport } from "./made_up_report.ts";

const RULE: RuleResult = {
  id: "U1",
  dimension: "uniqueness",
  severity: "E",
  grain: "row",
  title: "rows of one train are unique",
  failures: 0,
  units: 49_000,
  outcome: "passed",
};
const RULES: readonly RuleResult[] = [
  RULE,
  { ...RULE, id: "C1", dimension: "consistency", title: "times rise", failures: 49, outcome: "failed" },
  { ...RULE, id: "O1", dimension: "volume", title: "there are rows", grain: "run", units: 1 },
  { ...RULE, id: "T3", dimension: "timeliness", title: "no time < now", failures: null, outcome: "unknown" },
  {
    ...RULE,
    id: "S1",
    dimension: "validity",
    severity: "W",
    grain: "message",
    title: "messages are readable",
    failures: 4,
    units: 1239,
    outcome: "look",
  },
  {
    ...RULE,
    id: "S2",
    dimension: "consistency",
    severity: "W",
    grain: "field",
    title: "no unknown fields",
    failures: 15,
    units: null,
    outcome: "look",
  },
  {
    ...RULE,
    id: "M1",
    dimension: "completeness",
    severity: "W",
    title: "a stop has a time",
    failures: 1,
    outcome: "look",
  },
  { ...RULE, id: "M3", dimension: "completeness", severity: "W", failures: null, outcome: "unknown" },
  {
    ...RULE,
    id: "O1b",
    dimension: "volume",
    severity: "W",
    grain: "run",
    title: "a run lands as much as usual",
    failures: 1,
    units: 1,
    outcome: "look",
    observed: 12,
    usual: { median: 1230.5, lowest: 1000, highest: 1461 },
  },
  {
    ...RULE,
    id: "O1c",
    dimension: "volume",
    severity: "W",
    grain: "run",
    title: "rows are as many as usual",
    failures: null,
    units: null,
    outcome: "learning",
  },
  {
    ...RULE,
    id: "M4",
    dimension: "completeness",
    severity: "I",
    grain: "train",
    title: "a late train has a cause",
    failures: 600,
    units: 1200,
    outcome: "note",
  },
];
const EQUATION = { name: "landed = rows of the landing table", left: 1234, right: 1234, holds: true };
const VERDICT: Verdict = {
  equations: [EQUATION, {
    ...EQUATION,
    name: "quarantined = rows of the quarantine table",
    left: 5,
    right: 4,
    holds: false,
  }],
  rules: RULES,
  scores: [
    { dimension: "completeness", score: 75.001, rules: 2 },
    { dimension: "timeliness", score: null, rules: 0 },
    { dimension: "all", score: 83.3, rules: 6 },
  ],
  passed: false,
};

/** What a rule threw, or lacks. */
const REASON = 'cannot read <"x">: it is nothing';

/** Rules that nobody could count. */
function uncounted(reason: string): readonly RuleResult[] {
  const none = { ...RULE, failures: null, units: null, reason };
  return [
    { ...none, id: "C8", dimension: "consistency", title: "cancelled is cancelled", outcome: "error" },
    { ...none, id: "C6", dimension: "consistency", severity: "W", title: "it differs", outcome: "error" },
    {
      ...none,
      id: "V3",
      dimension: "validity",
      severity: "W",
      title: "stations are known",
      outcome: "skipped",
    },
    { ...none, id: "V5", dimension: "validity", title: "causes are known", outcome: "skipped" },
  ];
}

/** The report; its run differs from a good one in these, and some rules have no count for this reason. */
export function mixedReport(changes: Parameters<typeof makeReport>[0] = {}, reason = REASON): Report {
  const verdict = { ...VERDICT, rules: [...VERDICT.rules, ...uncounted(reason)] };
  return { ...makeReport(changes), verdict };
}
