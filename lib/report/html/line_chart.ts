/** Scores over the runs as lines, drawn once for wide and once for narrow screens, with their numbers as a table. */
import { d3Array, d3Shape } from "../../packages/d3.ts";
import { counted } from "../../printable.ts";
import { scoreText } from "../text_scores.ts";
import { spreadLabels } from "../../charts/spread_labels.ts";
import { type Content, type Markup, markup } from "../../charts/markup.ts";
import type { RunGroup } from "./run_groups.ts";
import { px } from "../../charts/marks.ts";
import { timeMark, timeText } from "./words.ts";

/** A value per group of runs; null where it was not counted. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

interface Frame {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
}

const FRAMES: readonly Frame[] = [
  { name: "wide", width: 900, height: 280, left: 48, right: 160 },
  { name: "narrow", width: 340, height: 240, left: 40, right: 148 },
];
const TOP = 12, BOTTOM = 46, LINE_HIGH = 15;

/** The figure; with a single run there is none yet. */
export function lineChart(series: readonly Series[], groups: readonly RunGroup[]): Markup {
  if (groups.length < 2) {
    return markup`<p class="soft">From the next run on, a chart here shows how the scores go.</p>`;
  }
  // Lines that lie on each other say nothing.
  const flat = series.filter(({ name, values }) =>
    name !== "all" && values.every((value) => value === values[0])
  );
  const drawn = series.filter((each) => !flat.includes(each));
  const failed = groups.reduce((sum, group) => sum + group.failed, 0);
  const total = countRuns(groups);
  return markup`<figure>
${FRAMES.map((frame) => picture(frame, drawn, groups))}
<figcaption>Scores in ${counted(total, "run")}, the newest on the right${groupText(groups)}.${
    failed === 0
      ? " All of them passed."
      : ` ✕ marks ${groups.length === total ? "" : "points with some of "}${
        counted(failed, "run")
      } that failed.`
  }${flatText(flat)}</figcaption>
<details class="numbers"><summary>The numbers of this chart</summary>${numbers(series, groups)}</details>
</figure>`;
}

function countRuns(groups: readonly RunGroup[]): number {
  return groups.reduce((sum, { runs }) => sum + runs.length, 0);
}

/** What a point stands for, where that is more than a run. */
function groupText(groups: readonly RunGroup[]): string {
  const most = groups.reduce((size, { runs }) => Math.max(size, runs.length), 1);
  return most === 1 ? "" : `; each point but the last is the least score of up to ${most} runs`;
}

function flatText(flat: readonly Series[]): string {
  const parts = Map.groupBy(flat, ({ values: [first = null] }) => first).entries().map(([value, group]) =>
    `${group.map(({ name }) => name).join(", ")} (${value === null ? "not counted" : scoreText(value)})`
  ).toArray();
  return parts.length === 0 ? "" : ` The same in every run, so not drawn: ${parts.join("; ")}.`;
}

function picture(frame: Frame, series: readonly Series[], groups: readonly RunGroup[]): Markup {
  const { name, width, height, left, right } = frame;
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const least = known.reduce((min, value) => Math.min(min, value), 99.5);
  const [low] = d3Array.nice(least, 100, 4);
  const x = (at: number) => left + (width - left - right) * at / (groups.length - 1);
  const y = (score: number) => TOP + (height - TOP - BOTTOM) * (100 - score) / (100 - low);
  const lines = series.map((each, at) => line(each, at, { x, y }));
  return markup`<svg class="chart ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="score-${name}-t score-${name}-d">
<title id="score-${name}-t">Scores over the runs</title>
<desc id="score-${name}-d">${description(series, groups)}</desc>
${d3Array.ticks(low, 100, 4).map((tick) => gridLine(tick, y(tick), frame))}
${lines}${crosses(groups, x, height - BOTTOM + 10)}${labels(series, frame, y)}${dates(groups, frame, x)}
</svg>`;
}

function description(series: readonly Series[], groups: readonly RunGroup[]): string {
  const parts = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined) return `${name} was not counted`;
    const least = known.reduce((min, value) => Math.min(min, value), 100);
    return `${name} from ${scoreText(first)} to ${scoreText(last)}, at least ${scoreText(least)}`;
  });
  return `${counted(countRuns(groups), "run")}: ${parts.join("; ")}.`;
}

function gridLine(tick: number, at: number, { left, width, right }: Frame): Markup {
  return markup`<path class="grid" d="M${left} ${px(at)}H${width - right}"/><text class="dim" x="${
    left - 6
  }" y="${px(at + 4)}" text-anchor="end">${tick}</text>`;
}

