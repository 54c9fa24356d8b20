/** The report as a page for the terminal, 80 columns wide. */
import { counted, grouped, printable } from "../printable.ts";
import { LICENCE } from "../tables/licence.ts";
import type { Account } from "../tables/run_record.ts";
import type { Report, SinceRun, TableFigures } from "./build_report.ts";
import { FAILING_ROWS_NOTE, failingRows } from "./failing_rows.ts";
import { ruleLines } from "./text_rules.ts";
import { scoreCard } from "./text_scores.ts";
import { formatSize, textTable } from "./text_table.ts";
import { formatAge } from "../text/age_text.ts";
import { type TextOptions, TextPage } from "./text_page.ts";
import { trafficSection } from "./traffic/text_traffic.ts";

/** Renders sections one under the other; the verdict is the last line. */
export function renderText(report: Report, options: TextOptions): string {
  const page = new TextPage(options);
  const { run: { missingValues, quarantineReasons, schemaDrift }, tables } = report;
  return [
    headline(report, page),
    scoreCard(report, page),
    page.section("Accounting", accounting(report, page)),
    ruleLines(report, page),
    ...samples(report, page),
    ...trafficSection(report, page),
    ...missing(missingValues, page),
    ...counts("Quarantine, by reason", quarantineReasons, page),
    ...counts("Schema drift, times seen", schemaDrift, page),
    page.section("Tables", tableFigures(tables)),
    page.paint("dim", LICENCE),
    ending(report, page),
  ].join("\n\n");
}

function headline({ run, since, missing, freshnessSeconds }: Report, page: TextPage): string {
  const age = freshnessSeconds === null
    ? "no message yet"
    : `newest message ${formatAge(freshnessSeconds)} old`;
  const lag = run.lag === 0 ? "nothing was waiting" : `${counted(run.lag, "offset")} were waiting`;
  const trains = run.units === null ? "" : ` of ${counted(run.units.trains, "train")}`;
  const rules = run.ruleSet === null ? "" : `, rules ${printable(run.ruleSet)}`;
  return [
    `${page.paint("bold", "Quality report")} of ${printable(run.topic)}`,
    `run of ${run.generatedAt.toISOString()}${rules}`,
    `${grouped(run.account.standardRows)} timetable rows${trains}; ${age}; ${lag}`,
    ...(since === null ? [`as things were then: run ${printable(run.runId)}`] : sinceThen(since, page)),
    ...missing.map((text) => `${page.paint("yellow", "cannot be shown")}: ${printable(text)}`),
  ].map((line) => page.fold(line)).join("\n");
}

/** A verdict holds for its run alone: what came after is said beside it. */
function sinceThen({ ingested, unmerged, waiting, isRefused }: SinceRun, page: TextPage): readonly string[] {
  const parts = [
    ...(ingested > 0 ? [`${counted(ingested, "offset")} ingested that no run has measured`] : []),
    ...(unmerged > 0 ? [`${counted(unmerged, "offset")} landed and not merged`] : []),
    ...(waiting !== null && waiting > 0 ? [`${counted(waiting, "offset")} waiting`] : []),
  ];
  if (parts.length === 0 && !isRefused) return [];
  const step = isRefused
    ? "`process` refuses the log of now; `deno task status` says why"
    : "`deno task process` goes on from there";
  return [`${page.paint("yellow", "since then")}: ${parts.join(", ")}${parts.length > 0 ? "; " : ""}${step}`];
}

