/** What has changed between two runs, as a page for the terminal. */
import type { Outcome, RuleResult, Verdict } from "../quality/evaluate_run.ts";
import { grouped } from "../printable.ts";
import type { Account } from "../tables/run_record.ts";
import type { PastRun } from "./build_report.ts";
import { textTable } from "./text_table.ts";
import { formatAge } from "../text/age_text.ts";
import { type TextOptions, TextPage } from "./text_page.ts";
import { scoreText } from "./text_scores.ts";

/** Two runs of one topic. */
export interface Changes {
  readonly then: PastRun;
  readonly now: PastRun;
}

const COUNTS: readonly (keyof Account)[] = [
  "landed",
  "accepted",
  "duplicate",
  "stale",
  "quarantined",
  "expired",
  "standardRows",
];
const NAMES: Partial<Readonly<Record<keyof Account, string>>> = {
  landed: "messages landed",
  expired: "expired in the broker",
  standardRows: "rows of the standard table",
};

/** Renders the page; what has not changed is left out. */
export function renderChanges({ then, now }: Changes, options: TextOptions = { colour: false }): string {
  const page = new TextPage(options);
  const seconds = (now.run.generatedAt.getTime() - then.run.generatedAt.getTime()) / 1000;
  const head = [
    `then  run of ${then.run.generatedAt.toISOString()}, ${word(then.verdict)}`,
    `now   run of ${now.run.generatedAt.toISOString()}, ${word(now.verdict)}, ${formatAge(seconds)} later`,
  ];
  const otherRules = then.run.ruleSet === now.run.ruleSet
    ? []
    : ["the rules have changed between the two: counts of rules are not comparable one by one"];
  return [
    page.section("Changes between two runs", [...head, ...otherRules]),
    page.section("Messages and rows", counts(then.run.account, now.run.account)),
    page.section("Scores", scores(then.verdict, now.verdict)),
    page.section("Rules", rules(then.verdict.rules, now.verdict.rules)),
  ].join("\n\n");
}

function word({ passed }: Verdict): string {
  return passed ? "PASSED" : "FAILED";
}

function counts(then: Account, now: Account): readonly string[] {
  const table = textTable(["", "then", "now", "change"]);
  for (const name of COUNTS) {
    if (then[name] !== now[name]) {
      table.push([
        NAMES[name] ?? name,
        grouped(then[name]),
        grouped(now[name]),
        signed(now[name] - then[name]),
      ]);
    }
  }
  return [table.length === 0 ? "nothing has changed" : table.toString()];
}

function scores(then: Verdict, now: Verdict): readonly string[] {
  const table = textTable(["", "then", "now", "change"]);
  for (const { dimension, score } of now.scores) {
    const before = then.scores.find((other) => other.dimension === dimension)?.score ?? null;
    if (before === null || score === null || Math.abs(score - before) < 0.005) continue;
    const change = score - before;
    table.push([
      dimension,
      scoreText(before),
      scoreText(score),
      `${change > 0 ? "+" : ""}${change.toFixed(2)}`,
    ]);
  }
  return [table.length === 0 ? "nothing has changed" : table.toString()];
}

function rules(then: readonly RuleResult[], now: readonly RuleResult[]): readonly string[] {
  const table = textTable(["id", "", "failures of", "then", "now", "change"]);
  for (const { id, severity, title, failures, outcome } of now) {
    const other = then.find((candidate) => candidate.id === id);
    const before = other?.failures ?? null;
    if (before === failures && (failures !== null || other?.outcome === outcome)) continue;
    const change = before === null || failures === null ? "" : signed(failures - before);
    table.push([id, severity, title, figure(before, other?.outcome), figure(failures, outcome), change]);
  }
  return [table.length === 0 ? "nothing has changed" : table.toString()];
}

function figure(count: number | null, outcome?: Outcome): string {
  if (count !== null) return grouped(count);
  return outcome === "skipped" || outcome === "error" ? outcome : "?";
}

function signed(change: number): string {
  return `${change > 0 ? "+" : "-"}${grouped(Math.abs(change))}`;
}
