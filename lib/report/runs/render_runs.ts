/** The runs that there are, as a table to find an ID in, or as lines of JSON. */
import type { RunRecord } from "../../tables/run_record.ts";
import type { Verdict } from "../../quality/evaluate_run.ts";
import { counted, grouped } from "../../printable.ts";
import { jsonText } from "../json_text.ts";
import { shortName } from "../short_name.ts";
import { type TextOptions, TextPage } from "../text_page.ts";
import { scoreText } from "../text_scores.ts";
import { textTable } from "../text_table.ts";

/** A run, and what it amounts to. */
export interface ListedRun {
  readonly run: RunRecord;
  readonly verdict: Verdict;
}

/** How the list is written. */
export interface RunsOptions {
  readonly format: string;
  readonly looks?: TextOptions | undefined;
}

const LINES = 50;
/** More of an ID is rarely needed to name one. */
const SHORT = 8;

/** The newest runs first: 50 for people; all that are given, a line each, in the formats json and ndjson. */
export function renderRuns(runs: readonly ListedRun[], { format, looks }: RunsOptions): string {
  if (format === "json" || format === "ndjson") {
    return runs.map((each) => jsonText(summaryOf(each))).join("\n");
  }
  const page = new TextPage(looks ?? { colour: false });
  const table = textTable(["run", "time", "verdict", "score", "rows", "topic"]);
  const ids = shortIds(runs.map(({ run }) => run.runId));
  for (const [at, { run, verdict }] of runs.slice(0, LINES).entries()) {
    const score = scoreOf(verdict);
    table.push([
      shortName(ids[at] ?? ""),
      `${run.generatedAt.toISOString().slice(0, 19)}Z`,
      verdict.passed ? page.paint("green", "PASSED") : page.paint("red", "FAILED"),
      score === null ? "" : scoreText(score),
      grouped(run.account.standardRows),
      shortName(run.topic),
    ]);
  }
  if (runs.length === 0) return page.fold("no run yet: `deno task process` ends with one");
  const more = runs.length - LINES;
  return [
    ...table.toString().split("\n").map((line) => line.trimEnd()),
    ...(more > 0 ? [page.paint("dim", `and ${counted(more, "run")} before; --json lists up to 1,000`)] : []),
    page.paint("dim", "`deno task report --run ID` shows one of them as things were then"),
  ].join("\n");
}

function summaryOf({ run, verdict }: ListedRun) {
  const { runId, topic, generatedAt, account, ruleSet, tableVersions } = run;
  return {
    ...{ runId, time: generatedAt.toISOString(), topic, passed: verdict.passed, score: scoreOf(verdict) },
    ...{ standardRows: account.standardRows, ruleSet, tableVersions },
  };
}

function scoreOf({ scores }: Verdict): number | null {
  return scores.find(({ dimension }) => dimension === "all")?.score ?? null;
}

/** As much of each ID as tells all of them apart. */
function shortIds(ids: readonly string[]): readonly string[] {
  const longest = ids.reduce((most, id) => Math.max(most, id.length), 0);
  for (let length = SHORT; length < longest; length++) {
    if (new Set(ids.map((id) => id.slice(0, length))).size === ids.length) {
      return ids.map((id) => id.slice(0, length));
    }
  }
  return ids;
}
