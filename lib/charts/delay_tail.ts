/** How many trains are how late, by category, down to the last one: the tail is where the worst days are. */
import { d3Shape } from "../packages/d3.ts";
import { counted } from "../printable.ts";
import type { Chart, Picture } from "./chart.ts";
import { px } from "./marks.ts";
import { type Markup, markup } from "./markup.ts";
import { spreadLabels } from "./spread_labels.ts";
import { cutText } from "./text_room.ts";
import { delayText } from "../text/delay_text.ts";

/** The delays of a category's trains at their final stations, in seconds, in whatever order. */
export interface CategoryDelays {
  readonly category: string;
  readonly delays: readonly number[];
}

interface Curve {
  readonly category: string;
  readonly look: string;
  /** Rising. */
  readonly sorted: readonly number[];
}

const FRAMES = [
  { name: "wide", width: 900, height: 320, left: 52, right: 232 },
  { name: "narrow", width: 340, height: 300, left: 44, right: 140 },
] as const;
const TOP = 14, BOTTOM = 42, LOOKS = 6, LINE_HIGH = 15;
/** Minutes that may stand on the axis, which is the narrower the later. */
const MINUTES = [0, 3, 5, 10, 15, 30, 60, 120, 240, 480, 960, 1440, 2880] as const;
/** Where the axis begins to be narrower. */
const BEND_MINUTES = 4;
/** Of fewer trains there is no one in 20. */
const LEAST_TRAINS = 20;

type Frame = typeof FRAMES[number];

/** Categories in whatever order. */
export function delayTail(
  categories: readonly CategoryDelays[],
  { id, when, place = "at the final station" }: {
    readonly id: string;
    readonly when: string;
    readonly place?: string;
  },
): Chart {
  const curves = categories.filter(({ delays }) => delays.length > 0)
    .sort((a, b) => b.delays.length - a.delays.length || (a.category < b.category ? -1 : 1))
    .map(({ category, delays }, at) => ({
      category,
      look: `l${at % LOOKS + 1}`,
      sorted: [...delays].sort((a, b) => a - b),
    }));
  return {
    id,
    finding: findingOf(curves, when),
    note:
      `Across: minutes late ${place}, the narrower the later. Upwards: the share of trains of a category ` +
      "that were later than that, each line ten times the one below it. Trains on time or early count at 0.",
    pictures: curves.length === 0 ? [] : FRAMES.map((frame) => picture(frame, curves)),
    numbers: {
      caption: `Delays ${place}, in seconds`,
      heads: ["category", "trains", "half at most", "9 in 10 at most", "19 in 20", "99 in 100", "latest"],
      rows: curves.map(({ category, sorted }) => [
        category,
        sorted.length,
        ...[0.5, 0.9, 0.95, 0.99, 1].map((share) => Math.round(quantile(sorted, share))),
      ]),
    },
  };
}

/** About the category whose worst trains are the latest. */
function findingOf(curves: readonly Curve[], when: string): string {
  const many = curves.filter(({ sorted }) => sorted.length >= LEAST_TRAINS);
  const worst = (many.length > 0 ? many : curves).reduce<Curve | null>(
    (bad, curve) => bad === null || quantile(curve.sorted, 0.95) > quantile(bad.sorted, 0.95) ? curve : bad,
    null,
  );
  if (worst === null) return `No train has arrived${when}.`;
  const { category, sorted } = worst, late = quantile(sorted, 0.95);
  const median = medianText(quantile(sorted, 0.5)), trains = counted(sorted.length, "train");
  if (many.length === 0) {
    if (late <= 0) return `No train was late at all${when}`;
    return `${category}: the latest of ${trains} was late by ${
      delayText(late)
    }, half of them ${median}${when}`;
  }
  if (late <= 0) {
    const which = many.length === curves.length ? "" : ` with ${LEAST_TRAINS} or more`;
    return `At least 19 of 20 trains of each category${which} were not late at all${when}`;
  }
  // At least so late, not later than that: several may have this delay.
  return `${category}: one train in 20 was late by ${
    delayText(late)
  } or more, half of them ${median}; ${trains}${when}`;
}

function medianText(seconds: number): string {
  return seconds <= 0 ? "not at all" : `by at most ${delayText(seconds)}`;
}

