/** A map of the net that trains really run: stations, and legs as wide as trains are many, by the delay that they add. */
import { d3Geo } from "../packages/d3.ts";
import { counted } from "../printable.ts";
import type { Chart, Picture } from "./chart.ts";
import { FEW_TRAINS } from "./few_trains.ts";
import { px } from "./marks.ts";
import { type Markup, markup } from "./markup.ts";
import { cutText, TextRoom, widthOf } from "./text_room.ts";
import { delayText } from "../text/delay_text.ts";

/** A station, with its place in degrees; null where nobody knows it. */
export interface MapStation {
  readonly name: string;
  readonly longitude: number | null;
  readonly latitude: number | null;
  /** How many trains came or went. */
  readonly trains: number;
}

/** What lies between two stations, in both directions together. */
export interface MapEdge {
  /** Places among the stations. */
  readonly from: number;
  readonly to: number;
  readonly trains: number;
  /** Per train, below 0 where they caught up. */
  readonly addedSeconds: number;
}

const FRAMES = [{ name: "wide", width: 900, labels: 26 }, {
  name: "narrow",
  width: 340,
  labels: 12,
}] as const;
/** From so many seconds on a leg has the next look. */
const LEVELS = [10, 30, 60] as const;
const LEVEL_NAMES = ["under 10 s", "under 30 s", "under 1 min", "1 min and more"] as const;
const MARGIN = 14, KEY_HIGH = 24, NAMED = 3, FIRST_NAMES = 5;

interface Place {
  readonly x: number;
  readonly y: number;
}

type KnownStation = MapStation & { readonly longitude: number; readonly latitude: number };

/** Edges refer to the stations by their places in the list. */
export function netMap(
  stations: readonly MapStation[],
  edges: readonly MapEdge[],
  { id, when }: { readonly id: string; readonly when: string },
): Chart {
  const drawn = edges.filter(({ from, to }) => isKnown(stations[from]) && isKnown(stations[to]));
  const used = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const lost = [...used].filter((at) => !isKnown(stations[at])).length;
  const ranked = [...drawn].filter(({ trains }) => trains >= FEW_TRAINS)
    .sort((a, b) => b.addedSeconds - a.addedSeconds || b.trains - a.trains || a.from - b.from || a.to - b.to);
  const nameOf = (at: number) => stations[at]?.name ?? "";
  const [worst] = ranked;
  return {
    id,
    finding: drawn.length === 0
      ? edges.length === 0
        ? `No train has run a leg${when}.`
        : `No station that trains ran to${when} has a place on the map; \`deno task fetch --metadata\` brings the places.`
      : worst === undefined || worst.addedSeconds < 1
      ? `On no leg of the net did trains lose time${when}`
      : `Of the whole net trains lose most between ${nameOf(worst.from)} and ${nameOf(worst.to)}: ${
        delayText(worst.addedSeconds)
      } in the mean of ${counted(worst.trains, "train")}${when}`,
    note:
      `Legs between neighbouring stations that trains ran, both directions together: the wider the more trains; ` +
      `the darker or, at night, the brighter and at last the redder the more delay they add per train. ` +
      `The ${NAMED} worst have their delay beside them, minutes:seconds, if ${FEW_TRAINS} trains or more ran them.` +
      (lost === 0 ? "" : ` ${counted(lost, "station")} without a known place left out.`),
    pictures: drawn.length === 0 ? [] : FRAMES.map((frame) => picture(frame, { stations, drawn, ranked })),
    numbers: {
      caption: "Legs of the net, both directions together",
      heads: ["leg", "trains", "delay added, seconds per train"],
      rows: [...edges].sort((a, b) => b.trains - a.trains || a.from - b.from || a.to - b.to).map((edge) => [
        `${nameOf(edge.from)} – ${nameOf(edge.to)}`,
        edge.trains,
        Math.round(edge.addedSeconds),
      ]),
    },
  };
}

function isKnown(station: MapStation | undefined): station is KnownStation {
  return station !== undefined && Number.isFinite(station.longitude ?? NaN) &&
    Math.abs(station.longitude ?? NaN) <= 180 && Math.abs(station.latitude ?? NaN) <= 85;
}

interface Net {
  readonly stations: readonly MapStation[];
  readonly drawn: readonly MapEdge[];
  readonly ranked: readonly MapEdge[];
}

function picture({ name, width, labels }: typeof FRAMES[number], net: Net): Picture {
  const { stations, drawn, ranked } = net;
  const ends = [...new Set(drawn.flatMap(({ from, to }) => [from, to]))];
  const { placeOf, height } = project(stations, ends, width);
  const most = drawn.reduce((max, { trains }) => Math.max(max, trains), 1);
  const order = [...drawn].sort((a, b) => a.addedSeconds - b.addedSeconds || a.from - b.from || a.to - b.to);
  // Where the net ends or parts one knows one's way again.
  const legs = new Map<number, number>();
  for (const { from, to } of drawn) for (const at of [from, to]) legs.set(at, (legs.get(at) ?? 0) + 1);
  const rank = (at: number) => legs.get(at) === 2 ? 0 : 1;
  const named = ranked.slice(0, NAMED).filter(({ addedSeconds }) => levelOf(addedSeconds) > 1);
  const byTrains = [...ends].sort((a, b) =>
    rank(b) - rank(a) || (stations[b]?.trains ?? 0) - (stations[a]?.trains ?? 0) || a - b
  );
  const text = new MapTexts(stations, { placeOf, width });
  return {
    name,
    width,
    height: height + KEY_HIGH,
    content: [
      order.map((edge) => edgeLine(edge, { placeOf, most })),
      ends.map((at) => dot(placeOf(at), ends.length)),
      text.stations(byTrains.slice(0, FIRST_NAMES)),
      text.legs(named),
      text.stations(byTrains.slice(FIRST_NAMES, labels)),
      key(width, height + 16),
    ],
  };
}

