/** What is new since the run before: what one opens the page for in the morning. */
import { counted, grouped } from "../../printable.ts";
import type { Account } from "../../tables/run_record.ts";
import type { PastRun, Report } from "../build_report.ts";
import { type Content, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { resultIn, runBefore } from "./shown_runs.ts";
import { timeMark } from "./words.ts";

/** The part of the page. */
export function newsSection(report: Report): Section {
  const before = runBefore(report);
  return {
    id: "news",
    heading: "Since the run before",
    body: before === null ? FIRST : news(report, before),
  };
}

const FIRST = markup`<p>There is no run before that asked the same rules.</p>`;

function news({ run, verdict }: Report, before: PastRun): Content {
  const changes = verdict.rules.flatMap((rule) => {
    const { failures: old } = resultIn(before.verdict, rule.id) ?? { failures: null };
    if (rule.failures === null || old === null || rule.failures === old) return [];
    return [{ rule, old, now: rule.failures }];
  });
  const items = [
    growth(run.account, before.run.account),
    ...(before.verdict.passed === verdict.passed ? [] : [
      before.verdict.passed
        ? "the run before passed, this one did not"
        : "the run before failed, this one did not",
    ]),
    ...changes.filter(({ old }) => old === 0).map(({ rule, now }) =>
      `${rule.id} no longer holds: ${rule.title} (${counted(now, "failure")})`
    ),
    ...changes.filter(({ now }) => now === 0).map(({ rule, old }) =>
      `${rule.id} holds again: ${rule.title} (${counted(old, "failure")} before)`
    ),
    ...changes.filter(({ now, old }) => now !== 0 && old !== 0).map(({ rule, old, now }) =>
      `${rule.id} went from ${grouped(old)} to ${counted(now, "failure")}: ${rule.title}`
    ),
  ];
  return markup`<p class="soft">Compared with the run of ${timeMark(before.run.generatedAt)}</p>
<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

const GROWING = [
  ["offsets", "offsets"],
  ["standardRows", "timetable rows"],
  ["quarantined", "messages in quarantine"],
] as const;

function growth(now: Account, before: Account): string {
  const parts = GROWING.flatMap(([name, words]) => {
    const change = now[name] - before[name];
    return change === 0 ? [] : [`${change > 0 ? "+" : "−"}${grouped(Math.abs(change))} ${words}`];
  });
  return parts.length === 0 ? "nothing came in" : parts.join(", ");
}
