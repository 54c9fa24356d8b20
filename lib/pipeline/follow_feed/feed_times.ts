/** When a follower may ask again after an answer, or after none. Pure. */
import { FetchError } from "../../digitraffic/fetch_error.ts";
import type { MqttGap } from "../../digitraffic/mqtt/mqtt_feed.ts";
import { type FeedStep, type FeedTimes, stepKey } from "./plan_step.ts";
import { retryLaterMs } from "./retry_later.ts";

/** The present. */
interface Now {
  /** By the clock of the times. */
  readonly monotonicMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/** A departure date of which no train came is asked for again after so long. */
const EMPTY_DATE_MS = 20 * 60_000;

/** How often is asked. */
interface Rhythm extends Now {
  /** No train came. */
  readonly isEmpty: boolean;
  readonly everyMs: number;
  readonly fullEveryMs: number;
}

/** A failure. */
interface Failed extends Now {
  readonly step: FeedStep;
  readonly error: unknown;
  /** How many there were in a row, this one included. */
  readonly failures: number;
}

/** What is known of the messages that come beside the answers. */
interface Messages {
  readonly gap: MqttGap;
  readonly isHealthy: boolean;
  readonly everyMs: number;
  readonly monotonicMs: number;
}

/** Trains that MQTT lost are lost in bursts, and this is not asked for after each of them. */
const LOST_WAIT_MS = 30_000;

/** Nothing was asked yet: all is due. */
export const NEW_TIMES: FeedTimes = {
  pollAtMs: -Infinity,
  fullAtMs: -Infinity,
  retryAtMs: {},
  quietUntilMs: -Infinity,
};

/** After an answer. All live trains are the changed ones too. A third of the wait is chance. */
export function timesAfterAnswer(times: FeedTimes, step: FeedStep, rhythm: Rhythm): FeedTimes {
  const { everyMs, fullEveryMs, monotonicMs, random, isEmpty } = rhythm;
  const key = stepKey(step);
  const { [key]: _, ...others } = times.retryAtMs;
  const isNone = isEmpty && step.kind === "reconcile";
  const isFull = step.kind === "full";
  const isPoll = isFull || step.kind === "live";
  return {
    ...times,
    retryAtMs: isNone ? { ...others, [key]: monotonicMs + EMPTY_DATE_MS } : others,
    pollAtMs: isPoll ? monotonicMs + Math.round(everyMs * (1 + random / 3)) : times.pollAtMs,
    fullAtMs: isFull ? monotonicMs + Math.round(fullEveryMs * (1 + random / 10)) : times.fullAtMs,
  };
}

/** What messages miss, and what they would bring if they came, is asked for sooner. */
export function timesWithMessages(times: FeedTimes, messages: Messages): FeedTimes {
  const { gap, isHealthy, everyMs, monotonicMs } = messages;
  const pollAtMs = gap === "connected" ? monotonicMs : isHealthy ? Infinity : monotonicMs + everyMs;
  const fullAtMs = gap === "lost" ? monotonicMs + LOST_WAIT_MS : Infinity;
  if (pollAtMs >= times.pollAtMs && fullAtMs >= times.fullAtMs) return times;
  return {
    ...times,
    pollAtMs: Math.min(times.pollAtMs, pollAtMs),
    fullAtMs: Math.min(times.fullAtMs, fullAtMs),
  };
}

/** After a failure: what failed waits, and all of it where the API asks for that. */
export function timesAfterFailure(times: FeedTimes, failed: Failed): FeedTimes {
  const { step, error, monotonicMs } = failed;
  const retryMs = monotonicMs + retryLaterMs(failed);
  const isForAll = error instanceof FetchError && (error.status === 429 || error.retryAfterMs !== undefined);
  return {
    ...times,
    retryAtMs: { ...times.retryAtMs, [stepKey(step)]: retryMs },
    quietUntilMs: isForAll ? retryMs : times.quietUntilMs,
  };
}
