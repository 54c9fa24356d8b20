/** The scorecard of the page: each dimension with its bar, what has changed since the last run, and the runs before. */
import type { Score, Verdict } from "../quality/evaluate_run.ts";
import { shareBar, sparkline } from "./bars.ts";
import type { PastRun, Report } from "./build_report.ts";
import type { TextPage } from "./text_page.ts";

const BAR_WIDTH = 20;

/** A line per dimension, and one for all. */
export function scoreCard({ run, verdict, history }: Report, page: TextPage): string {
  const last = history.at(-1);
  const isComparable = last !== undefined && last.run.ruleSet === run.ruleSet;
  const lines = verdict.scores.map((score) =>
    scoreLine(score, {
      before: isComparable ? scoreIn(last.verdict, score.dimension) : null,
      past: trendOf(history, run.ruleSet, score),
    }, page)
  );
  const hint = "100: all units pass all rules; each rule weighs the same, an I rule nothing";
  return page.section("Scores", [...lines, page.paint("dim", hint)]);
}

interface Trend {
  /** In the run before; null when it was measured with other rules. */
  readonly before: number | null;
  readonly past: readonly (number | null)[];
}

function scoreLine({ dimension, score }: Score, { before, past }: Trend, page: TextPage): string {
  if (score === null) return page.columns([[dimension, 12], ["not counted", 0]]);
  const bar = shareBar(score / 100, BAR_WIDTH, page.bars);
  const change = before === null ? "" : changeText(score - before);
  const colour = score >= 99.95 ? "green" : score >= 95 ? "yellow" : "red";
  const cells = page.columns([[dimension, 12], [bar, BAR_WIDTH], [scoreText(score), -6]]);
  const rest = past.length === 0 ? "" : ` ${change.padStart(7)}  ${sparkline(past, page.bars, "least")}`;
  return `${page.paint(colour, cells)}${rest}`;
}

function trendOf(history: readonly PastRun[], ruleSet: string | null, { dimension, score }: Score) {
  if (history.length === 0) return [];
  const past = history.map(({ run, verdict }) =>
    run.ruleSet === ruleSet ? scoreIn(verdict, dimension) : null
  );
  return [...past, score];
}

function scoreIn({ scores }: Verdict, dimension: Score["dimension"]): number | null {
  return scores.find((score) => score.dimension === dimension)?.score ?? null;
}

/** 100 only where nothing fails. */
export function scoreText(score: number): string {
  return score < 100 && score > 99.99 ? "99.99" : score.toFixed(score === 100 ? 0 : 2);
}

function changeText(change: number): string {
  if (Math.abs(change) < 0.005) return "=";
  return `${change > 0 ? "+" : "-"}${Math.abs(change).toFixed(2)}`;
}
