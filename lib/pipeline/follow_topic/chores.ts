/**
 * What a run does once at its end, and a follower now and then: the analysis tables, the upkeep of all tables, what the
 * broker may forget, the record of a run. None of it is in the way of a batch for long: most goes on beside the batches,
 * and a run is measured when nothing waits.
 */
import { getLogger } from "../../packages/logtape.ts";
import { evaluateRun } from "../../quality/evaluate_run.ts";
import type { Policy } from "../../quality/policy.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { bringAllForward } from "../analysis/keep_analysis.ts";
import { forgetMessages } from "../forget_messages.ts";
import { commitOffsets } from "../ingest_topic.ts";
import { maintainTables } from "../maintain_tables.ts";
import type { ProcessRun } from "../process_run.ts";
import { recordRun } from "../run_steps/record_run.ts";
import { Aside } from "./aside.ts";
import { Due } from "./due.ts";
import type { FollowFigures } from "./follow_figures.ts";

/** How often, in milliseconds. */
export interface ChoreTimes {
  /** The analysis tables are brought forward, when there was news. */
  readonly analyseMs: number;
  /** A run is recorded, when there was news. */
  readonly measureMs: number;
}

/** What chores need beside the run. */
export interface ChoreOptions {
  readonly times: ChoreTimes;
  readonly figures: FollowFigures;
  readonly policy: Policy;
}

/** Commits that make a table worth looking at: a checkpoint is due then, and small files lie there. */
const COMMITS = 100;
/** At ten commits a second tables are looked at this often, at few commits so often. */
const UPKEEP_MS = { least: 30_000, most: 600_000 };
/**
 * Logs, and whole tables, are listed so often: of a busy table that takes a part of a second. Log files go in small
 * numbers at a time: where thousands are unlinked, the flush of each commit waits for all of them.
 */
const LISTING_MS = { log: 120_000, all: 86_400_000 };
const OFFSETS_MS = 5_000;
const MEMORY_MS = 10_000;
/** A run that found no quiet moment for half as long again is measured between two batches. */
const OVERDUE = 0.5;
/** A departure date that nothing was written to for so long is over, most likely. */
const UNCHANGED_MS = 3_600_000;
/** Batches, readers and what goes on beside them may still need what has just left a table. */
const LEAST_KEEP_MS = 60_000;
const log = getLogger(["ratalake", "process"]);

/** Belongs to one session. */
export class Chores {
  /** What the last run that was recorded here came to. */
  lastRun: RunRecord | null = null;
  readonly #run: ProcessRun;
  readonly #options: ChoreOptions;
  readonly #aside: Aside;
  readonly #offsets: Due;
  readonly #memory: Due;
  readonly #analysis: Due;
  readonly #upkeep: Due;
  readonly #measure: Due;
  readonly #listLogs: Due;
  readonly #listAll: Due;
  #lastFailure = "";

  constructor(run: ProcessRun, options: ChoreOptions) {
    const { times: { analyseMs, measureMs } } = options;
    const nowMs = run.surroundings.monotonic();
    this.#run = run;
    this.#options = options;
    this.#aside = new Aside((what, error) => this.#failed(what, error));
    this.#offsets = new Due(nowMs, { everyMs: OFFSETS_MS });
    this.#memory = new Due(nowMs, { everyMs: MEMORY_MS });
    this.#analysis = new Due(nowMs, { everyMs: analyseMs });
    this.#upkeep = new Due(nowMs, { everyMs: UPKEEP_MS.most, reasons: COMMITS, leastMs: UPKEEP_MS.least });
    this.#measure = new Due(nowMs, { everyMs: measureMs });
    this.#listLogs = new Due(nowMs, { everyMs: LISTING_MS.log });
    this.#listAll = new Due(nowMs, { everyMs: LISTING_MS.all });
  }