/** Sums that hold are said as sums; others as what should be equal and is not. */
function accounting({ verdict: { equations }, run: { account } }: Report, page: TextPage): readonly string[] {
  const broken = equations.filter(({ holds }) => !holds).map(({ name, left, right }) =>
    page.paint("red", `FAILED: ${name}, found ${grouped(left)} and ${grouped(right)}`)
  );
  return [
    sum(account, "offsets", ["landed", "expired", "gaps"]),
    sum(account, "landed", ["accepted", "duplicate", "stale", "quarantined"]),
    `${grouped(account.rowsAdded)} rows added - ${grouped(account.rowsRemoved)} removed = ` +
    `${grouped(account.standardRows)} rows of the standard table`,
    ...(broken.length > 0
      ? broken
      : [page.paint("green", `all ${equations.length} equations hold, the tables' own rows among them`)]),
  ];
}

/** "3 landed = 2 accepted + 1 stale". */
function sum(account: Account, whole: keyof Account, parts: readonly (keyof Account)[]): string {
  const figure = (name: keyof Account) => `${grouped(account[name])} ${name}`;
  return `${figure(whole)} = ${parts.map(figure).join(" + ")}`;
}

/** The rows themselves are what one wants to see of a report that failed. */
function samples({ samples }: Report, page: TextPage): readonly string[] {
  if (samples.length === 0) return [];
  const lines = samples.flatMap(({ ruleId, rows }) => [page.paint("red", ruleId), failingRows(rows)]);
  return [page.section("Rows that fail the report", [...lines, page.paint("dim", FAILING_ROWS_NOTE)])];
}

function missing(values: Readonly<Record<string, number>>, page: TextPage): readonly string[] {
  const table = textTable(["column", "absent", "empty"]);
  for (const [column, absent] of Object.entries(values)) {
    const empty = values[`${column}_empty`] ?? 0;
    if (column.endsWith("_empty") || absent + empty === 0) continue;
    table.push([column, grouped(absent), grouped(empty)]);
  }
  return table.length === 0 ? [] : [page.section("Missing values", [table.toString()])];
}

function counts(
  title: string,
  found: Readonly<Record<string, number>>,
  page: TextPage,
): readonly string[] {
  const sorted = Object.entries(found).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return [];
  return [
    page.section(title, sorted.map(([name, count]) => `${grouped(count).padStart(9)}  ${printable(name)}`)),
  ];
}

function tableFigures(figures: readonly TableFigures[]): readonly string[] {
  const table = textTable(["table", "version", "files", "rows", "size"]);
  for (const { path, version, files, rows, sizeBytes } of figures) {
    table.push([path, version, grouped(files), grouped(rows), formatSize(sizeBytes)]);
  }
  return [table.toString()];
}

/** What to do next, then the verdict: the last line is what one looks for. */
function ending({ verdict }: Report, page: TextPage): string {
  const { rules, equations, passed } = verdict;
  const countOf = (outcome: string) => rules.filter((rule) => rule.outcome === outcome).length;
  const first = rules.find(({ outcome }) => outcome === "failed") ??
    rules.find(({ outcome }) => outcome === "error") ??
    rules.find(({ outcome }) => outcome === "look");
  const next = first === undefined ? [] : [
    `next: \`deno task report --explain ${first.id}\` shows what ${first.id} is for and what breaks it`,
  ];
  // What does not apply does not hold either, and that is no news.
  const errors = rules.filter(({ severity, outcome }) => severity === "E" && outcome !== "learning");
  const holding = errors.filter(({ outcome }) => outcome === "passed").length;
  const sums = equations.every(({ holds }) => holds) ? "the sums add up" : "the sums do not add up";
  const word = passed ? page.paint("green", "PASSED") : page.paint("red", "FAILED");
  const looks = countOf("look") === 0 ? "" : `, ${counted(countOf("look"), "warning")}`;
  const threw = countOf("error") === 0 ? "" : `, ${counted(countOf("error"), "rule")} threw`;
  const skipped = countOf("skipped") === 0 ? "" : `, ${counted(countOf("skipped"), "rule")} skipped`;
  const all = `${holding} of ${errors.length} error rules hold, ${sums}${looks}${threw}${skipped}`;
  return [...next, `${word}: ${all}`].map((line) => page.fold(line)).join("\n");
}