interface Scales {
  readonly x: (at: number) => number;
  readonly y: (score: number) => number;
}

function line({ name, values }: Series, at: number, { x, y }: Scales): Markup {
  const path = d3Shape.line<number | null>().defined((value) => value !== null).x((_, index) => x(index))
    .y((value) => y(value ?? 0)).digits(1)(values) ?? "";
  const look = lookOf(name, at);
  const last = values.at(-1) ?? null;
  const dot = name === "all" && last !== null
    ? markup`<circle class="dot" cx="${px(x(values.length - 1))}" cy="${px(y(last))}" r="4"/>`
    : null;
  return markup`<path class="series ${look}" d="${path}"/>${dot}`;
}

/** Names at the ends of their lines, apart from each other. */
function labels(
  series: readonly Series[],
  { width, height, right }: Frame,
  y: Scales["y"],
): readonly Markup[] {
  const ends = series.flatMap(({ name, values }, index) => {
    const last = values.at(-1) ?? null;
    return last === null ? [] : [{ name, look: lookOf(name, index), at: y(last), score: last }];
  }).sort((a, b) => a.at - b.at);
  const places = spreadLabels(ends.map(({ at }) => at), {
    from: 0,
    to: height - BOTTOM,
    lineHigh: LINE_HIGH,
  });
  return ends.map(({ name, look, at, score }, index) => {
    const place = places[index] ?? at;
    const from = width - right;
    return markup`<path class="leader ${look}" d="M${from + 6} ${px(at)}L${from + 16} ${
      px(place)
    }"/><text class="${name === "all" ? "strong" : "plain"}" x="${from + 20}" y="${px(place + 4)}">${name} ${
      scoreText(score)
    }</text>`;
  });
}

/** A line, and what leads from its end to its name. */
function lookOf(name: string, at: number): string {
  return name === "all" ? "all" : `s${at + 1}`;
}

/** Small enough that each stands alone, however many runs failed one after another. */
function crosses(groups: readonly RunGroup[], x: Scales["x"], y: number): Markup {
  const size = px(Math.min(8, Math.max(1, x(1) - x(0) - 2)));
  const path = groups.map(({ failed }, at) =>
    failed === 0
      ? ""
      : `M${px(x(at) - Number(size) / 2)} ${
        px(y - Number(size) / 2)
      }l${size} ${size}m0 -${size}l-${size} ${size}`
  ).join("");
  return markup`<path class="cross" d="${path}"/>`;
}

function dates(
  groups: readonly RunGroup[],
  { name, height }: Frame,
  x: Scales["x"],
): readonly (Markup | null)[] {
  const last = groups.length - 1;
  const shown = name === "wide" && last >= 4 ? [0, last >> 1, last] : [0, last];
  return shown.map((at) => {
    const anchor = at === 0 ? "start" : at === last ? "end" : "middle";
    const group = groups[at];
    const time = (at === last ? group?.last : group?.first)?.run.generatedAt;
    if (time === undefined) return null;
    const text = name === "wide" ? timeText(time) : timeText(time).slice(0, 10);
    return markup`<text class="dim" x="${px(x(at))}" y="${
      height - 8
    }" text-anchor="${anchor}">${text}</text>`;
  });
}

function numbers(series: readonly Series[], groups: readonly RunGroup[]): Markup {
  return markup`<div class="scroll" role="region" aria-label="Scores of each run" tabindex="0"><table>
<caption>Scores of each run, the newest first</caption>
<thead><tr><th scope="col">run</th><th scope="col">verdict</th>${
    series.map(({ name }) => markup`<th scope="col" class="n">${name}</th>`)
  }</tr></thead>
<tbody>${
    groups.map((group, at) =>
      markup`<tr><th scope="row">${timeSpan(group)}</th><td>${verdictText(group)}</td>${
        series.map(({ values }) => markup`<td class="n">${scoreCell(values[at] ?? null)}</td>`)
      }</tr>\n`
    ).reverse()
  }</tbody></table></div>`;
}

function timeSpan({ first, last, runs }: RunGroup): Content {
  const start = timeMark(first.run.generatedAt);
  return runs.length === 1 ? start : [start, " to ", timeMark(last.run.generatedAt)];
}

function verdictText({ runs, failed }: RunGroup): string {
  if (runs.length > 1) return failed === 0 ? `${runs.length} passed` : `${failed} of ${runs.length} failed`;
  return failed === 0 ? "passed" : "failed";
}

function scoreCell(score: number | null): string {
  return score === null ? "not counted" : scoreText(score);
}
