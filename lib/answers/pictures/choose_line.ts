/** The stations between two, as trains come through them, and how far apart they are. Pure. */
import type { RoutedTrain, RoutedVisit } from "./line_trains.ts";

/** Two stations by their codes. */
export interface LineEnds {
  readonly from: string;
  readonly to: string;
}

/** Trains are never planned to be there at once. */
const LEAST_SECONDS = 15;

/** The two ends that most trains run between, in the order of most of them; null when no train runs from one to another. */
export function busiestLine(trains: readonly RoutedTrain[]): LineEnds | null {
  const counts = new Map<string, { readonly ends: LineEnds; trains: number }>();
  for (const { visits } of trains) {
    const from = visits[0]?.station ?? "", to = visits.at(-1)?.station ?? "";
    if (from === to) continue;
    // Both directions are one line.
    const ends = from < to ? { from, to } : { from: to, to: from };
    const key = `${ends.from}\0${ends.to}`, known = counts.get(key) ?? { ends, trains: 0 };
    known.trains++;
    counts.set(key, known);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n.trains - m.trains || (a < b ? -1 : 1));
  return sorted[0]?.[1].ends ?? null;
}

/** Codes of the stations from one end to the other, by the way that most trains take; none when no train runs it. */
export function lineStations(trains: readonly RoutedTrain[], { from, to }: LineEnds): readonly string[] {
  const ways = new Map<string, { readonly way: readonly string[]; trains: number }>();
  for (const { visits } of trains) {
    const way = wayBetween(visits, from, to);
    if (way === null) continue;
    const key = way.join("\0"), known = ways.get(key) ?? { way, trains: 0 };
    known.trains++;
    ways.set(key, known);
  }
  const sorted = [...ways].sort(([a, m], [b, n]) =>
    n.trains - m.trains || n.way.length - m.way.length || (a < b ? -1 : 1)
  );
  return sorted[0]?.[1].way ?? [];
}

/** In the direction of the line; a station that a train comes through twice would be no place on it. */
function wayBetween(visits: readonly RoutedVisit[], from: string, to: string): readonly string[] | null {
  const places = visits.map(({ station }) => station);
  const first = places.indexOf(from), last = places.indexOf(to);
  if (first === -1 || last === -1 || first === last) return null;
  const way = places.slice(Math.min(first, last), Math.max(first, last) + 1)
    .filter((station, at, all) => station !== all[at - 1]);
  if (new Set(way).size < way.length) return null;
  return first < last ? way : way.reverse();
}

/** Per station the planned running time from the first one: medians of all trains that run a leg, in both directions. */
export function runningSeconds(
  trains: readonly RoutedTrain[],
  stations: readonly string[],
): readonly number[] {
  const places = new Map(stations.map((station, at) => [station, at]));
  const times = stations.map((): number[] => []);
  for (const { visits } of trains) {
    for (const [at, arrival] of visits.entries()) {
      const departure = visits[at - 1];
      if (departure === undefined || !departure.departs || arrival.departs) continue;
      const a = places.get(departure.station) ?? NaN, b = places.get(arrival.station) ?? NaN;
      if (Math.abs(a - b) !== 1) continue;
      times[Math.max(a, b)]?.push((arrival.plannedMs - departure.plannedMs) / 1000);
    }
  }
  let sum = 0;
  return times.map((some, at) => sum += at === 0 ? 0 : Math.max(LEAST_SECONDS, median(some)));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1] ?? 0;
}
