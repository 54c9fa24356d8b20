/** One follower of a folder from the wait for its lock to its last heartbeat. */
import { holdLock, type LockHolder } from "../../follow/follower_lock.ts";
import { heartbeatPath } from "../../follow/heartbeat.ts";
import { keepHeartbeat } from "../../follow/keep_heartbeat.ts";
import { getLogger } from "../../packages/logtape.ts";
import { type FollowInput, type FollowOptions, type FollowSummary, followTopic } from "./follow_topic.ts";

/** Who follows where, and who wants to hear of it. */
export interface FollowerOptions extends FollowOptions {
  /** The folder of the tables: one process at a time follows into it. */
  readonly dataDir: string;
  readonly topic: string;
  readonly who: Pick<LockHolder, "pid" | "host">;
  /** Called every few seconds. */
  readonly onBeat?: () => void;
}

const BEAT_SECONDS = 5;
const log = getLogger(["ratalake", "process"]);

/** Throws as `followTopic` does, and with the signal's reason when it comes while another holds the lock. */
export async function runFollower(input: FollowInput, options: FollowerOptions): Promise<FollowSummary> {
  const { dataDir, topic, who, figures, surroundings, onBeat } = options;
  const { signal, sleep } = surroundings;
  await using _lock = await holdLock(`${dataDir}/followers/process.lock`, {
    holder: { ...who, sinceMs: figures.startedAtMs },
    sleep: (milliseconds) => sleep(milliseconds, signal),
    signal,
    onWait: (other) =>
      log.warn("Waiting: {other} follows into {dataDir} already", { other: nameOf(other), dataDir }),
  });
  const named = { ...who, topic, everySeconds: BEAT_SECONDS };
  await using _heart = keepHeartbeat({
    path: heartbeatPath(dataDir, "process"),
    beat: () => {
      onBeat?.();
      return figures.heartbeat(named);
    },
    everyMs: BEAT_SECONDS * 1000,
    monotonic: surroundings.monotonic,
    sleep,
  });
  return await followTopic(input, options);
}

function nameOf(holder: LockHolder | null): string {
  if (holder === null) return "another process";
  return `process ${holder.pid} on ${holder.host}, since ${new Date(holder.sinceMs).toISOString()},`;
}
