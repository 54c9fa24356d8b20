/** Columns side by side, each of one or more parts, drawn once for wide and once for narrow screens. */
import { d3Array } from "../../packages/d3.ts";
import { grouped } from "../../printable.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import { px } from "../../charts/marks.ts";

/** What is drawn. */
export interface ColumnChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly ChartColumn[];
}

/** One column: its name below the axis, and its parts from below, each with a look of its own. */
export interface ChartColumn {
  readonly label: string;
  readonly values: readonly number[];
}

const FRAMES = [
  { name: "wide", width: 900, height: 200 },
  { name: "narrow", width: 340, height: 180 },
] as const;
const TOP = 10, BOTTOM = 26, RIGHT = 8, WIDEST = 42;

type Frame = typeof FRAMES[number];

/** Both pictures. */
export function columnChart(chart: ColumnChart): readonly Markup[] {
  return FRAMES.map((frame) => picture(frame, chart));
}

function picture(frame: Frame, { id, title, description, columns }: ColumnChart): Markup {
  const { name, width, height } = frame;
  const most = columns.reduce((max, { values }) => Math.max(max, sum(values)), 0);
  const [, top] = d3Array.nice(0, most > 0 ? most : 1, 3);
  const ticks = d3Array.ticks(0, top, 3);
  const left = 12 + 7 * ticks.reduce((long, tick) => Math.max(long, tickText(tick).length), 0);
  const base = height - BOTTOM;
  const y = (value: number) => TOP + (base - TOP) * (1 - value / top);
  const step = (width - left - RIGHT) / columns.length;
  return markup`<svg class="chart ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-${name}-t ${id}-${name}-d">
<title id="${id}-${name}-t">${title}</title>
<desc id="${id}-${name}-d">${description}</desc>
${
    ticks.map((tick) =>
      markup`<path class="grid" d="M${left} ${px(y(tick))}H${
        width - RIGHT
      }"/><text class="dim" text-anchor="end" x="${left - 6}" y="${px(y(tick) + 4)}">${tickText(tick)}</text>`
    )
  }
${columns.map(({ values }, at) => column(values, { x: left + at * step, step, y }))}${
    labels(columns, { frame, left, step })
  }
</svg>`;
}

function column(
  values: readonly number[],
  { x, step, y }: { readonly x: number; readonly step: number; readonly y: (value: number) => number },
): readonly (Markup | null)[] {
  const gap = step > 8 ? 2 : step > 3 ? 1 : 0;
  const wide = Math.min(step - gap, WIDEST);
  let below = 0;
  return values.map((value, part) => {
    const from = below;
    below += value;
    const high = y(from) - y(below);
    if (value <= 0) return null;
    // What is not 0 is seen.
    return markup`<rect class="p${part + 1}" x="${px(x + (step - wide) / 2)}" y="${
      px(y(from) - Math.max(high, 1))
    }" width="${px(wide)}" height="${px(Math.max(high, 1))}"/>`;
  });
}

interface Places {
  readonly frame: Frame;
  readonly left: number;
  readonly step: number;
}

/** As many as there is room for, the first and the last among them. */
function labels(columns: readonly ChartColumn[], { frame, left, step }: Places): readonly Markup[] {
  const last = columns.length - 1;
  const shown = last < 1 ? [0] : frame.name === "wide" && last >= 4 ? [0, last >> 1, last] : [0, last];
  return shown.map((at) => {
    const anchor = at === 0 ? "start" : at === last ? "end" : "middle";
    const x = left + step * (at === 0 ? 0 : at === last ? at + 1 : at + 0.5);
    return markup`<text class="dim" text-anchor="${anchor}" x="${px(x)}" y="${frame.height - 6}">${
      columns[at]?.label ?? ""
    }</text>`;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tickText(tick: number): string {
  return Number.isInteger(tick) ? grouped(tick) : String(Number(tick.toPrecision(3)));
}
