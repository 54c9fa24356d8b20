/** What one rule is for, how it came out, and the rows that break it, as a page for the terminal. */
import type { RuleResult } from "../quality/evaluate_run.ts";
import type { FailingRow } from "../quality/find_failures.ts";
import type { Rule } from "../quality/rules/rule.ts";
import type { Segment } from "../quality/count_segments.ts";
import { counted, grouped, printable, shellLine } from "../printable.ts";
import { countOf, type Counts } from "../tables/counts.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { shortName } from "./short_name.ts";
import { sparkline } from "./bars.ts";
import { figuresText } from "./rule_groups.ts";
import { FAILING_ROWS_NOTE, failingRows } from "./failing_rows.ts";
import { unitsIn } from "./render_segments.ts";
import { shareText } from "./rule_groups.ts";
import { textTable } from "./text_table.ts";
import { type TextOptions, TextPage } from "./text_page.ts";

/** Everything that the page says. */
export interface Explanation {
  readonly rule: Rule;
  /** In the runs up to the newest, the oldest first. */
  readonly results: readonly RuleResult[];
  /** Of rules on rows; null of others. */
  readonly rows: readonly FailingRow[] | null;
  /** Why rows cannot be shown. */
  readonly noRows?: string;
  /** Where a rule that tells places apart fails. */
  readonly places?: { readonly by: string; readonly segments: readonly Omit<Segment, "traffic">[] };
  /** How many trains each category has in the newest run, and had in the one before. */
  readonly categories?: { readonly now: Counts; readonly before: Counts };
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
  { rule, results, rows, noRows, places, categories, landing, run = null }: Explanation,
  options: TextOptions = { colour: false },
): string {
  const page = new TextPage(options);
  const { id, title, dimension, severity, grain, why, source } = rule;
  const lines = [
    `why        ${why}`,
    ...(source === undefined ? [] : [`source     ${source}`]),
    `severity   ${SEVERITIES[severity]}`,
    `counts     ${dimension}, by ${grain}`,
    `${run === null ? "now " : "then"}       ${resultText(results.at(-1), rule.count.from)}`,
    ...(run === null ? [] : [`run        ${printable(run.runId)} of ${run.generatedAt.toISOString()}`]),
    ...inAll(results.at(-1)),
    ...trend(results, page),
  ];
  return [
    page.section(`${id}  ${title}`, lines),
    ...(noRows === undefined ? [] : [page.section("Rows cannot be shown", [printable(noRows)])]),
    ...worstPlaces(places, rule, page),
    ...categoryLines(categories, page),
    ...failing(rows, page),
    page.section("What one can do", [...freshLists(rule), ...waysOf(rule)(landing, rows?.[0])]),
  ].join("\n\n");
}

function resultText(result: RuleResult | undefined, from: Rule["count"]["from"]): string {
  if (result?.outcome === "learning" && from === "batches") {
    return "it does not apply, or nothing was counted that it could go by";
  }
  if (result?.outcome === "learning") {
    return "nothing to compare with yet: seven runs with new messages make a habit";
  }
  if (result?.reason !== undefined) return `${result.outcome}: ${printable(result.reason)}`;
  if (result?.observed !== undefined && result.usual !== undefined) {
    const { median, lowest, highest } = result.usual;
    return `${figure(result.observed)}, usually ${figure(median)} (${figure(lowest)} to ${figure(highest)})`;
  }
  if (result === undefined) return "no run has come to its end yet";
  if (result.failures === null) return "the newest run did not count it";
  const { failures, units, grain } = result;
  if (units === null) return counted(failures, "failure");
  return withFigures(`${grouped(failures)} of ${grouped(units)} ${grain}s`, result.figures);
}

/** Of a rule that is counted batch by batch: of all batches that there were. */
function inAll(result: RuleResult | undefined): readonly string[] {
  if (result?.overall === undefined) return [];
  const { failures, units, figures } = result.overall;
  const text = `${grouped(failures)} of ${grouped(units)} ${result.grain}s`;
  return [`ever       ${withFigures(text, figures)}`];
}

