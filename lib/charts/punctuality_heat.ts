/** When trains are late: the share on time by hour and weekday, as a field of squares. */
import { counted } from "../printable.ts";
import type { Chart, Picture } from "./chart.ts";
import { FEW_TRAINS } from "./few_trains.ts";
import { px } from "./marks.ts";
import { type Markup, markup } from "./markup.ts";

/** Trains that should have departed in one hour of one weekday, in Finland. */
export interface HeatCell {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly hour: number;
  /** Trains that arrived, and how many of them on time. */
  readonly trains: number;
  readonly onTime: number;
}

/** The share of late trains below which a square has the place in this list as its shade. */
const LEVELS = [0.02, 0.05, 0.1, 0.2] as const;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** Cells in whatever order; each pair of weekday and hour once. */
export function punctualityHeat(
  cells: readonly HeatCell[],
  { id, when, rules }: { readonly id: string; readonly when: string; readonly rules: string },
): Chart {
  const known = cells.filter(({ trains }) => trains > 0)
    .sort((a, b) => a.weekday - b.weekday || a.hour - b.hour);
  return {
    id,
    finding: findingOf(known, when),
    note:
      `Squares by the weekday and the hour in Finland when trains should have departed. Numbers: how many in a ` +
      `hundred were late; the more, the darker the square, at night the brighter. Without a number: none. ` +
      `Dashed: fewer than ${FEW_TRAINS} trains. On time: ${rules}.`,
    pictures: known.length === 0 ? [] : [wide(known), narrow(known)],
    numbers: {
      caption: "Trains by weekday and hour",
      heads: ["weekday and hour", "arrived", "on time", "%"],
      rows: known.map((cell) => [
        `${dayOf(cell)} ${hourText(cell.hour)}`,
        cell.trains,
        cell.onTime,
        percent(cell.onTime, cell.trains),
      ]),
    },
  };
}

function findingOf(known: readonly HeatCell[], when: string): string {
  const trains = known.reduce((sum, cell) => sum + cell.trains, 0);
  const onTime = known.reduce((sum, cell) => sum + cell.onTime, 0);
  if (trains === 0) return `No train has arrived${when}.`;
  const worst = known.filter((cell) => cell.trains >= FEW_TRAINS)
    .reduce<HeatCell | null>((bad, cell) => bad === null || share(cell) < share(bad) ? cell : bad, null);
  const all = `${percent(onTime, trains)}% of ${counted(trains, "train")} were on time${when}`;
  if (worst === null || worst.onTime === worst.trains) return all;
  return `${all}; worst was ${dayOf(worst)} at ${hourText(worst.hour)}: ${
    percent(worst.onTime, worst.trains)
  }% of ${worst.trains}`;
}

function share({ trains, onTime }: HeatCell): number {
  return onTime / trains;
}

/** 100 only where none was late. */
function percent(part: number, whole: number): number {
  return part === whole ? 100 : Math.min(99.9, Math.round(1000 * part / whole) / 10);
}

/** Weekdays below each other, hours beside each other. */
function wide(cells: readonly HeatCell[]): Picture {
  const left = 96, top = 20, step = 33, high = 30;
  const rows = [...new Set(cells.map(({ weekday }) => weekday))];
  const { from, to } = hoursOf(cells);
  const x = (hour: number) => left + (hour - from) * step;
  return {
    name: "wide",
    width: 900,
    height: top + rows.length * high + 4,
    content: [
      range(from, to).map((hour) =>
        markup`<text class="dim" text-anchor="middle" x="${x(hour) + step / 2}" y="13">${hour}</text>`
      ),
      rows.map((day, at) => markup`<text x="0" y="${top + at * high + 20}">${DAYS[day] ?? ""}</text>`),
      cells.map((cell) =>
        square(cell, {
          x: x(cell.hour),
          y: top + rows.indexOf(cell.weekday) * high,
          width: step - 2,
          height: high - 2,
        })
      ),
    ],
  };
}

/** Hours below each other, weekdays beside each other. */
function narrow(cells: readonly HeatCell[]): Picture {
  const left = 40, top = 20, step = 42, high = 24;
  const columns = [...new Set(cells.map(({ weekday }) => weekday))];
  const { from, to } = hoursOf(cells);
  const x = (day: number) => left + columns.indexOf(day) * step;
  return {
    name: "narrow",
    width: 340,
    height: top + (to - from + 1) * high + 4,
    content: [
      columns.map((day) =>
        markup`<text class="dim" text-anchor="middle" x="${x(day) + step / 2}" y="13">${
          (DAYS[day] ?? "").slice(0, 3)
        }</text>`
      ),
      range(from, to).map((hour) =>
        markup`<text class="dim" text-anchor="end" x="${left - 8}" y="${
          top + (hour - from) * high + 16
        }">${hour}</text>`
      ),
      cells.map((cell) =>
        square(cell, {
          x: x(cell.weekday),
          y: top + (cell.hour - from) * high,
          width: step - 2,
          height: high - 2,
        })
      ),
    ],
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function square(cell: HeatCell, { x, y, width, height }: Box): Markup {
  const late = 1 - share(cell);
  const level = late === 0 ? 0 : LEVELS.findIndex((limit) => late < limit) + 1 || LEVELS.length + 1;
  const few = cell.trains < FEW_TRAINS ? " few" : "";
  const text = late === 0 ? "" : Math.max(1, Math.round(100 * late));
  return markup`<g><title>${dayOf(cell)} ${
    hourText(cell.hour)
  }: ${cell.onTime} of ${cell.trains} on time</title><rect class="c${level}${few}" x="${px(x)}" y="${
    px(y)
  }" width="${width}" height="${height}"/><text class="on${level}" text-anchor="middle" x="${
    px(x + width / 2)
  }" y="${px(y + height / 2 + 4.5)}">${text}</text></g>`;
}

function hoursOf(cells: readonly HeatCell[]): { readonly from: number; readonly to: number } {
  return {
    from: cells.reduce((min, { hour }) => Math.min(min, hour), 23),
    to: cells.reduce((max, { hour }) => Math.max(max, hour), 0),
  };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function dayOf({ weekday }: HeatCell): string {
  return DAYS[weekday] ?? "";
}

function hourText(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}
