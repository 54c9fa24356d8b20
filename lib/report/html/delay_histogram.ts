/** How late the trains of a kind were: a histogram whose areas are trains, with a line from where on they are late. */
import { d3Array } from "../../packages/d3.ts";
import { counted, grouped } from "../../printable.ts";
import type { DelayBin } from "../../quality/traffic/delay_bins.ts";
import type { KindFigures } from "../../quality/traffic/traffic_figures.ts";
import { onTimeText } from "../traffic/delay_text.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import { px } from "../../charts/marks.ts";
import { lengthText } from "../../text/delay_text.ts";

const WIDTH = 340, HEIGHT = 176, LEFT = 34, RIGHT = 14, TOP = 24, BASE = 142;
/** What is shown of long delays is how many there are. */
const PASSENGERS = { from: -300, to: 900, step: 300, finest: 15 };
/** Freight trains are that early or late that narrow columns would be needles among mats. */
const FREIGHT = { from: -3600, to: 3600, step: 1800, finest: 300 };

/** The figure; null where no train has arrived. */
export function delayHistogram(kind: KindFigures): Markup | null {
  if (kind.arrived === 0) return null;
  const { name, delays, limitSeconds } = kind;
  const range = kind.kind === "freight" ? FREIGHT : PASSENGERS;
  const bins = joinBins(
    delays.filter(({ from, to }) => from >= range.from && to !== null && to <= range.to),
    range.finest,
  );
  const most = bins.reduce((max, bin) => Math.max(max, density(bin)), 0);
  const [, top] = d3Array.nice(0, most > 0 ? most : 1, 2);
  const x = (seconds: number) =>
    LEFT + (WIDTH - LEFT - RIGHT) * (seconds - range.from) / (range.to - range.from);
  const y = (value: number) => TOP + (BASE - TOP) * (1 - value / top);
  const id = `delay-${kind.kind}`;
  return markup`<figure><figcaption><b>${name}</b>: ${onTimeText(kind)} of ${
    counted(kind.arrived, "train")
  } on time, half of them ${
    lateness(kind.medianSeconds)
  }</figcaption><svg width="${WIDTH}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">Delays of ${name} trains at their final station</title>
<desc id="${id}-d">${description(kind)}</desc>
${
    d3Array.ticks(0, top, 2).map((tick) =>
      markup`<path class="grid" d="M${LEFT} ${px(y(tick))}H${
        WIDTH - RIGHT
      }"/><text class="dim" text-anchor="end" x="${LEFT - 5}" y="${px(y(tick) + 4)}">${
        Number(tick.toPrecision(3))
      }</text>`
    )
  }
${bins.map((bin) => binRect(bin, { x, y, limitSeconds }))}
<path class="limit" d="M${px(x(limitSeconds))} ${TOP - 6}V${BASE}"/>
${beyond(delays, range)}${ticksOf(range).map((tick) => tickText(tick, x(tick)))}
<text class="dim" text-anchor="middle" x="${px((LEFT + WIDTH - RIGHT) / 2)}" y="${
    HEIGHT - 2
  }">minutes late</text>
</svg></figure>`;
}

/** Bins that are narrower than the finest column go together. */
function joinBins(bins: readonly DelayBin[], finest: number): readonly DelayBin[] {
  const joined = new Map<number, DelayBin>();
  for (const bin of bins) {
    const isNarrow = bin.to !== null && bin.to - bin.from < finest;
    const from = isNarrow ? finest * Math.floor(bin.from / finest) : bin.from;
    const before = joined.get(from);
    joined.set(from, {
      from,
      to: isNarrow ? from + finest : bin.to,
      trains: bin.trains + (before?.trains ?? 0),
    });
  }
  return [...joined.values()];
}

/** Trains per minute of delay, so that wide bins are not higher than narrow ones. */
function density({ from, to, trains }: DelayBin): number {
  return to === null ? 0 : 60 * trains / (to - from);
}

interface Scales {
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  readonly limitSeconds: number;
}

function binRect(bin: DelayBin, { x, y, limitSeconds }: Scales): Markup {
  const left = x(bin.from), right = x(bin.to ?? bin.from);
  const high = Math.max(1, BASE - y(density(bin)));
  const look = bin.from >= limitSeconds ? "late" : "ontime";
  return markup`<rect class="${look}" x="${px(left)}" y="${px(BASE - high)}" width="${
    px(Math.max(1, right - left - 0.6))
  }" height="${px(high)}"/>`;
}

function beyond(delays: readonly DelayBin[], { from, to }: typeof PASSENGERS): readonly (Markup | null)[] {
  const count = (some: (bin: DelayBin) => boolean) =>
    delays.filter(some).reduce((sum, { trains }) => sum + trains, 0);
  const early = count((bin) => bin.from < from), late = count((bin) => bin.from >= to);
  const note = (text: string, x: number, anchor: string) =>
    markup`<text class="dim" text-anchor="${anchor}" x="${x}" y="11">${text}</text>`;
  return [
    early === 0 ? null : note(`◂ ${grouped(early)} earlier`, LEFT, "start"),
    late === 0 ? null : note(`${grouped(late)} later ▸`, WIDTH - RIGHT, "end"),
  ];
}

function ticksOf({ from, to, step }: typeof PASSENGERS): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, at) => from + at * step);
}

function tickText(seconds: number, x: number): Markup {
  const text = String(seconds / 60).replace("-", "−");
  return markup`<path class="grid" d="M${px(x)} ${BASE}v4"/><text class="dim" text-anchor="middle" x="${
    px(x)
  }" y="${BASE + 16}">${text}</text>`;
}

function description({ arrived, onTime, medianSeconds, p90Seconds, rule }: KindFigures): string {
  return `${grouped(onTime)} of ${counted(arrived, "train")} on time, which is ${rule}. ` +
    `Half of them were ${lateness(medianSeconds)}, nine of ten ${lateness(p90Seconds)}.`;
}

/** "at most 1:07 late", "at least 2:00 early": so much a share of the trains does not exceed. */
function lateness(seconds: number | null): string {
  if (seconds === null) return "";
  return seconds < 0 ? `at least ${lengthText(seconds)} early` : `at most ${lengthText(seconds)} late`;
}
