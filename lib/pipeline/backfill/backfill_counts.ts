/** What a back-fill has done so far, counted once for its progress and its summary. */
import { getLogger } from "../../packages/logtape.ts";
import type { BackfillProgress } from "./backfill_progress.ts";
import { type DateRange, describeDates } from "./plan_backfill.ts";
import type { DayCounts } from "./publish_day.ts";

const logger = getLogger(["ratalake", "backfill"]);

/** What a back-fill did. `days` = `before` + `done` + `empty` + `failed` + `left`. */
export interface BackfillSummary extends DateRange {
  readonly days: number;
  /** Done by a run before. */
  readonly before: number;
  /** Done by this run. */
  readonly done: number;
  /** Without a train: the API does not have them; they are asked for again by the next run. */
  readonly empty: readonly string[];
  readonly failed: readonly { readonly date: string; readonly reason: string }[];
  /** Not tried, or not to the end, since the run was stopped or given up. */
  readonly left: number;
  /** Published, also of days that were not done. */
  readonly trains: number;
  /** Of those of days that were done: with another departure date, or none. */
  readonly others: number;
  readonly sizeBytes: number;
  readonly requests: number;
  readonly durationSeconds: number;
}

/** What is counted from the start. */
interface BackfillCountsOptions {
  readonly range: DateRange;
  readonly days: number;
  readonly before: number;
  readonly monotonic: () => number;
  readonly requests: () => number;
  /** Hears of every change. */
  readonly onProgress: (progress: BackfillProgress) => void;
  /** Hears of every day that is over. */
  readonly onDay: (progress: BackfillProgress) => void;
}

/** The counts of one run. */
export class BackfillCounts {
  readonly #options: BackfillCountsOptions;
  readonly #startedMs: number;
  readonly #empty: string[] = [];
  readonly #failed: { readonly date: string; readonly reason: string }[] = [];
  #done = 0;
  #trains = 0;
  #others = 0;
  #sizeBytes = 0;

  constructor(options: BackfillCountsOptions) {
    this.#options = options;
    this.#startedMs = options.monotonic();
  }

  /** The broker has more trains. */
  published({ trains, sizeBytes }: Pick<DayCounts, "trains" | "sizeBytes">): void {
    this.#trains += trains;
    this.#sizeBytes += sizeBytes;
    this.#tell();
  }

  /** A day was published to its end. */
  dayOver(date: string, { trains, others }: DayCounts): void {
    if (trains === 0) this.#empty.push(date);
    else this.#done++;
    this.#others += others;
    this.#options.onDay(this.#progress());
  }

  /** Days of which not all could be fetched. */
  failed(dates: readonly string[], reason: string): void {
    if (dates.length === 0) return;
    logger.error("{dates}: {reason}", { dates: describeDates(dates), reason });
    for (const date of dates) this.#failed.push({ date, reason });
    this.#tell();
  }

  summary(): BackfillSummary {
    const { range: { from, to }, days, before, requests } = this.#options;
    return {
      from,
      to,
      days,
      before,
      done: this.#done,
      empty: this.#empty.toSorted(),
      failed: this.#failed.toSorted((one, other) => one.date < other.date ? -1 : 1),
      left: days - before - this.#over(),
      trains: this.#trains,
      others: this.#others,
      sizeBytes: this.#sizeBytes,
      requests: requests(),
      durationSeconds: this.#elapsedSeconds(),
    };
  }

  #tell(): void {
    this.#options.onProgress(this.#progress());
  }

  #progress(): BackfillProgress {
    const { days, before, requests } = this.#options;
    return {
      days,
      before,
      over: this.#over(),
      trains: this.#trains,
      sizeBytes: this.#sizeBytes,
      requests: requests(),
      failures: this.#failed.length,
      elapsedSeconds: this.#elapsedSeconds(),
    };
  }

  #over(): number {
    return this.#done + this.#empty.length + this.#failed.length;
  }

  #elapsedSeconds(): number {
    return (this.#options.monotonic() - this.#startedMs) / 1000;
  }
}