  /** A batch is in. */
  noteBatch(): void {
    const seldom = [this.#listLogs, this.#listAll];
    for (const due of [this.#offsets, this.#memory, this.#analysis, this.#upkeep, this.#measure, ...seldom]) {
      due.note();
    }
  }

  /** Begins or does what is due; a moment is quiet when nothing waits. */
  async tick({ isQuiet }: { readonly isQuiet: boolean }): Promise<void> {
    const run = this.#run, { surroundings: { monotonic, releaseMemory } } = run;
    const nowMs = monotonic();
    if (this.#memory.isDue(nowMs)) {
      this.#memory.done(nowMs);
      await releaseMemory();
    }
    if (this.#offsets.isDue(nowMs) && isQuiet) {
      this.#offsets.done(nowMs);
      await commitOffsets(run);
    }
    const overdue = this.#measure.overdue(nowMs);
    if (overdue >= (isQuiet ? 0 : OVERDUE)) await this.#record(run);
    else if (!this.#aside.isBusy) this.#beginDue(nowMs);
  }

  /**
   * Does all that there is a reason for, though it is not due: the follower ends. The signal ends it early, and what is
   * left then the next process finds.
   */
  async end(signal: AbortSignal): Promise<void> {
    await this.#aside.finish();
    const run = { ...this.#run, surroundings: { ...this.#run.surroundings, signal } };
    await commitOffsets(run);
    if (this.#measure.hasReason || this.lastRun === null) await this.#record(run);
    else if (this.#analysis.hasReason) await bringAllForward(run);
  }

  /** Waits for what is under way, which must not go on when a session has ended. */
  async finish(): Promise<void> {
    await this.#aside.finish();
  }

  #beginDue(nowMs: number): void {
    if (this.#analysis.isDue(nowMs)) {
      this.#analysis.done(nowMs);
      this.#aside.begin("bring the analysis tables forward", async () => {
        await bringAllForward(this.#run);
        this.#noteCut(this.#run);
      });
    } else if (this.#upkeep.isDue(nowMs)) {
      this.#upkeep.done(nowMs);
      this.#aside.begin("keep the tables in order", () => this.#keepInOrder());
    }
  }

  async #keepInOrder(): Promise<void> {
    const { lake, limits: { keepFilesMs }, surroundings: { signal } } = this.#run;
    await maintainTables(lake, {
      effort: this.#effort(),
      unchangedMs: UNCHANGED_MS,
      keepFilesMs: keepFilesMs === undefined ? undefined : Math.max(keepFilesMs, LEAST_KEEP_MS),
      signal,
      counter: await this.#run.counter(),
    });
    // Of dates whose files were rewritten.
    this.#analysis.note();
  }

  #effort(): "names" | "log" | "all" {
    const nowMs = this.#run.surroundings.monotonic();
    const [isLog, isAll] = [this.#listLogs.isDue(nowMs), this.#listAll.isDue(nowMs)];
    if (isAll) this.#listAll.done(nowMs);
    if (isLog) this.#listLogs.done(nowMs);
    return isAll ? "all" : isLog ? "log" : "names";
  }

  async #record(run: ProcessRun): Promise<void> {
    const { figures, policy } = this.#options;
    await this.#aside.finish();
    const nowMs = run.surroundings.monotonic();
    this.#measure.done(nowMs);
    this.#analysis.done(nowMs);
    const record = await recordRun(run, policy);
    this.#noteCut(run);
    if (record === null) return;
    await forgetMessages(run);
    this.lastRun = record;
    figures.set("lastRunPassed", evaluateRun(record, { policy }).passed ? 1 : 0);
  }

  /** Who is stopped leaves dates of the analysis tables undone: the end does them. */
  #noteCut({ surroundings: { signal } }: ProcessRun): void {
    if (signal.aborted) this.#analysis.note();
  }

  #failed(what: string, error: unknown): void {
    const message = `Cannot ${what}: ${error instanceof Error ? error.message : error}`;
    // What it had taken out to be written is lost with it.
    this.#run.analysis.startOver();
    this.#analysis.note();
    this.#options.figures.failed(message);
    if (message !== this.#lastFailure) log.warn("{message}; messages go on to be ingested", { message });
    this.#lastFailure = message;
  }
}
