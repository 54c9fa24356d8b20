/** How long messages took to the standard table, run by run: from the median up to the 95th percentile, and by stage. */
import { counted, grouped } from "../../printable.ts";
import type { RuleResult } from "../../quality/evaluate_run.ts";
import type { PastRun, Report } from "../build_report.ts";
import { valueText } from "../rule_groups.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import { px } from "../../charts/marks.ts";
import { timeMark, timeText } from "./words.ts";

/** The rule that knows. */
const RULE = "T5";
const RUNS_SHOWN = 40;
/** Seconds from which on the rule counts a message as late. */
const LIMIT = 300;
/** Seconds where the axis may have a line: the times are from milliseconds to days. */
const TICKS: readonly (readonly [seconds: number, text: string])[] = [
  ...[[0.001, "1 ms"], [0.01, "10 ms"], [0.1, "100 ms"], [1, "1 s"], [10, "10 s"]] as const,
  ...[[60, "1 min"], [600, "10 min"], [3600, "1 h"], [36_000, "10 h"], [360_000, "100 h"]] as const,
  ...[[3_600_000, "1,000 h"], [36_000_000, "10,000 h"]] as const,
];
const FRAMES = [
  { name: "wide", width: 900, height: 220 },
  { name: "narrow", width: 340, height: 200 },
] as const;
const TOP = 10, BOTTOM = 26, LEFT = 60, RIGHT = 8, WIDEST = 24;

/** Of the messages that a run has brought to the standard table; seconds. */
interface Latency {
  readonly at: Date;
  readonly messages: number;
  readonly half: number;
  readonly most: number;
  readonly figures: NonNullable<RuleResult["figures"]>;
}

/** The figure; null where no run has brought messages whose way is known. */
export function latencyFigure(
  { run, verdict, history }: Pick<Report, "run" | "verdict" | "history">,
): Markup | null {
  const runs = [...history.filter((past) => past.run.topic === run.topic), { run, verdict }];
  const shown = runs.flatMap(latencyOf).slice(-RUNS_SHOWN);
  const newest = shown.at(-1);
  if (newest === undefined) return null;
  const title =
    `half of the messages of the newest run were in the tables within ${valueText(newest.half, "s")}, ` +
    `95 % within ${valueText(newest.most, "s")}`;
  const description = describe(shown);
  return markup`<figure><h3>Latency: ${title}</h3>
${FRAMES.map((frame) => picture(frame, shown, { title, description }))}
<figcaption>${description}</figcaption>
${numbers(shown)}</figure>`;
}

function describe(runs: readonly Latency[]): string {
  const late = runs.filter(({ most }) => most > LIMIT).length;
  const limit = isWithin(ticksAround(runs)) ? " The dashed line is at 5 minutes." : "";
  return `From fetched (of recordings: from published) to the standard table, in ${
    counted(runs.length, "run")
  } that brought messages, the newest on the right: a column reaches from the median up to the 95th percentile, ` +
    `each line of the axis is about ten times the one below.${limit} ${
      late === 0 ? "In no run" : `In ${counted(late, "run")}`
    } more than one message in twenty took over 5 minutes.`;
}

/** Nothing of a run without new messages, or whose batches were not measured. */
function latencyOf({ run, verdict }: PastRun): readonly Latency[] {
  const { units, figures = [] } = verdict.rules.find(({ id }) => id === RULE) ?? { units: null };
  const valueOf = (name: string) => figures.find((figure) => figure.name === name)?.value ?? null;
  const half = valueOf("in all p50"), most = valueOf("in all p95");
  if (half === null || most === null) return [];
  return [{ at: run.generatedAt, messages: units ?? 0, half, most, figures }];
}

interface Texts {
  readonly title: string;
  readonly description: string;
}

