/** The report as a page of GitHub-flavoured Markdown, such as the summary of a step. */
import { counted, grouped } from "../printable.ts";
import type { RuleResult } from "../quality/evaluate_run.ts";
import type { Counts } from "../tables/counts.ts";
import { LICENCE_LINE } from "../tables/licence.ts";
import type { Report } from "./build_report.ts";
import { describeFailures } from "./describe_rule.ts";
import { markdownName, markdownTable, markdownText } from "./markdown_text.ts";
import { onTimeRules, onTimeText, topCauses } from "./traffic/delay_text.ts";
import { shortName } from "./short_name.ts";
import { formatSize } from "./text_table.ts";
import { delayText } from "../text/delay_text.ts";

/** The most names of a list from outside: a summary may have 1 MiB. */
const MOST_NAMES = 50;

const CAUSES_SHOWN = 6;

const WORDS = {
  passed: "ok",
  failed: "**failed**",
  look: "look",
  note: "note",
  learning: "learning",
  skipped: "skipped",
  error: "**threw**",
  unknown: "not counted",
} as const;

/** Sections one under the other, the verdict first and the licence last; rules that hold are folded away. */
export function renderMarkdown(report: Report): string {
  const { run, verdict, tables } = report;
  const isBroken = ({ outcome }: RuleResult) =>
    outcome !== "passed" && outcome !== "learning" && outcome !== "skipped";
  const broken = verdict.rules.filter(isBroken);
  const others = verdict.rules.filter((rule) => !isBroken(rule));
  return [
    `## Quality report of ${markdownName(shortName(run.topic))}: ${verdict.passed ? "passed" : "failed"}`,
    sentence(report),
    `### Scores\n\n${scores(report)}`,
    `### Accounting\n\n${accounting(report)}`,
    `### Rules\n\n${broken.length === 0 ? "Nothing is broken." : rules(broken)}`,
    ...folded(counted(others.length, "other rule"), rules(others)),
    ...traffic(report),
    ...names("Quarantine", run.quarantineReasons, ["reason", "messages"]),
    ...names("Schema drift", run.schemaDrift, ["field", "times seen"]),
    ...folded("Tables", tableFigures(tables)),
    markdownText(LICENCE_LINE),
  ].join("\n\n");
}

function sentence({ run, freshnessSeconds, madeAt }: Report): string {
  const age = freshnessSeconds === null
    ? "no message yet"
    : `newest message of ${run.newestMessageTime?.toISOString()}`;
  return `${
    counted(run.account.standardRows, "timetable row")
  }; ${age}; run of ${run.generatedAt.toISOString()} ` +
    `(${markdownName(shortName(run.runId))}), report of ${madeAt.toISOString()}`;
}

function scores({ verdict }: Report): string {
  const rows = verdict.scores.map(({ dimension, score, rules }) => [
    dimension,
    score === null ? "not counted" : score.toFixed(2),
    grouped(rules),
  ]);
  return markdownTable(["dimension", "score", "rules"], rows, { rightFrom: 1 });
}

function accounting({ verdict }: Report): string {
  const rows = verdict.equations.map(({ name, left, right, holds }) => [
    markdownText(name),
    grouped(left),
    grouped(right),
    holds ? WORDS.passed : WORDS.failed,
  ]);
  return markdownTable(["must be equal", "left", "right", ""], rows, { rightFrom: 1 });
}

function rules(results: readonly RuleResult[]): string {
  const rows = results.map((rule) => [
    rule.id,
    rule.severity,
    markdownText(rule.title),
    markdownText(describeFailures(rule)),
    WORDS[rule.outcome],
  ]);
  return markdownTable(["id", "", "rule", "failures", ""], rows, { rightFrom: 5 });
}

/** Only what was counted. */
function traffic({ traffic: kinds }: Report): readonly string[] {
  if (kinds === null || kinds.length === 0) return [];
  const rows = kinds.map((kind) => [
    markdownText(kind.name),
    topCauses(kind, CAUSES_SHOWN).map(([code, trains]) =>
      `${markdownName(shortName(code))} ${grouped(trains)}`
    )
      .join(", "),
    grouped(kind.arrived),
    onTimeText(kind),
    delayText(kind.medianSeconds),
    delayText(kind.p90Seconds),
    grouped(kind.cancelled),
    grouped(kind.partlyCancelled),
  ]);
  const head = ["trains", "causes", "arrived", "on time", "median", "p90", "cancelled", "in part"];
  return [
    `### Traffic\n\n${markdownTable(head, rows, { rightFrom: 2 })}`,
    markdownText(`On time: ${onTimeRules(kinds)}.`),
  ];
}

function names(title: string, counts: Counts, head: readonly string[]): readonly string[] {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return [];
  const rows = sorted.slice(0, MOST_NAMES).map((
    [name, count],
  ) => [markdownName(shortName(name)), grouped(count)]);
  const more = sorted.length - rows.length;
  const rest = more > 0 ? `\n\nand ${grouped(more)} more` : "";
  return [`### ${title}\n\n${markdownTable(head, rows, { rightFrom: 1 })}${rest}`];
}

function tableFigures(tables: Report["tables"]): string {
  const rows = tables.map(({ path, version, files, rows, sizeBytes }) => [
    markdownName(path),
    String(version),
    grouped(files),
    grouped(rows),
    formatSize(sizeBytes),
  ]);
  return markdownTable(["table", "version", "files", "rows", "size"], rows, { rightFrom: 1 });
}

/** Markdown inside of HTML needs empty lines around it. */
function folded(title: string, page: string): readonly string[] {
  return [`<details><summary>${title}</summary>`, page, "</details>"];
}
