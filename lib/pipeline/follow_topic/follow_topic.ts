/**
 * The pipeline from the broker to the tables for weeks: the steps of `process_trains.ts` again and again, in batches as
 * small as the age of their messages asks for, through whatever happens to the broker and the disk.
 */
import { getLogger } from "../../packages/logtape.ts";
import type { Broker } from "../../broker/broker.ts";
import type { Policy } from "../../quality/policy.ts";
import { counterSource } from "../../quality/standard_counter.ts";
import { RecentRows } from "../../standard/recent_rows.ts";
import { TrainIndex } from "../../standard/train_index.ts";
import { telemetry } from "../../telemetry/telemetry.ts";
import type { Lake } from "../../tables/lake.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { AnalysisWork } from "../analysis/analysis_work.ts";
import { MessageTraces } from "../traces/message_traces.ts";
import type { ProcessInput, ProcessLimits, ProcessRun, Surroundings } from "../process_run.ts";
import { policyInUse, refusalOf } from "../report/policy_in_use.ts";
import type { PolicySource } from "../report/read_limits.ts";
import { Chores, type ChoreTimes } from "./chores.ts";
import type { FollowCounts, FollowedBatch, FollowFigures } from "./follow_figures.ts";
import { followSession } from "./follow_session.ts";
import type { Pace } from "./pace.ts";
import { isHopeless, waitAfter } from "./trouble.ts";

/** What a follower works on: opened at its start, and again after each trouble. */
export interface FollowInput extends Pick<ProcessInput, "group" | "storeOf"> {
  readonly openBroker: () => Promise<Broker>;
  readonly openLake: () => Promise<Lake>;
}

/** What a follower takes from outside. */
export interface FollowSurroundings extends Surroundings {
  /** Waits; ends early, with or without an error, when the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** 0 to 1. */
  readonly random: () => number;
  /** Called when the follower is asked to end: fires when what is left to do then has taken too long. */
  readonly endSignal: () => AbortSignal;
}

/** How a follower goes about it. */
export interface FollowOptions {
  readonly limits: ProcessLimits;
  readonly pace: Pick<Pace, "maxAgeMs" | "pollMs">;
  readonly times: ChoreTimes;
  readonly surroundings: FollowSurroundings;
  readonly figures: FollowFigures;
  /** As of a run; read once, at the start. */
  readonly policyFile?: PolicySource | undefined;
  /** Called after each batch. */
  readonly onBatch?: (batch: FollowedBatch) => void;
}

/** What a follower did. */
export interface FollowSummary extends FollowCounts {
  /** The newest run that it recorded; null when it came to none. */
  readonly run: RunRecord | null;
}

/**
 * A train on its way changes every half minute: a batch of ten changes as many files at most, and rewrites a tenth of a
 * day instead of all of it. Fewer trains make more files than that is worth.
 */
const TRAINS_PER_FILE = 24;
/** So long without trouble makes the next trouble the first. */
const HEALTHY_MS = 60_000;
const log = getLogger(["ratalake", "process"]);

/**
 * Follows until the signal fires; then the batch at hand is finished, and what a run records at its end is recorded.
 *
 * @throws {OtherLogError} when the log is not the one that filled the tables
 * @throws {Error} whatever else no wait can mend
 */
export async function followTopic(input: FollowInput, options: FollowOptions): Promise<FollowSummary> {
  const follower = new TopicFollower(input, options);
  await follower.follow();
  return { ...options.figures.counts, run: follower.lastRun };
}

class TopicFollower {
  lastRun: RunRecord | null = null;
  readonly #input: FollowInput;
  readonly #options: FollowOptions;
  /** What it knows of data files stays true, whatever happens. */
  readonly #index = new TrainIndex();
  #failures = 0;
  #healthySinceMs: number | undefined;
  #hasBeenHealthy = false;

  constructor(input: FollowInput, options: FollowOptions) {
    this.#input = input;
    this.#options = options;
  }

  async follow(): Promise<void> {
    const { policyFile, surroundings: { signal } } = this.#options;
    const policy = await policyInUse(policyFile);
    while (!signal.aborted) {
      try {
        await this.#session(policy);
      } catch (error) {
        if (isHopeless(error, { isStart: !this.#hasBeenHealthy })) throw error;
        await this.#wait(error);
      }
    }
  }

  async #session(policy: Policy): Promise<void> {
    const { openBroker, openLake, ...input } = this.#input;
    const { limits, pace, times, figures, surroundings, onBatch = () => {} } = this.#options;
    const { signal, endSignal } = surroundings;
    figures.doing = "opening the log and the tables";
    const lake = await openLake();
    await using source = quietly(await openBroker());
    await using analysis = new AnalysisWork({ keepsFacts: false });
    const run: ProcessRun = {
      ...input,
      broker: source.broker,
      lake,
      limits: { trainsPerFile: TRAINS_PER_FILE, ...limits },
      surroundings,
      index: this.#index,
      recent: new RecentRows(),
      analysis,
      refusal: refusalOf(policy),
      ...(telemetry().isOn ? { traces: new MessageTraces() } : {}),
      counter: counterSource(input.storeOf, surroundings),
      onMerged: (batch) => figures.merged(batch),
    };
    const chores = new Chores(run, { times, figures, policy });
    try {
      await followSession(run, {
        pace: { ...pace, maxBatchBytes: limits.maxBatchBytes },
        chores,
        figures,
        pause: (milliseconds) => this.#pause(milliseconds),
        onHealthy: () => this.#noteHealth(),
        onBatch,
      });
      figures.doing = "recording the last run";
      if (signal.aborted && lake.landing.nextOffsets().size > 0) await chores.end(endSignal());
    } finally {
      await chores.finish();
      this.lastRun = chores.lastRun ?? this.lastRun;
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const { sleep, signal } = this.#options.surroundings;
    try {
      await sleep(milliseconds, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #noteHealth(): void {
    const nowMs = this.#options.surroundings.monotonic();
    if (this.#failures > 0 && this.#healthySinceMs === undefined) {
      log.info("Goes on after {failures}", {
        failures: this.#failures === 1 ? "a failure" : `${this.#failures} failures`,
      });
    }
    this.#hasBeenHealthy = true;
    this.#healthySinceMs ??= nowMs;
  }

  async #wait(error: unknown): Promise<void> {
    const { figures, surroundings: { monotonic, random, signal } } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    const healthyMs = this.#healthySinceMs === undefined ? 0 : monotonic() - this.#healthySinceMs;
    const isChange = this.#failures === 0 || this.#healthySinceMs !== undefined;
    if (healthyMs >= HEALTHY_MS) this.#failures = 0;
    this.#healthySinceMs = undefined;
    const waitMs = waitAfter(++this.#failures, random);
    figures.failed(message);
    if (signal.aborted) {
      log.error("{message}; stopped before it could be tried again", { message });
      return;
    }
    const waits = `tries again in ${
      Math.ceil(waitMs / 1000)
    } s, then more and more rarely, once a minute at least`;
    if (isChange) log.error(`{message}; ${waits}`, { message });
    else log.debug("{message}; tries again in {waitMs} ms", { message, waitMs });
    figures.doing = `waiting after a failure: ${message}`.slice(0, 500);
    await this.#pause(waitMs);
  }
}

/** The broker, whose end is no failure: the session has ended before it, well or not. */
function quietly(broker: Broker): AsyncDisposable & { readonly broker: Broker } {
  return {
    broker,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([broker[Symbol.asyncDispose]()]);
    },
  };
}