function picture(
  { name, width, height }: typeof FRAMES[number],
  runs: readonly Latency[],
  { title, description }: Texts,
): Markup {
  const ticks = ticksAround(runs);
  const [low = 1, high = 1] = [ticks[0]?.[0], ticks.at(-1)?.[0]];
  const y = (seconds: number) =>
    TOP + (height - TOP - BOTTOM) * (1 - Math.log(Math.max(seconds, low) / low) / Math.log(high / low));
  const step = (width - LEFT - RIGHT) / runs.length;
  return markup`<svg class="chart ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="latency-${name}-t latency-${name}-d">
<title id="latency-${name}-t">${title}</title>
<desc id="latency-${name}-d">${description}</desc>
${
    ticks.map(([seconds, text]) =>
      markup`<path class="grid" d="M${LEFT} ${px(y(seconds))}H${
        width - RIGHT
      }"/><text class="dim" text-anchor="end" x="${LEFT - 6}" y="${px(y(seconds) + 4)}">${text}</text>`
    )
  }${isWithin(ticks) ? markup`<path class="limit" d="M${LEFT} ${px(y(LIMIT))}H${width - RIGHT}"/>` : null}
${runs.map((run, at) => column(run, { x: LEFT + (at + 0.5) * step, wide: Math.min(step - 2, WIDEST), y }))}${
    dates(runs, { width, height })
  }
</svg>`;
}

interface Place {
  /** Its middle. */
  readonly x: number;
  readonly wide: number;
  readonly y: (seconds: number) => number;
}

/** The median is the foot of the column, which is seen where both are the same too. */
function column({ half, most }: Latency, { x, wide, y }: Place): Markup {
  const high = Math.max(y(half) - y(most), 2);
  return markup`<rect class="p2" x="${px(x - wide / 2)}" y="${px(y(half) - high)}" width="${
    px(wide)
  }" height="${px(high)}"/><rect class="p3" x="${px(x - wide / 2)}" y="${px(y(half) - 1)}" width="${
    px(wide)
  }" height="3"/>`;
}

/** Lines from the last one below all values to the first one above. */
function ticksAround(runs: readonly Latency[]): typeof TICKS {
  const least = runs.reduce((min, { half }) => Math.min(min, half), Infinity);
  const highest = runs.reduce((max, { most }) => Math.max(max, most), 0);
  const first = Math.max(0, TICKS.findLastIndex(([seconds]) => seconds <= least));
  const last = TICKS.findIndex(([seconds]) => seconds >= highest);
  return TICKS.slice(first, Math.max(first + 1, last === -1 ? TICKS.length : last) + 1);
}

/** Whether the limit has a place between the first and the last line. */
function isWithin(ticks: typeof TICKS): boolean {
  return (ticks[0]?.[0] ?? Infinity) < LIMIT && LIMIT < (ticks.at(-1)?.[0] ?? 0);
}

function dates(
  runs: readonly Latency[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly (Markup | null)[] {
  const ends = [[runs[0], LEFT, "start"], [
    runs.length > 1 ? runs.at(-1) : undefined,
    width - RIGHT,
    "end",
  ]] as const;
  return ends.map(([run, x, anchor]) =>
    run === undefined
      ? null
      : markup`<text class="dim" text-anchor="${anchor}" x="${x}" y="${height - 6}">${
        timeText(run.at)
      }</text>`
  );
}

/** All stages that any of the runs has figures of. */
function numbers(runs: readonly Latency[]): Markup {
  const names = [...new Set(runs.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return markup`<details class="numbers"><summary>Latency in numbers</summary><div class="scroll" role="region" aria-label="Latency of each run" tabindex="0"><table>
<caption>Median (p50) and 95th percentile (p95) of each run, in all and of each stage, the newest first</caption>
<thead><tr><th scope="col">run</th><th scope="col" class="n">messages</th>${
    names.map((name) => markup`<th scope="col" class="n">${name}</th>`)
  }</tr></thead>
<tbody>${
    runs.map(({ at, messages, figures }) =>
      markup`
<tr><th scope="row">${timeMark(at)}</th><td class="n">${grouped(messages)}</td>${
        names.map((name) => {
          const { value = null, unit = "s" } = figures.find((figure) => figure.name === name) ?? {};
          return markup`<td class="n">${value === null ? "" : valueText(value, unit)}</td>`;
        })
      }</tr>`
    ).reverse()
  }</tbody></table></div></details>`;
}
