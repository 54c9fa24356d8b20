/** What one rule is for, how it came out, and the rows that break it, as a page for the terminal. */
import type { RuleResult } from "../quality/evaluate_run.ts";
import type { FailingRow } from "../quality/find_failures.ts";
import type { Rule } from "../quality/rules/rule.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { grouped, printable, shellLine } from "../printable.ts";
import { sparkline } from "./bars.ts";
import { FAILING_ROWS_NOTE, failingRows } from "./failing_rows.ts";
import { type TextOptions, TextPage } from "./text_page.ts";

/** Everything that the page says. */
export interface Explanation {
  readonly rule: Rule;
  /** In the runs up to the newest, the oldest first. */
  readonly results: readonly RuleResult[];
  /** Of rules on rows; null of others. */
  readonly rows: readonly FailingRow[] | null;
  /** The folder of the table with all messages. */
  readonly landing: string;
  /** The run as of which it is explained; null for the newest, and the table as it is. */
  readonly run?: RunRecord | null;
}

const SEVERITIES = {
  E: "E: a failure fails the report (exit code 3)",
  W: "W: worth a look, fails nothing",
  I: "I: for information, has no weight in the scores",
} as const;

/** Renders the page. */
export function renderExplanation(
  { rule, results, rows, landing, run = null }: Explanation,
  options: TextOptions = { colour: false },
): string {
  const page = new TextPage(options);
  const { id, title, dimension, severity, grain, why } = rule;
  const lines = [
    `why        ${why}`,
    `severity   ${SEVERITIES[severity]}`,
    `counts     ${dimension}, by ${grain}`,
    `${run === null ? "now " : "then"}       ${resultText(results.at(-1))}`,
    ...(run === null ? [] : [`run        ${printable(run.runId)} of ${run.generatedAt.toISOString()}`]),
    ...trend(results, page),
  ];
  return [
    page.section(`${id}  ${title}`, lines),
    ...failing(rows, page),
    page.section("What one can do", WAYS[rule.count.from](landing, rows?.[0])),
  ].join("\n\n");
}

function resultText(result: RuleResult | undefined): string {
  if (result?.outcome === "learning") {
    return "nothing to compare with yet: seven runs with new messages make a habit";
  }
  if (result?.observed !== undefined && result.usual !== undefined) {
    const { median, lowest, highest } = result.usual;
    return `${figure(result.observed)}, usually ${figure(median)} (${figure(lowest)} to ${figure(highest)})`;
  }
  if (result === undefined || result.failures === null) return "the newest run did not count it";
  const { failures, units, grain } = result;
  if (units === null) return `${grouped(failures)} failures`;
  return `${grouped(failures)} of ${grouped(units)} ${grain}s`;
}

function figure(value: number): string {
  return Math.abs(value) >= 1000 ? grouped(Math.round(value)) : String(Math.round(10 * value) / 10);
}

function trend(results: readonly RuleResult[], page: TextPage): readonly string[] {
  if (results.length < 2) return [];
  const found = results.map((result) => result.observed ?? result.failures);
  const numbers = found.map((value) => value === null ? "?" : figure(value)).join(" ");
  return [`last runs  ${sparkline(found, page.bars)}  ${numbers}`];
}

function failing(rows: readonly FailingRow[] | null, page: TextPage): readonly string[] {
  if (rows === null) return [];
  if (rows.length === 0) return [page.section("No row of the table breaks it", [])];
  const lines = [failingRows(rows), page.paint("dim", FAILING_ROWS_NOTE)];
  return [page.section("Rows that break it, the newest files first", lines)];
}

type Ways = (landing: string, row: FailingRow | undefined) => readonly string[];

const WAYS: Readonly<Record<Rule["count"]["from"], Ways>> = {
  rows: (landing, row) => [
    "the values come from the source: tell it, or leave such rows out of your figures",
    ...(row === undefined ? [] : [
      "the first message as it was received (partition:offset):",
      `  deno task table cat ${shellLine([landing])} \\`,
      `    --where "kafkaPartition = ${row.partition} and kafkaOffset = ${row.offset}" --format ndjson`,
    ]),
  ],
  rejections: () => [
    "`deno task quarantine list` lists the messages with their reasons, `show ID` shows one of them",
  ],
  run: () => ["`deno task status` shows each partition, what waits and what to do next"],
  history: () => ["`deno task status` shows what was fetched last, and what waits"],
};
