/** Rules by runs: a table whose cells are squares as large and as dark as the share of what failed. */
import type { RuleResult } from "../../quality/evaluate_run.ts";
import { counted, grouped } from "../../printable.ts";
import type { PastRun, Report } from "../build_report.ts";
import { brokenGroups, shareText } from "../rule_groups.ts";
import { type Content, type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { resultIn, shownRuns } from "./shown_runs.ts";
import { spoken } from "../../charts/marks.ts";
import { outcomeMark, timeText } from "./words.ts";

const RUNS_SHOWN = 20;
/** Below so much of all units a square has the size of its place in this list. */
const LEVELS = [0.0001, 0.001, 0.01, 0.1] as const;

/** The part of the page. */
export function heatMapSection(report: Report): Section {
  const runs = shownRuns(report, RUNS_SHOWN);
  const rules = troubled(report, runs);
  return {
    id: "runs",
    heading: "Rules over the runs",
    body: rules.length === 0 ? QUIET : heatMap(rules, runs),
  };
}

const QUIET = markup`<p>Every rule held in every run that asked the same rules.</p>`;

/** Rules that did not hold in some of the runs, in the order of the rules table. */
function troubled({ verdict: { rules } }: Report, runs: readonly PastRun[]): readonly RuleResult[] {
  const now = brokenGroups(rules).flatMap((group) => group.rules);
  const before = rules.filter((rule) =>
    !now.includes(rule) && runs.some(({ verdict }) => isTrouble(resultIn(verdict, rule.id)))
  );
  return [...now, ...before];
}

function isTrouble(result: RuleResult | null): boolean {
  return result !== null && result.outcome !== "learning" && result.outcome !== "skipped" &&
    result.failures !== 0;
}

function heatMap(rules: readonly RuleResult[], runs: readonly PastRun[]): Content {
  return markup`<div class="scroll" role="region" aria-label="Table of rules and runs" tabindex="0"><table class="heat">
<caption><span>Share of units that break a rule, in ${
    counted(runs.length, "run")
  }, the newest on the right; rules that held in all of them are left out</span></caption>
<thead><tr><th scope="col">${spoken("rule")}</th>${runs.map(columnHead)}</tr></thead>
<tbody>${rules.map((rule) => ruleRow(rule, runs))}</tbody>
</table></div>
<ul class="key heat soft" aria-hidden="true">${
    KEY.map(([look, text]) => markup`<li class="${look}"><span class="cell"><i></i></span> ${text}</li>`)
  }</ul>`;
}

const KEY = [
  ["h1", "under 0.01%"],
  ["h2", "under 0.1%"],
  ["h3", "under 1%"],
  ["h4", "under 10%"],
  ["h5", "10% and more"],
  ["hn", "a count without a whole"],
  ["hu", "not counted"],
] as const;

function columnHead({ run, verdict }: PastRun): Markup {
  return markup`<th scope="col" title="${timeText(run.generatedAt)} UTC">${
    spoken(timeText(run.generatedAt))
  }${outcomeMark(verdict.passed ? "passed" : "failed")}</th>`;
}

function ruleRow({ id, title }: RuleResult, runs: readonly PastRun[]): Markup {
  return markup`
<tr><th scope="row"><b>${id}</b><span class="wide-inline"> ${title}</span></th>${
    runs.map(({ run, verdict }) => {
      const result = resultIn(verdict, id);
      const text = cellText(result);
      return markup`<td class="${lookOf(result)}" title="${id}, ${
        timeText(run.generatedAt)
      }: ${text}"><i></i>${spoken(text)}</td>`;
    })
  }</tr>`;
}

function cellText(result: RuleResult | null): string {
  if (result?.outcome === "skipped" || result?.outcome === "error") {
    return result.outcome === "error" ? "threw" : "skipped";
  }
  if (result === null || result.failures === null) return "not counted";
  const { failures, units, grain } = result;
  if (failures === 0) return "0";
  if (units === null || units === 0) return grouped(failures);
  return `${grouped(failures)} of ${counted(units, grain)}, ${shareText(failures / units)}`;
}

function lookOf(result: RuleResult | null): string {
  if (result === null || result.failures === null) return "hu";
  const { failures, units } = result;
  if (failures === 0) return "h0";
  if (units === null || units === 0) return "hn";
  const level = LEVELS.findIndex((limit) => failures / units < limit);
  return `h${level === -1 ? 5 : level + 1}`;
}
