/** A follower while nothing is wrong: looks for news, ingests what is due, and does its chores between. */
import { getLogger } from "../../packages/logtape.ts";
import { counted } from "../../printable.ts";
import { updateLake } from "../../tables/lake.ts";
import type { BatchRecord } from "../../tables/batch_record.ts";
import type { Batch } from "../../validate/collect_batches.ts";
import { ingestPlan } from "../ingest_topic.ts";
import type { ReadPlan } from "../plan_read.ts";
import type { ProcessRun } from "../process_run.ts";
import { ingestAll } from "../run_steps/ingest_all.ts";
import { isUnmeasured } from "../run_steps/is_unmeasured.ts";
import type { Chores } from "./chores.ts";
import type { FollowedBatch, FollowFigures } from "./follow_figures.ts";
import { NewsWatch } from "./news_watch.ts";
import { type BatchHabit, nextHabit, type Pace, waitBefore } from "./pace.ts";

/** What a session needs beside its run. */
export interface SessionOptions {
  readonly pace: Pace;
  readonly chores: Chores;
  readonly figures: FollowFigures;
  /** Waits; ends early, without a word, when the signal fires. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called when the log was found to be the one of the tables, and all that waited then is in. */
  readonly onHealthy: () => void;
  /** Called after each batch. */
  readonly onBatch: (batch: FollowedBatch) => void;
}

/** How long the log is taken for the same without being asked again. */
const CHECK_EVERY_MS = 300_000;
/** Between two looks for a topic that is not there yet. */
const TOPIC_POLL_MS = 1_000;
/** Before anything is known: Finnish trains take some ten kilobytes. */
const FIRST_HABIT: BatchHabit = { batchMs: 0, messageBytes: 10_000 };
const log = getLogger(["ratalake", "process"]);

/**
 * Follows until the signal fires.
 *
 * @throws whatever a batch ends with; the tables are as after a crash then
 */
export async function followSession(run: ProcessRun, options: SessionOptions): Promise<void> {
  await new Session(run, options).follow();
}

class Session {
  readonly #run: ProcessRun;
  readonly #options: SessionOptions;
  readonly #watch: NewsWatch;
  #habit = FIRST_HABIT;
  #checkedMs: number | undefined;
  #isWaitingForTopic = false;
  /** Until the log was compared once. */
  #isFirst = true;

  constructor(run: ProcessRun, options: SessionOptions) {
    this.#run = run;
    this.#options = options;
    this.#watch = new NewsWatch(run.surroundings.monotonic());
  }

  async follow(): Promise<void> {
    const { chores, pause, figures } = this.#options;
    const { signal, monotonic } = this.#run.surroundings;
    while (!signal.aborted) {
      const nowMs = monotonic();
      if (this.#checkedMs === undefined || nowMs - this.#checkedMs >= CHECK_EVERY_MS) {
        if (!await this.#ingestChecked()) await pause(TOPIC_POLL_MS);
        continue;
      }
      const waitMs = await this.#ingestNews(nowMs);
      await chores.tick({ isQuiet: waitMs > 0 });
      if (waitMs > 0) {
        figures.doing = "waiting for news";
        await pause(waitMs);
      }
    }
  }

  /** As a run does it, which makes sure that the log is the one of the tables; false when there is no topic yet. */
  async #ingestChecked(): Promise<boolean> {
    const run = this.#run, { figures, onHealthy } = this.#options;
    figures.doing = "comparing the log with the tables";
    await updateLake(run.lake);
    const { outcome, caughtUp } = await ingestAll(run, {
      onPlan: (waiting) => figures.doing = `ingesting ${counted(waiting, "offset")}`,
      onBatch: (batch, records, waiting) => this.#batchDone(batch, records, waiting),
    });
    if (caughtUp > 0 || (this.#isFirst && await isUnmeasured(run))) this.#options.chores.noteBatch();
    this.#isFirst = false;
    if (outcome === "no topic") this.#waitForTopic();
    else {
      this.#isWaitingForTopic = false;
      this.#checkedMs = run.surroundings.monotonic();
    }
    onHealthy();
    return outcome !== "no topic";
  }

  /** Milliseconds until the next look; 0 when there may be more already. */
  async #ingestNews(nowMs: number): Promise<number> {
    const { pace, figures } = this.#options;
    const look = await this.#watch.look(this.#run, nowMs);
    if (look.kind === "check") {
      this.#checkedMs = undefined;
      return 0;
    }
    figures.set("lagOffsets", look.kind === "none" ? 0 : look.plan.waiting);
    if (look.kind === "none") return pace.pollMs;
    const waitMs = waitBefore({ offsets: look.plan.waiting, ageMs: look.ageMs }, this.#habit, pace);
    if (waitMs === 0) await this.#ingest(look.plan);
    return waitMs;
  }

  async #ingest(plan: ReadPlan): Promise<void> {
    const { figures } = this.#options, { lake, surroundings: { monotonic } } = this.#run;
    const startedMs = monotonic();
    figures.doing = `ingesting ${counted(plan.waiting, "offset")}`;
    const onBatch = (batch: Batch, records: readonly BatchRecord[], waiting: number) => {
      const { messages, sizeBytes } = batch;
      this.#habit = nextHabit(this.#habit, { batchMs: monotonic() - startedMs, messages, sizeBytes });
      this.#batchDone(batch, records, waiting);
    };
    if (await ingestPlan(this.#run, plan, { onBatch }) === "done") this.#watch.ingested();
    else {
      // Another process, or the retention, was faster.
      await updateLake(lake);
      this.#checkedMs = undefined;
    }
  }

  #batchDone(batch: Batch, records: readonly BatchRecord[], waiting: number): void {
    const { figures, chores, onBatch } = this.#options, { standard } = this.#run.lake;
    const lost = records.reduce((sum, { expired }) => sum + expired, 0);
    if (lost > 0) log.error("{lost} expired before they were landed", { lost: counted(lost, "offset") });
    chores.noteBatch();
    const standardVersion = standard.delta.snapshot.version;
    onBatch(figures.batchDone(batch, records, { lagOffsets: waiting, standardVersion }));
  }

  #waitForTopic(): void {
    const { topic } = this.#run.lake;
    this.#options.figures.doing = `waiting for the topic "${topic}", which does not exist yet`;
    if (!this.#isWaitingForTopic) {
      log.info("Waiting for the topic {topic}, which does not exist yet; `deno task fetch` creates it", {
        topic,
      });
    }
    this.#isWaitingForTopic = true;
  }
}
