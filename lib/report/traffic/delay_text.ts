/** Delays and punctuality as people say them. */
import type { KindFigures, TrainFigures } from "../../quality/traffic/traffic_figures.ts";

/** The share of the trains that arrived; "" without any. 100.0% only where none was late. */
export function onTimeText({ arrived, onTime }: Pick<TrainFigures, "arrived" | "onTime">): string {
  if (arrived === 0) return "";
  return `${(onTime < arrived ? Math.min(99.9, 100 * onTime / arrived) : 100).toFixed(1)}%`;
}

/** The categories of causes with the most trains, and the trains; names come from outside. */
export function topCauses(
  { causes }: Pick<TrainFigures, "causes">,
  limit: number,
): readonly [string, number][] {
  return Object.entries(causes).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

/** When trains are on time, kinds with the same definition together. */
export function onTimeRules(kinds: readonly Pick<KindFigures, "name" | "rule">[]): string {
  return Map.groupBy(kinds, ({ rule }) => rule).entries().map(([rule, some]) =>
    `${some.map(({ name }) => name).join(" and ")} ${rule}`
  ).toArray().join("; ");
}
