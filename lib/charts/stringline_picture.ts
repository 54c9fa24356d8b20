/** Draws a stringline for wide and for narrow screens. */
import type { Picture } from "./chart.ts";
import { px } from "./marks.ts";
import { type Markup, markup } from "./markup.ts";
import { BEHIND_SECONDS, type LineStation, type LineTrain, type Stringline } from "./stringline_rows.ts";
import { trainPaths, worstOf } from "./stringline_paths.ts";
import { cutText, TextRoom, widthOf } from "./text_room.ts";
import { clockText } from "../tables/rows/clock_text.ts";
import { delayText } from "../text/delay_text.ts";

/** A picture, and how many trains have no name in it. */
interface LinePicture extends Picture {
  readonly unnamed: number;
}

const HOUR = 3_600_000;
const FRAMES = [
  { name: "wide", width: 900, height: 560, left: 140 },
  { name: "narrow", width: 340, height: 460, left: 92 },
] as const;
const TOP = 38, BOTTOM = 54, RIGHT = 6, LINE_HIGH = 15;
/** With more trains their lines are thinner. */
const MANY = 100, CROWD = 40;

type Frame = typeof FRAMES[number];

interface Scales {
  readonly x: (ms: number) => number;
  readonly y: (station: number) => number;
}

/** Both pictures. */
export function stringlinePicture(line: Stringline): readonly LinePicture[] {
  return FRAMES.map((frame) => picture(frame, line));
}

function picture(frame: Frame, line: Stringline): LinePicture {
  const { name, width, height, left } = frame;
  const scales = scalesOf(frame, line);
  const names = trainNames(line, frame, scales);
  return {
    name,
    width,
    height,
    unnamed: line.trains.length - names.length,
    content: [
      hours(line, frame, scales),
      stationNames(line.stations, frame, scales),
      // What lies outside of it is cut off.
      markup`<svg x="${left}" y="${TOP}" width="${width - left - RIGHT}" height="${
        height - TOP - BOTTOM
      }" viewBox="${left} ${TOP} ${width - left - RIGHT} ${height - TOP - BOTTOM}"><g class="${
        line.trains.length > MANY ? "many" : "some"
      }">${line.trains.map((train) => trainLines(train, scales))}</g></svg>`,
      names,
    ],
  };
}

function scalesOf({ width, height, left }: Frame, { stations, fromMs, toMs }: Stringline): Scales {
  const most = Math.max(stations.at(-1)?.seconds ?? 0, 1), span = Math.max(toMs - fromMs, 1);
  return {
    x: (ms) => left + (width - left - RIGHT) * (ms - fromMs) / span,
    // A line's ends do not lie on the frame.
    y: (station) => TOP + 5 + (height - TOP - BOTTOM - 10) * (stations[station]?.seconds ?? 0) / most,
  };
}

function trainLines(train: LineTrain, scales: Scales): Markup {
  const { planned, actual, off } = trainPaths(train, scales);
  const look = (worstOf(train)?.seconds ?? 0) >= BEHIND_SECONDS ? "behind" : "actual";
  return markup`<g><title>${train.name}</title><path class="planned" d="${planned}"/>${
    off === "" ? null : markup`<path class="off" d="${off}"/>`
  }${actual === "" ? null : markup`<path class="${look}" d="${actual}"/>`}</g>`;
}

function hours({ fromMs, toMs }: Stringline, { height, name }: Frame, { x }: Scales): readonly Markup[] {
  const all = (toMs - fromMs) / HOUR, most = name === "wide" ? 13 : 5;
  const step = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 24, 48].find((hours) => all / hours <= most) ??
    Math.ceil(all / most);
  const found: Markup[] = [];
  for (let ms = Math.ceil(fromMs / HOUR) * HOUR; ms <= toMs; ms += step * HOUR) {
    const anchor = x(ms) > x(toMs) - 16 ? "end" : "middle";
    found.push(
      markup`<path class="rule" d="M${px(x(ms))} ${TOP}V${
        height - 20
      }"/><text class="dim" text-anchor="${anchor}" x="${px(x(ms))}" y="${height - 6}">${
        clockText(ms)
      }</text>`,
    );
  }
  return found;
}

/** The ends of the line, then those where most trains halt, as long as there is room. */
function stationNames(
  stations: readonly LineStation[],
  { width, left }: Frame,
  { y }: Scales,
): readonly Markup[] {
  const last = stations.length - 1;
  const rank = (at: number) => at === 0 || at === last ? Infinity : stations[at]?.halts ?? 0;
  const order = [...stations.keys()].sort((a, b) => rank(a) === rank(b) ? a - b : rank(b) - rank(a));
  const shown: number[] = [];
  for (const at of order) {
    if (shown.every((other) => Math.abs(y(other) - y(at)) >= LINE_HIGH)) shown.push(at);
  }
  return shown.sort((a, b) => a - b).map((at) =>
    markup`<path class="rule" d="M${left} ${px(y(at))}H${width - RIGHT}"/><text text-anchor="end" x="${
      left - 6
    }" y="${px(y(at) + 4)}">${cutText(stations[at]?.name ?? "", left - 8)}</text>`
  );
}

/** Above or below where a train comes into the picture; those that are behind are named first, and with their delay. */
function trainNames(
  { trains, stations, fromMs, toMs }: Stringline,
  { width, height, left }: Frame,
  { x, y }: Scales,
): readonly Markup[] {
  const room = new TextRoom(), last = stations.length - 1;
  const order = trains.map((train) => ({ train, worst: worstOf(train)?.seconds ?? 0 }))
    .sort((a, b) => b.worst - a.worst || (a.train.name < b.train.name ? -1 : 1));
  return order.flatMap(({ train: { name, parts }, worst }) => {
    const points = parts.flat().filter(({ plannedMs }) => plannedMs >= fromMs && plannedMs <= toMs);
    const first = points[0], next = points.find(({ station }) => station !== first?.station);
    if (first === undefined) return [];
    const isBehind = worst >= BEHIND_SECONDS, isDown = (next?.station ?? 0) > first.station;
    // In a day's crowd the names of trains that come from elsewhere are left out.
    const isEdge = first.station === 0 || first.station === last;
    if (trains.length > CROWD && !isBehind && !isEdge) return [];
    const text = isBehind ? `${name} ${delayText(worst)}` : name;
    const at = Math.min(
      Math.max(left, x(first.plannedMs) - 8),
      width - RIGHT - widthOf(text, { isStrong: isBehind }),
    );
    const high = isDown ? Math.max(y(first.station) - 7, 14) : y(first.station) + 17;
    const place = [0, -LINE_HIGH, LINE_HIGH].map((shift) => ({
      text,
      x: at,
      y: high + shift,
      isStrong: isBehind,
    }))
      .find((each) => each.y > 8 && each.y < height - 22 && room.take(each));
    if (place === undefined) return [];
    return [
      markup`<text class="halo ${isBehind ? "strong" : "dim"}" x="${px(place.x)}" y="${
        px(place.y)
      }">${text}</text>`,
    ];
  });
}