/** The least delay that so large a share does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function picture(frame: Frame, curves: readonly Curve[]): Picture {
  const { name, width, height, left, right } = frame;
  const latest = curves.reduce((max, { sorted }) => Math.max(max, (sorted.at(-1) ?? 0) / 60), 10);
  const least = curves.reduce((min, { sorted }) => Math.min(min, 1 / sorted.length), 0.1);
  const floor = Math.floor(Math.log10(least) + 1e-9);
  const bent = (minutes: number) => Math.log1p(Math.max(0, minutes) / BEND_MINUTES);
  const x = (minutes: number) => left + (width - left - right) * bent(minutes) / bent(latest);
  const y = (share: number) =>
    TOP + (height - TOP - BOTTOM) * Math.min(1, Math.log10(Math.max(share, 1e-12)) / floor);
  return {
    name,
    width,
    height,
    content: [
      shares(floor, frame, y),
      minuteTicks(frame, latest, x),
      curves.map((curve) => curveLine(curve, { x, y })),
      names(curves, frame, { x, y }),
    ],
  };
}

interface Scales {
  readonly x: (minutes: number) => number;
  readonly y: (share: number) => number;
}

function curveLine({ look, sorted }: Curve, scales: Scales): Markup {
  const line = d3Shape.line<readonly [number, number]>().x(([at]) => at).y(([, at]) => at).digits(1);
  return markup`<path class="${look}" d="${line(stair(sorted, scales)) ?? ""}"/>`;
}

/** Between two delays the share stays; that of the latest train goes on to its delay. */
function stair(sorted: readonly number[], { x, y }: Scales): readonly (readonly [number, number])[] {
  // Of many trains within a pixel one says enough.
  const across = sorted.map((seconds) => Math.round(2 * x(seconds / 60)) / 2);
  let high = y(1);
  const points: (readonly [number, number])[] = [[x(0), high]];
  across.forEach((at, train) => {
    if (at === across[train + 1]) return;
    points.push([at, high]);
    const later = sorted.length - 1 - train;
    if (later > 0) points.push([at, high = y(later / sorted.length)]);
  });
  return points;
}

function shares(floor: number, { width, left, right }: Frame, y: Scales["y"]): readonly Markup[] {
  return Array.from({ length: 1 - floor }, (_, power) => {
    const text = `${Number((100 * 10 ** -power).toPrecision(1))}%`;
    const at = y(10 ** -power);
    return markup`<path class="rule" d="M${left} ${px(at)}H${
      width - right
    }"/><text class="dim" text-anchor="end" x="${left - 6}" y="${px(at + 4)}">${text}</text>`;
  });
}

function minuteTicks(
  { width, height, left, right }: Frame,
  latest: number,
  x: Scales["x"],
): readonly Markup[] {
  let free = -Infinity;
  const ticks = MINUTES.filter((minutes) => minutes <= latest).flatMap((minutes) => {
    const at = x(minutes);
    if (at < free) return [];
    free = at + 30;
    return [
      markup`<path class="rule" d="M${px(at)} ${TOP}V${
        height - BOTTOM + 4
      }"/><text class="dim" text-anchor="middle" x="${px(at)}" y="${height - BOTTOM + 18}">${minutes}</text>`,
    ];
  });
  return [
    ...ticks,
    markup`<text class="dim" text-anchor="middle" x="${px((left + width - right) / 2)}" y="${
      height - 5
    }">minutes late</text>`,
  ];
}

/** At the ends of the curves, apart from each other. */
function names(
  curves: readonly Curve[],
  { width, height, right }: Frame,
  { x, y }: Scales,
): readonly Markup[] {
  const ends = curves.map(({ category, look, sorted }) => ({
    ...{ category, look, latest: sorted.at(-1) ?? 0 },
    x: x((sorted.at(-1) ?? 0) / 60),
    y: y(1 / sorted.length),
  })).sort((a, b) => a.y - b.y || b.x - a.x);
  const places = spreadLabels(ends.map((end) => end.y), {
    from: 0,
    to: height - BOTTOM + 8,
    lineHigh: LINE_HIGH,
  });
  return ends.map((end, at) => {
    const place = places[at] ?? end.y, from = width - right;
    return markup`<path class="leader" d="M${px(end.x)} ${px(end.y)}L${from + 8} ${
      px(place)
    }"/><path class="${end.look}" d="M${from + 8} ${px(place)}h18"/><text x="${from + 30}" y="${
      px(place + 4)
    }">${
      cutText(right > 150 ? `${end.category}, ${delayText(end.latest)}` : end.category, right - 32)
    }</text>`;
  });
}