/** Names on the map, each where there is room. */
class MapTexts {
  readonly #room = new TextRoom();
  readonly #stations: readonly MapStation[];
  readonly #placeOf: (at: number) => Place;
  readonly #width: number;

  constructor(
    stations: readonly MapStation[],
    { placeOf, width }: { readonly placeOf: (at: number) => Place; readonly width: number },
  ) {
    this.#stations = stations;
    this.#placeOf = placeOf;
    this.#width = width;
  }

  stations(some: readonly number[]): readonly (Markup | null)[] {
    return some.map((at) => this.#text(this.#stations[at]?.name ?? "", this.#placeOf(at), "plain"));
  }

  legs(some: readonly MapEdge[]): readonly (Markup | null)[] {
    return some.map(({ from, to, addedSeconds }) => {
      const a = this.#placeOf(from), b = this.#placeOf(to);
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      return this.#text(delayText(addedSeconds), middle, "strong");
    });
  }

  /** At the right edge it stands on the left of its place. */
  #text(whole: string, { x, y }: Place, look: string): Markup | null {
    const isStrong = look === "strong";
    const text = cutText(whole, 0.45 * this.#width), wide = widthOf(text, { isStrong });
    const left = x + 6 + wide > this.#width ? x - 6 - wide : x + 6;
    return this.#room.take({ text, x: left, y: y + 4, isStrong })
      ? markup`<text class="halo ${look}" x="${px(left)}" y="${px(y + 4)}">${text}</text>`
      : null;
  }
}

/** As high as its stations need, within bounds. */
function project(stations: readonly MapStation[], ends: readonly number[], width: number) {
  const coordinates = ends.flatMap((at) => {
    const station = stations[at];
    return isKnown(station) ? [[station.longitude, station.latitude] as const] : [];
  });
  const shape = { type: "MultiPoint", coordinates };
  const spread = d3Geo.geoMercator().fitExtent([[0, 0], [1000, 1000]], shape);
  const all = coordinates.map((place) => spread(place) ?? [0, 0]);
  const span = (axis: 0 | 1) =>
    all.reduce((max, place) => Math.max(max, place[axis]), -Infinity) -
    all.reduce((min, place) => Math.min(min, place[axis]), Infinity);
  const ratio = span(0) > 0 ? span(1) / span(0) : 1;
  const height = Math.round(
    Math.min(Math.max(ratio * width, 0.55 * width), width > 500 ? 0.95 * width : 1.5 * width),
  );
  const projection = d3Geo.geoMercator().fitExtent(
    [[MARGIN, MARGIN], [width - MARGIN, height - MARGIN]],
    shape,
  );
  // A single place has no extent to be fitted.
  const hasExtent = span(0) > 0 || span(1) > 0;
  const placeOf = (at: number): Place => {
    const station = stations[at];
    const [x, y] =
      (hasExtent && isKnown(station) ? projection([station.longitude, station.latitude]) : null) ??
        [width / 2, height / 2];
    return { x, y };
  };
  return { placeOf, height };
}

function edgeLine(
  { from, to, trains, addedSeconds }: MapEdge,
  { placeOf, most }: { readonly placeOf: (at: number) => Place; readonly most: number },
): Markup {
  const a = placeOf(from), b = placeOf(to);
  return markup`<path class="e${levelOf(addedSeconds)}" stroke-width="${
    px(1.2 + 7 * Math.sqrt(trains / most))
  }" d="M${px(a.x)} ${px(a.y)}L${px(b.x)} ${px(b.y)}"/>`;
}

function levelOf(seconds: number): number {
  return LEVELS.filter((level) => seconds >= level).length;
}

/** Smaller where there are many. */
function dot({ x, y }: Place, count: number): Markup {
  return markup`<circle class="stop" cx="${px(x)}" cy="${px(y)}" r="${count > 100 ? 1.3 : 2.4}"/>`;
}

/** What the looks mean, in one line. */
function key(width: number, y: number): readonly Markup[] {
  const step = width / LEVEL_NAMES.length;
  return LEVEL_NAMES.map((text, level) => {
    const x = level * step + 2;
    return markup`<path class="e${level}" stroke-width="5" d="M${px(x + 2)} ${y - 4}h${
      width > 500 ? 26 : 8
    }"/><text class="dim" x="${px(x + (width > 500 ? 38 : 14))}" y="${y}">${
      width > 500 ? text : text.replace(" and more", "+").replace("under ", "<")
    }</text>`;
  });
}
