/** All that the live page shows at one moment, as the tables and the followers have it. */
import type { LiveFigures } from "../answers/live/live_figures.ts";
import type { Chart } from "../charts/chart.ts";
import type { Heartbeat } from "../follow/heartbeat.ts";
import type { TrainEntry } from "./messages.ts";
import type { Net } from "./live_map.ts";

/** One moment. Times are milliseconds since 1970 UTC. */
export interface LiveView {
  readonly nowMs: number;
  /** Trains on the way. */
  readonly trains: readonly TrainEntry[];
  readonly figures: LiveFigures;
  /** The same object as long as the net is the same. */
  readonly net: Net;
  /** Of the standard table; null before there is one. */
  readonly newestMessageMs: number | null;
  readonly standardVersion: number | null;
  /** The newest run that was measured. */
  readonly quality: LiveQuality | null;
  readonly rejections: readonly LiveRejection[];
  /** Rows of the quarantine. */
  readonly rejected: number;
  readonly followers: readonly Heartbeat[];
  readonly nameOf: (station: string) => string;
  /** Why the tables cannot be read right now; null when they can. */
  readonly fault: string | null;
  /** The stringline of two stations, "HKI-TPE", or of the busiest line; a sentence that says why there is none. */
  readonly drawLine: (line: string | null) => Chart | string;
}

/** What the newest run came to. */
export interface LiveQuality {
  readonly generatedAtMs: number;
  readonly passed: boolean;
  readonly scores: readonly { readonly dimension: string; readonly score: number | null }[];
}

/** A message that was kept out of the tables. */
export interface LiveRejection {
  readonly atMs: number | null;
  readonly reason: string;
  readonly message: string;
  readonly place: string;
}
