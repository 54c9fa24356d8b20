/** Retries while a cluster is away: a restart, a new leader, a new coordinator. */

import { setTimeout as delay } from "node:timers/promises";

import type { KafkaCluster } from "./kafka_cluster.ts";
import { deepest, isRetriable } from "./kafka_failure.ts";

/** With the waits below this is about 40 seconds; a broker restart takes 6 to 14. */
const TRIES = 12;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5000;

/** Runs the work until it succeeds, and looks up the leaders again between two tries. Only for work that may be repeated. */
export async function withRetries<T>(
  cluster: KafkaCluster,
  work: () => Promise<T>,
  pause = realPause,
): Promise<T> {
  for (let failures = 1;; failures++) {
    try {
      return await work();
    } catch (cause) {
      if (failures === TRIES || !isRetriable(cause)) throw cause;
      await pause(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS));
      await reconnect(cluster, cause);
    }
  }
}

/** The pause of a real process. */
export function realPause(milliseconds: number): Promise<void> {
  return delay(milliseconds);
}

async function reconnect(cluster: KafkaCluster, thrown: unknown): Promise<void> {
  const cause = deepest(thrown);
  if (cause instanceof Error && "broker" in cause && typeof cause.broker === "string") {
    const at = cause.broker.lastIndexOf(":");
    cluster.removeBroker({ host: cause.broker.slice(0, at), port: Number(cause.broker.slice(at + 1)) });
  }
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
  } catch {
    // Still away: the next try meets the same and says so.
  }
}
