/** Runs a follower in this process, on a clock that goes on only while it waits: hours pass in no time. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Broker } from "../../../lib/broker/broker.ts";
import { type FollowedBatch, FollowFigures } from "../../../lib/pipeline/follow_topic/follow_figures.ts";
import { type FollowSummary, followTopic } from "../../../lib/pipeline/follow_topic/follow_topic.ts";
import { pollInterval } from "../../../lib/pipeline/follow_topic/pace.ts";
import { type Lake, openLake } from "../../../lib/tables/lake.ts";
import { FIRST_ROUND_MS } from "../made_up_log.ts";
import { type StoreOf, TOPIC } from "../process_rig.ts";

/** Something that happens while the follower waits, so long after its start. */
export interface Happening {
  readonly atMs: number;
  readonly happens: () => unknown;
}

/** How one follower goes about it. */
export interface FollowRigOptions {
  readonly openBroker: () => Promise<Broker>;
  readonly storeOf: StoreOf;
  readonly happenings?: readonly Happening[];
  /** When it is stopped, after its start. */
  readonly untilMs: number;
  readonly maxAgeMs?: number;
  readonly maxBatchBytes?: number;
  readonly measureMs?: number;
  readonly keepFilesMs?: number;
  /** Stops it too, at any moment. */
  readonly stopping?: AbortSignal;
  /** True to stop at the first failure, as a process does that dies. */
  readonly diesOfFailure?: boolean;
  /** Tells the names of the files of several followers apart. */
  readonly name?: string;
}

/** What came of it. */
export interface Followed {
  readonly summary: FollowSummary;
  readonly figures: FollowFigures;
  /** Each batch with the time after the start at which it was in. */
  readonly batches: readonly (FollowedBatch & { readonly atMs: number })[];
  /** Waits of the follower, in milliseconds. */
  readonly sleeps: number;
  /** As it was opened last. */
  readonly lake: Lake | undefined;
}

let followers = 0;

/** One follower from its start until it is stopped. */
export async function follow(options: FollowRigOptions): Promise<Followed> {
  const { storeOf, openBroker, happenings = [], untilMs, maxAgeMs = 1000, name = "follower" } = options;
  const controller = new AbortController();
  const signal = options.stopping
    ? AbortSignal.any([controller.signal, options.stopping])
    : controller.signal;
  const left = [...happenings].sort((a, b) => a.atMs - b.atMs);
  let nowMs = 0, sleeps = 0, ids = 0, lake: Lake | undefined;
  const clock = () => FIRST_ROUND_MS + nowMs;
  const figures = new FollowFigures({ clock, monotonic: () => nowMs });
  const pass = async (toMs: number) => {
    while ((left[0]?.atMs ?? Infinity) <= toMs) {
      const next = left.shift();
      nowMs = Math.max(nowMs, next?.atMs ?? 0);
      await next?.happens();
    }
    nowMs = toMs;
  };
  const sleep = async (milliseconds: number) => {
    sleeps++;
    // What goes on beside the batches has its turns.
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    await pass(Math.min(nowMs + milliseconds, untilMs));
    if (nowMs >= untilMs || (options.diesOfFailure === true && figures.counts.failures > 0)) {
      controller.abort();
    }
  };
  const batches: (FollowedBatch & { atMs: number })[] = [];
  const life = `${name}${followers++}`;
  const context = {
    clock,
    ids: () => `${life}-${ids++}`,
    backoff: figures.countingRetries(() => Promise.resolve()),
  };
  const summary = await followTopic({
    group: "test",
    openBroker,
    openLake: async () => lake = await openLake(storeOf, { topic: TOPIC, ...context }),
  }, {
    limits: {
      maxBatchBytes: options.maxBatchBytes ?? 60_000,
      ...(options.keepFilesMs === undefined ? {} : { keepFilesMs: options.keepFilesMs }),
    },
    pace: { maxAgeMs, pollMs: pollInterval(maxAgeMs, "local") },
    times: { analyseMs: 60_000, measureMs: options.measureMs ?? 600_000 },
    surroundings: {
      ...context,
      monotonic: () => nowMs,
      signal,
      sleep,
      random: () => 0.5,
      releaseMemory: () => Promise.resolve(),
      endSignal: () => new AbortController().signal,
    },
    figures,
    onBatch: (batch) => batches.push({ ...batch, atMs: nowMs }),
  });
  return { summary, figures, batches, sleeps, lake };
}

/** A broker that is opened again and again, and is the same. */
export function keptOpen(broker: Broker): () => Promise<Broker> {
  return () =>
    Promise.resolve(
      new Proxy(broker, {
        get: (target, name) => {
          if (name === Symbol.asyncDispose) return () => Promise.resolve();
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
    );
}
