/** The net that trains run, out of their routes: which stations are neighbours. Pure. */
import type { RoutedTrain } from "../pictures/line_trains.ts";

/** Stations by their codes, with how many trains come through, and the pairs that trains run between. */
export interface RunNet {
  /** In the order of the alphabet. */
  readonly stations: readonly { readonly code: string; readonly trains: number }[];
  /** Both directions together; places among the stations. */
  readonly legs: readonly (readonly [from: number, to: number])[];
}

/** The same trains give the same net, in whatever order they come. */
export function netOf(trains: readonly RoutedTrain[]): RunNet {
  const counts = new Map<string, number>(), pairs = new Map<string, readonly [string, string]>();
  for (const { visits } of trains) {
    for (const station of new Set(visits.map(({ station }) => station))) {
      counts.set(station, (counts.get(station) ?? 0) + 1);
    }
    for (const [at, { station: to }] of visits.entries()) {
      const from = visits[at - 1]?.station;
      if (from === undefined || from === to) continue;
      const pair = from < to ? [from, to] as const : [to, from] as const;
      pairs.set(pair.join("\0"), pair);
    }
  }
  const stations = [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([code, trains]) => ({ code, trains }));
  const places = new Map(stations.map(({ code }, at) => [code, at]));
  const legs = [...pairs].sort(([a], [b]) => a < b ? -1 : 1).map(([, [from, to]]) =>
    [places.get(from) ?? 0, places.get(to) ?? 0] as const
  );
  return { stations, legs };
}
