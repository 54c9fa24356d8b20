/** The pipeline that follows the feed for weeks: one at a time, seen from outside, stopped by a signal. */
import { getLogger } from "../../packages/logtape.ts";
import { noticeDeprecation } from "../../digitraffic/notice_deprecation.ts";
import { paceRequests } from "../../digitraffic/pace_requests.ts";
import { holdLock } from "../../follow/follower_lock.ts";
import { type Heartbeat, heartbeatPath } from "../../follow/heartbeat.ts";
import { type FeedFigures, noteError } from "./feed_figures.ts";
import { FeedFollower, type FollowFeedOptions as FollowerOptions } from "./feed_follower.ts";
import { keepHeartbeat } from "../../follow/keep_heartbeat.ts";

const logger = getLogger(["ratalake", "fetch"]);

const HEARTBEAT_SECONDS = 5;
/** Between two requests of any kind: at most thirty a minute, half of what the API grants to clients without a name. */
const REQUEST_GAP_MS = 2_000;

/** What it needs beside a follower. */
export interface FollowFeedOptions extends FollowerOptions {
  /** Who follows, for the lock and the heartbeat. */
  readonly process: { readonly pid: number; readonly host: string };
  /** Folder of the tables; the heartbeat lies in it. */
  readonly dataDir: string;
  /** Hears that figures were written, every few seconds. */
  readonly onBeat?: () => void;
}

/**
 * Follows until the signal fires. Another follower with the same publish state is waited for.
 *
 * @throws {Error} For what does not pass by itself: wrong settings, missing rights, a broker's file that is none.
 */
export async function followFeed(options: FollowFeedOptions): Promise<void> {
  const { figures, signal, monotonic, api } = options;
  try {
    await using _lock = await lockState(options);
    await using beat = keepHeartbeat({
      path: heartbeatPath(options.dataDir, "fetch"),
      beat: beatOf(options),
      monotonic,
      sleep: (milliseconds, end) => api.sleep(milliseconds, end),
      everyMs: HEARTBEAT_SECONDS * 1000,
    });
    await using follower = new FeedFollower({
      ...options,
      api: paceRequests({ onAnswer: noticeDeprecation(), ...api }, {
        monotonic,
        gapMs: REQUEST_GAP_MS,
        onRequest: () => figures.counts.requests++,
      }),
      onDoing: () => {
        options.onDoing?.();
        beat.changed();
      },
    });
    while (!signal.aborted) await follower.step();
  } catch (error) {
    if (signal.aborted) return;
    noteError(figures, error, { nowMs: api.clock() });
    throw error;
  }
}

async function lockState({ statePath, process, api, signal }: FollowFeedOptions): Promise<AsyncDisposable> {
  return await holdLock(`${statePath}.lock`, {
    holder: { ...process, sinceMs: api.clock() },
    sleep: api.sleep,
    signal,
    onWait: (holder) => {
      logger.warn("Waiting: {holder} follows the feed already with {statePath}", {
        holder: holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`,
        statePath,
      });
    },
  });
}

function beatOf({ figures, process, topic, api, onBeat }: FollowFeedOptions): () => Heartbeat {
  const startedAt = api.clock();
  return () => {
    onBeat?.();
    const at = api.clock();
    const place = {
      role: "fetch" as const,
      ...process,
      topic,
      startedAt,
      at,
      everySeconds: HEARTBEAT_SECONDS,
    };
    const { counts, doing, errors } = figures;
    return { ...place, doing, counts: { ...counts }, gauges: gaugesOf(figures, at), errors };
  };
}

function gaugesOf(
  { cursor, cursorMs, newestFetchMs, answeredMs }: FeedFigures,
  nowMs: number,
): Readonly<Record<string, number>> {
  return {
    ...(cursor === null ? {} : { cursor }),
    ...(cursorMs === null ? {} : { cursorAgeSeconds: Math.max(0, Math.round((nowMs - cursorMs) / 1000)) }),
    ...(newestFetchMs === null ? {} : { newestFetchMs }),
    ...(answeredMs === null ? {} : { answeredMs }),
  };
}
