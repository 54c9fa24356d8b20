/** Views of the live page, made by hand and by chance. */
import type { LiveTrain } from "../../lib/answers/live/live_trains.ts";
import { liveFigures } from "../../lib/answers/live/live_figures.ts";
import type { Heartbeat } from "../../lib/follow/heartbeat.ts";
import type { LiveView } from "../../lib/live/live_view.ts";

/** The moment of all views that say no other. */
export const NOW_MS = Date.UTC(2026, 10, 28, 12);

/** A long-distance train between two stations that {@linkcode madeView} has places of. */
export function madeTrain(number: number, more: Partial<LiveTrain> = {}): LiveTrain {
  return {
    ...{ id: `2026-11-28/${number}`, name: `IC ${number}`, kind: "longDistance", from: "HKI", to: "PSL" },
    ...{ leftMs: NOW_MS - 60_000, dueMs: NOW_MS + 60_000, delaySeconds: 0, isOnTime: true },
    ...more,
  };
}

/** A follower that runs. */
export function madeHeartbeat(more: Partial<Heartbeat> = {}): Heartbeat {
  return {
    ...{
      role: "process",
      pid: 4711,
      host: "tampere",
      topic: "trains",
      startedAt: NOW_MS - 600_000,
      at: NOW_MS,
    },
    ...{
      everySeconds: 5,
      doing: "waiting for news",
      counts: { messages: 900 },
      gauges: { lagOffsets: 3 },
      errors: [],
    },
    ...more,
  };
}

/** Of these trains. */
export function madeView(trains: readonly LiveTrain[], more: Partial<LiveView> = {}): LiveView {
  return {
    ...{ nowMs: NOW_MS, newestMessageMs: NOW_MS - 3_000, standardVersion: 7, fault: null, quality: null },
    ...{ rejections: [], rejected: 0, followers: [], nameOf: (code: string) => `<${code}>`, net: NET },
    ...{
      trains: trains.map(({ kind: _, ...entry }) => entry),
      figures: liveFigures(trains),
      drawLine: () => "no line",
    },
    ...more,
  };
}

const NET: LiveView["net"] = {
  stations: [
    { code: "HKI", name: "Helsinki", trains: 9, longitude: 24.94, latitude: 60.17 },
    { code: "PSL", name: "Pasila", trains: 5, longitude: 24.93, latitude: 60.2 },
    { code: "XXX", name: "nowhere", trains: 1, longitude: null, latitude: null },
  ],
  legs: [[0, 1], [1, 2]],
};
