/** The map on which trains move: the legs of the net that trains of these days run, thin, and the names of stations. */
import { isKnown, MAP_FRAMES, type MapStation, projectStations } from "../charts/map_projection.ts";
import { MapTexts } from "../charts/map_texts.ts";
import { px } from "../charts/marks.ts";
import { markup } from "../charts/markup.ts";
import type { NetFrame, NetMessage } from "./messages.ts";

/** A station of the map, by its code. */
export interface NetStation extends MapStation {
  readonly code: string;
}

/** The net: legs name the places of their ends among the stations. */
export interface Net {
  readonly stations: readonly NetStation[];
  readonly legs: readonly (readonly [from: number, to: number])[];
}

/** Stations without a known place are left out, and so are their legs. */
export function liveMap(net: Net): NetMessage {
  return { frames: MAP_FRAMES.map((frame) => drawFrame(frame, net)) };
}

function drawFrame({ name, width, labels }: typeof MAP_FRAMES[number], { stations, legs }: Net): NetFrame {
  const known = stations.map((station, at) => [at, station] as const).filter(([, each]) => isKnown(each));
  const isDrawn = new Set(known.map(([at]) => at));
  const { placeOf, height } = projectStations(stations, [...isDrawn], width);
  const paths = legs.filter(([from, to]) => isDrawn.has(from) && isDrawn.has(to)).map(([from, to]) => {
    const a = placeOf(from), b = placeOf(to);
    return `M${px(a.x)} ${px(a.y)}L${px(b.x)} ${px(b.y)}`;
  });
  // Where the net ends or parts one knows one's way again.
  const degree = new Map<number, number>();
  for (const ends of legs) for (const at of ends) degree.set(at, (degree.get(at) ?? 0) + 1);
  const rank = (at: number) => degree.get(at) === 2 ? 1 : 0;
  const named = [...known].sort(([a, one], [b, other]) =>
    rank(a) - rank(b) || other.trains - one.trains || (one.code < other.code ? -1 : 1)
  );
  const texts = new MapTexts(stations, { placeOf, width });
  const places = known.map(([at, { code }]) => [code, [px(placeOf(at).x), px(placeOf(at).y)] as const]);
  return {
    name,
    width,
    height,
    svg: markup`<path class="net" d="${paths.join("")}"/>${
      texts.stations(named.slice(0, labels).map(([at]) => at))
    }`.toString(),
    places: Object.fromEntries(places),
  };
}
