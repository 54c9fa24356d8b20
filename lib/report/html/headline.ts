/** The top of the page: the verdict as a sentence, then what it is about. */
import type { Verdict } from "../../quality/evaluate_run.ts";
import { counted, grouped } from "../../printable.ts";
import type { Report, SinceRun } from "../build_report.ts";
import { formatAge } from "../../text/age_text.ts";
import { type Content, type Markup, markup } from "../../charts/markup.ts";
import { foreign } from "../../charts/marks.ts";
import { commandMark, type CompleteCommand, timeMark, timeText } from "./words.ts";

/** The name of the page, as a tab of a browser shows it. */
export function pageTitle({ run, verdict }: Report): string {
  return `${verdictWord(verdict)}: quality report of ${run.topic}, ${timeText(run.generatedAt)} UTC`;
}

/** The verdict first. */
export function headline(report: Report, complete: CompleteCommand): Markup {
  const { run, verdict, since, missing } = report;
  const tone = verdict.passed ? "good" : "bad";
  return markup`
<p class="top"><span class="badge ${tone}">${verdictWord(verdict)}</span> <span>Quality report of ${
    foreign(run.topic)
  }</span></p>
<h1>${sentence(verdict)}</h1>
<p>${warnings(verdict)}</p>
${since === null ? AS_THEN : sinceThen(since, complete)}${missing.map((text) => notShown(complete(text)))}
<dl class="facts">${
    facts(report).map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)
  }</dl>`;
}

function verdictWord({ passed }: Verdict): string {
  return passed ? "PASSED" : "FAILED";
}

function sentence({ rules, equations }: Verdict): string {
  const errors = rules.filter(({ severity, outcome }) => severity === "E" && outcome !== "learning");
  const countOf = (wanted: string) => errors.filter(({ outcome }) => outcome === wanted).length;
  const of = counted(errors.length, "error rule");
  const faults = [["broken", countOf("failed")], [
    "not counted",
    countOf("unknown") + countOf("error"),
  ]] as const;
  const broken = faults.flatMap(([what, count]) =>
    count === 0 ? [] : [`${count} of ${of} ${isAre(count)} ${what}`]
  );
  if (equations.every(({ holds }) => holds)) {
    const end = "every message is accounted for.";
    return broken.length === 0 ? `All ${of} hold and ${end}` : `${broken.join(", ")}; ${end}`;
  }
  const end = "the sums do not add up.";
  return broken.length === 0 ? `All ${of} hold, but ${end}` : `${broken.join(", ")}, and ${end}`;
}

function isAre(count: number): string {
  return count === 1 ? "is" : "are";
}

function warnings({ rules }: Verdict): string {
  const looks = rules.filter(({ outcome }) => outcome === "look");
  if (looks.length === 0) return "No warning.";
  const ids = looks.map(({ id }) => id).join(", ");
  return `${counted(looks.length, "warning")} ${isAre(looks.length)} worth a look: ${ids}.`;
}

const AS_THEN = markup`<p class="since">Shown as things were when the run measured them.</p>`;

function notShown(text: string): Markup {
  return markup`<p class="since"><strong>Cannot be shown</strong>: ${text}</p>`;
}

/** A verdict holds for its run alone: what came after is said beside it. */
function sinceThen(
  { ingested, unmerged, waiting, isRefused }: SinceRun,
  complete: CompleteCommand,
): Markup | null {
  const parts = [
    ...(ingested > 0 ? [`${counted(ingested, "offset")} ingested that no run has measured`] : []),
    ...(unmerged > 0 ? [`${counted(unmerged, "offset")} landed and not merged`] : []),
    ...(waiting !== null && waiting > 0 ? [`${counted(waiting, "offset")} waiting`] : []),
  ];
  if (parts.length === 0 && !isRefused) return null;
  const step = isRefused
    ? markup`<code>process</code> refuses the log of now; ${
      commandMark("deno task status", complete)
    } says why.`
    : markup`${commandMark("deno task process", complete)} goes on from there.`;
  return markup`<p class="since"><strong>Since then</strong>: ${parts.join(", ")}${
    parts.length > 0 ? "; " : ""
  }${step}</p>`;
}

function facts(
  { run, since, freshnessSeconds, madeAt }: Report,
): readonly (readonly [term: string, value: Content])[] {
  return [
    ["Run", timeMark(run.generatedAt)],
    ["Newest message", freshnessSeconds === null ? "none yet" : `${formatAge(freshnessSeconds)} old`],
    ["Timetable rows", grouped(run.account.standardRows)],
    ...(run.units === null ? [] : [["Trains", grouped(run.units.trains)] as const]),
    ["Waiting at the end of the run", counted(run.lag, "offset")],
    ["Rule set", run.ruleSet === null ? "of version 0.1.0" : foreign(run.ruleSet)],
    ["Run id", foreign(run.runId)],
    ["Report made", since === null ? "as of the run" : timeMark(madeAt)],
  ];
}
