/** The scores: one line per dimension, and how they went over the runs. */
import type { Score } from "../../quality/evaluate_run.ts";
import { counted } from "../../printable.ts";
import type { PastRun, Report } from "../build_report.ts";
import { scoreText } from "../text_scores.ts";
import { lineSpark, shareBar } from "../../charts/bar.ts";
import { lineChart } from "./line_chart.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { groupRuns, leastOf, type RunGroup } from "./run_groups.ts";
import { runBefore, scoreIn, shownRuns } from "./shown_runs.ts";

const SPARK_RUNS = 20;
const CHART_RUNS = 1000;
const CHART_POINTS = 120;

/** The part of the page. */
export function scoreSection(report: Report): Section {
  const runs = shownRuns(report, CHART_RUNS);
  const before = runBefore(report);
  const groups = groupRuns(runs, CHART_POINTS);
  return {
    id: "scores",
    heading: "Scores",
    body: markup`<table>
<caption>100: all units pass all rules. Rules weigh the same, those that inform (I) nothing.</caption>
<thead><tr><th scope="col">dimension</th><th scope="col"><span class="vh">share of 100</span></th><th scope="col" class="n">score</th>${
      before === null ? null : CHANGE_HEAD
    }<th scope="col" class="wide">trend</th></tr></thead>
<tbody>${report.verdict.scores.map((score) => scoreRow(score, before, runs.slice(-SPARK_RUNS)))}</tbody>
</table>
${lineChart(seriesOf(report, groups), groups)}`,
  };
}

const CHANGE_HEAD = markup`<th scope="col" class="n">change</th>`;

function scoreRow(
  { dimension, score, rules }: Score,
  before: PastRun | null,
  runs: readonly PastRun[],
): Markup {
  const past = runs.map(({ verdict }) => scoreIn(verdict, dimension));
  const old = before === null ? null : scoreIn(before.verdict, dimension);
  const change = before === null
    ? null
    : markup`<td class="n">${score === null || old === null ? "" : changeText(score - old)}</td>`;
  const name = dimension === "all" ? "all together" : dimension;
  return markup`
<tr><th scope="row">${name}<span class="soft rules"> ${
    counted(rules, "rule")
  }</span></th><td class="barcell">${score === null ? null : shareBar(score / 100)}</td><td class="n">${
    score === null ? "not counted" : scoreText(score)
  }</td>${change}<td class="wide">${past.length < 2 ? null : lineSpark(past)}</td></tr>`;
}

function changeText(change: number): string {
  if (Math.abs(change) < 0.005) return "=";
  return `${change > 0 ? "+" : "−"}${Math.abs(change).toFixed(2)}`;
}

function seriesOf({ verdict }: Report, groups: readonly RunGroup[]) {
  return verdict.scores.map(({ dimension }) => ({
    name: dimension,
    values: groups.map((group) => leastOf(group, (run) => scoreIn(run.verdict, dimension))),
  }));
}