function withFigures(text: string, figures: RuleResult["figures"]): string {
  const more = figuresText(figures);
  return more === "" ? text : `${text}; ${more}`;
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

const WORST_PLACES = 10;
/** Of fewer, no share can be told. */
const LEAST_UNITS = 10;

/** The places with the worst shares, of the table as it is now. */
function worstPlaces(places: Explanation["places"], rule: Rule, page: TextPage): readonly string[] {
  if (places === undefined) return [];
  const measured = places.segments.map((segment) => ({
    value: segment.value,
    failures: segment.failures[rule.id] ?? 0,
    units: unitsIn(segment, rule),
  }));
  const worst = measured.filter(({ units, failures }) => units >= LEAST_UNITS && failures > 0)
    .sort((a, b) => b.failures / b.units - a.failures / a.units || b.units - a.units)
    .slice(0, WORST_PLACES);
  if (worst.length === 0) return [];
  const table = textTable([places.by, "failures", "of", "share"]);
  for (const { value, failures, units } of worst) {
    const name = value === "" ? "(none)" : shortName(value);
    table.push([name, grouped(failures), grouped(units), shareText(failures / units)]);
  }
  const title = `The worst of ${
    grouped(places.segments.length)
  } ${places.by}s with ${LEAST_UNITS} ${rule.grain}s at least`;
  return [page.section(title, [table.toString()])];
}

const MOST_CATEGORIES = 20;

/** The largest first, with what has come since the run before. */
function categoryLines(categories: Explanation["categories"], page: TextPage): readonly string[] {
  if (categories === undefined) return [];
  const { now, before } = categories;
  const sum = (counts: Counts) => Object.values(counts).reduce((total, count) => total + count, 0);
  const share = (count: number, all: number) => all === 0 ? "" : shareText(count / all);
  const [all, allBefore] = [sum(now), sum(before)];
  const table = textTable(["category", "trains", "share", "since the run before", "share before"]);
  const sorted = Object.entries(now).sort(([, a], [, b]) => b - a).slice(0, MOST_CATEGORIES);
  for (const [name, count] of sorted) {
    const known = countOf(before, name), change = count - known;
    const sign = change < 0 ? "-" : "+";
    const cells = [share(count, all), `${sign}${grouped(Math.abs(change))}`, share(known, allBefore)];
    table.push([name === "" ? "(none)" : shortName(name), grouped(count), ...cells]);
  }
  return [page.section("Trains by category", [table.toString()])];
}

function freshLists({ count }: Rule): readonly string[] {
  if (count.from !== "rows" || count.needs === undefined) return [];
  return ["the lists may be old: `deno task fetch --metadata --full`, then `deno task process`"];
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
  batches: (landing) => [
    "no rows can be shown: what was there before is gone when it is counted",
    "the counts of each batch are in the column measures of the batches:",
    `  deno task table cat ${shellLine([landing.replace(/landing_zone.*$/, "quality_zone/batches")])} \\`,
    "    --format ndjson",
  ],
  drift: (landing) => [
    `the messages are in ${landing} as they came; no table but this one has unknown fields`,
    "`schema:` in quality.yaml says whether unknown fields and values fail the report, and which are known by now",
  ],
  history: () => ["`deno task status` shows what was fetched last, and what waits"],
};

/** Rules on a run whose failures are to be found elsewhere than in the status. */
const WAYS_OF_RULES: Readonly<Record<string, Ways>> = {
  O4: () => [
    "`deno task fetch --full` publishes the live trains again, `deno task replay` recorded ones; process more " +
    "often, or raise the topic's retention",
  ],
  U1: () => ["remove the folder of the standard table: `deno task process` rebuilds it from landing"],
  S1: WAYS.rejections,
  S2: () => [
    "`deno task report` names the fields and values under Schema drift; landing has them",
    "`schema:` in quality.yaml says what they mean; under discard_row `deno task quarantine list --reason schema_drift` has them",
  ],
};

function waysOf({ id, count }: Rule): Ways {
  return WAYS_OF_RULES[id] ?? WAYS[count.from];
}
