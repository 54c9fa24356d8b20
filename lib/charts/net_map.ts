/** A map of the net that trains really run: stations, and legs as wide as trains are many, by the delay that they add. */
import { counted } from "../printable.ts";
import type { Chart, Picture } from "./chart.ts";
import { FEW_TRAINS } from "./few_trains.ts";
import { px } from "./marks.ts";
import { MapTexts } from "./map_texts.ts";
import { isKnown, MAP_FRAMES, type MapStation, type Place, projectStations } from "./map_projection.ts";
import { type Markup, markup } from "./markup.ts";
import { delayText } from "../text/delay_text.ts";

/** What lies between two stations, in both directions together. */
export interface MapEdge {
  /** Places among the stations. */
  readonly from: number;
  readonly to: number;
  readonly trains: number;
  /** Per train, below 0 where they caught up. */
  readonly addedSeconds: number;
}

/** From so many seconds on a leg has the next look. */
const LEVELS = [10, 30, 60] as const;
const LEVEL_NAMES = ["under 10 s", "under 30 s", "under 1 min", "1 min and more"] as const;
const KEY_HIGH = 24, NAMED = 3, FIRST_NAMES = 5;

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
    pictures: drawn.length === 0
      ? []
      : MAP_FRAMES.map((frame) => picture(frame, { stations, drawn, ranked })),
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

interface Net {
  readonly stations: readonly MapStation[];
  readonly drawn: readonly MapEdge[];
  readonly ranked: readonly MapEdge[];
}

function picture({ name, width, labels }: typeof MAP_FRAMES[number], net: Net): Picture {
  const { stations, drawn, ranked } = net;
  const ends = [...new Set(drawn.flatMap(({ from, to }) => [from, to]))];
  const { placeOf, height } = projectStations(stations, ends, width);
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
