/** The pipeline that follows the feed for weeks: one at a time, seen from outside, stopped by a signal. */
import { getLogger } from "../../packages/logtape.ts";
import { MqttFeed } from "../../digitraffic/mqtt/mqtt_feed.ts";
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
export interface FollowFeedOptions extends Omit<FollowerOptions, "messages"> {
  /** Address of an MQTT broker to receive trains from, beside asking for them. Default none. */
  readonly mqttUrl?: string | null;
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
    await using messages = await openMessages(options);
    await using follower = new FeedFollower({
      ...options,
      messages,
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

/** Its package is loaded only here. */
async function openMessages(
  { mqttUrl = null, api, process, monotonic, figures }: FollowFeedOptions,
): Promise<MqttFeed | undefined> {
  if (mqttUrl === null) return undefined;
  const { openSubscription } = await import("../../digitraffic/mqtt/open_subscription.ts");
  const { user, clock, sleep, random } = api;
  const clientId = `ratalake-${process.pid}-${random().toString(36).slice(2, 10)}`;
  const effects = { clock, monotonic, sleep, random };
  const feed = new MqttFeed({ url: mqttUrl, user, clientId, subscribe: openSubscription, ...effects });
  figures.mqtt = feed.figures;
  return feed;
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
    const { counts, doing, errors, mqtt } = figures;
    const mqttCounts = mqtt === null ? {} : {
      ...{ mqttMessages: mqtt.messages, mqttReconnects: mqtt.reconnects, mqttRefused: mqtt.refused },
    };
    return { ...place, doing, counts: { ...counts, ...mqttCounts }, gauges: gaugesOf(figures, at), errors };
  };
}

function gaugesOf(
  { cursor, cursorMs, newestFetchMs, answeredMs, mqtt }: FeedFigures,
  nowMs: number,
): Readonly<Record<string, number>> {
  return {
    ...(cursor === null ? {} : { cursor }),
    ...(cursorMs === null ? {} : { cursorAgeSeconds: Math.max(0, Math.round((nowMs - cursorMs) / 1000)) }),
    ...(newestFetchMs === null ? {} : { newestFetchMs }),
    ...(answeredMs === null ? {} : { answeredMs }),
    ...(mqtt === null ? {} : { mqttConnected: mqtt.connected }),
  };
}
