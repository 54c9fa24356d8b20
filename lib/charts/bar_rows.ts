/** Rows with a bar each: the name beside the bar, on narrow screens above it, and the value at its end. */
import { d3Array } from "../packages/d3.ts";
import type { Picture } from "./chart.ts";
import { px } from "./marks.ts";
import { type Content, type Markup, markup } from "./markup.ts";
import { cutText, widthOf } from "./text_room.ts";

/** One row. */
export interface BarRow {
  readonly label: string;
  /** As long as this is the bar, below 0 to the left; null has a cross instead. */
  readonly value: number | null;
  /** Filled, or outlined for what is late. */
  readonly look: "fill" | "hollow";
  /** Where a stroke stands across the bar. */
  readonly mark?: number | null;
  readonly text: string;
}

/** What stands across all rows. */
interface BarOptions {
  /** A line across all rows, and what it says. */
  readonly limit?: { readonly value: number; readonly text: string } | undefined;
  /** How much of the values is one to people: 60 of seconds. */
  readonly unit?: number;
  /** A word for the labels' column of wide screens. */
  readonly labelWidth?: number;
}

const TOP = 22;
/** The text behind the longest bar has so much of the room at most. */
const TEXT_SHARE = 0.55;

interface Frame {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly left: number;
  readonly rowHigh: number;
  readonly barFrom: number;
}

/** Both pictures. */
export function barRows(rows: readonly BarRow[], options: BarOptions = {}): readonly Picture[] {
  const left = options.labelWidth ?? 300;
  const frames: readonly Frame[] = [
    { name: "wide", width: 900, left, rowHigh: 24, barFrom: 4 },
    { name: "narrow", width: 340, left: 0, rowHigh: 42, barFrom: 20 },
  ];
  return frames.map((frame) => picture(frame, rows, options));
}

function picture(frame: Frame, rows: readonly BarRow[], { limit, unit = 60 }: BarOptions): Picture {
  const { name, width, left, rowHigh } = frame;
  const longest = rows.reduce((most, { text }) => Math.max(most, widthOf(text)), 0);
  const textWide = Math.min(longest + 10, TEXT_SHARE * (width - left));
  const x = scaleOf(rows, { from: left, to: width - textWide, limit: limit?.value, unit });
  const bottom = TOP + rowHigh * rows.length;
  const content = [
    axis(x(0), bottom),
    limit === undefined ? null : limitLine(x(limit.value), limit.text, bottom),
    rows.map((row, at) => drawRow(row, { frame, x, top: TOP + at * rowHigh })),
  ];
  return { name, width, height: bottom + 6, content };
}

interface ScaleOptions {
  readonly from: number;
  readonly to: number;
  readonly limit: number | undefined;
  readonly unit: number;
}

function scaleOf(rows: readonly BarRow[], { from, to, limit = 0, unit }: ScaleOptions) {
  const values = rows.flatMap(({ value, mark }) => [value ?? 0, mark ?? 0]);
  const most = values.reduce((max, value) => Math.max(max, value), Math.max(limit, 1));
  const least = values.reduce((min, value) => Math.min(min, value), 0);
  const [low, high] = d3Array.nice(least / unit, most / unit, 4);
  return (value: number) => from + (to - from) * (value / unit - low) / (high - low);
}

function axis(x: number, bottom: number): Markup {
  return markup`<path class="axis" d="M${px(x)} ${TOP}V${bottom}"/>`;
}

function limitLine(x: number, text: string, bottom: number): Markup {
  return markup`<path class="limit" d="M${px(x)} ${TOP - 6}V${bottom}"/><text class="dim" text-anchor="${
    x < 60 ? "start" : "middle"
  }" x="${px(x < 60 ? 0 : x)}" y="${TOP - 10}">${text}</text>`;
}

interface RowPlace {
  readonly frame: Frame;
  readonly x: (value: number) => number;
  readonly top: number;
}

function drawRow(
  { label, value, look, mark = null, text }: BarRow,
  { frame: { name, width, left, barFrom }, x, top }: RowPlace,
): Markup {
  const zero = x(0), end = x(value ?? 0);
  const from = Math.min(zero, end), high = 15;
  const after = Math.max(zero, end, mark === null ? 0 : x(mark)) + 7;
  const start = value === null ? zero + 20 : after;
  const title = name === "wide"
    ? markup`<text class="halo" x="0" y="${top + 16}">${cutText(label, left - 8)}</text>`
    : markup`<text class="halo" x="0" y="${top + 14}">${cutText(label, width)}</text>`;
  const bar: Content = value === null
    ? cross(zero + 8, top + barFrom + high / 2)
    : markup`<rect class="${look}" x="${px(from)}" y="${top + barFrom}" width="${
      px(Math.max(1, Math.abs(end - zero)))
    }" height="${high}"/>`;
  return markup`${title}${bar}${
    mark === null ? null : markup`<path class="worst" d="M${px(x(mark))} ${top + barFrom - 2}v${high + 4}"/>`
  }<text class="halo" x="${px(start)}" y="${top + barFrom + 12}">${cutText(text, width - start)}</text>`;
}

function cross(x: number, y: number): Markup {
  return markup`<path class="cross" d="M${px(x - 5)} ${px(y - 5)}l10 10m0 -10l-10 10"/>`;
}
