/** The pipeline from the API's past days to the broker: several at once, each noted when the broker has all of it. */
import { getLogger } from "../../packages/logtape.ts";
import type { Broker } from "../../broker/broker.ts";
import type { DigitrafficApi } from "../../digitraffic/digitraffic_api.ts";
import { FetchError } from "../../digitraffic/fetch_error.ts";
import { type ArrivingDay, fetchArchive, fetchDay } from "../../digitraffic/history/fetch_days.ts";
import { RequestGate } from "../../digitraffic/history/request_gate.ts";
import { counted } from "../../printable.ts";
import { BackfillBook } from "./backfill_book.ts";
import type { BackfillProgress } from "./backfill_progress.ts";
import { BackfillCounts, type BackfillSummary } from "./backfill_counts.ts";
import { type DateRange, datesOf, type Errand, planBackfill } from "./plan_backfill.ts";
import { type DayCounts, publishDay } from "./publish_day.ts";

const logger = getLogger(["ratalake", "backfill"]);

const CHUNK_BYTES = 4 * 1024 * 1024;
/** So many requests in a row that failed, after all their attempts: the API has no mind to answer now. */
const MOST_FAILURES = 3;

/** What a back-fill needs. */
export interface BackfillOptions extends DateRange {
  readonly api: DigitrafficApi;
  readonly broker: Broker;
  readonly topic: string;
  /** For a topic that has to be created. */
  readonly partitions: number;
  /** File that remembers which days are done. */
  readonly statePath: string;
  /** Gives the epoch of the log, before each day: a follower may start a newer one meanwhile. */
  readonly sourceEpoch: () => Promise<number>;
  /** Whole months from their archives, where they are made. */
  readonly archives: boolean;
  /** Days that are done too. */
  readonly again: boolean;
  /** Requests at once. */
  readonly jobs: number;
  readonly requestsPerMinute: number;
  /** Ends it between two chunks. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Refuses to go on, by rejecting, when there is no room for another day. */
  readonly checkRoom?: () => Promise<void>;
  /** Hears of every chunk that the broker has, and of every day that failed. */
  readonly onProgress?: (progress: BackfillProgress) => void;
  /** Hears of every day that was published to its end. */
  readonly onDay?: (progress: BackfillProgress) => void;
  /** Messages are handed to the broker in chunks of about this many bytes. Default 4 MiB. */
  readonly chunkBytes?: number;
}

/**
 * Publishes every train of every day of the range that is not done. A day that breaks off is fetched anew, as a whole:
 * what was published twice is a duplicate, which the tables count. Days that fail do not stop the others.
 *
 * @returns Also when the signal fires; then days are left.
 * @throws {BrokerError} When the broker does not take the messages.
 */
export async function runBackfill(options: BackfillOptions): Promise<BackfillSummary> {
  const { api, broker, topic, partitions, statePath, signal, jobs } = options;
  await broker.ensureTopic(topic, partitions);
  const book = await BackfillBook.open({ statePath, url: api.url, broker, topic });
  const run = new BackfillRun(options, book);
  const outcomes = await Promise.allSettled(Array.from({ length: jobs }, () => run.work()));
  const broken = outcomes.find((outcome) => outcome.status === "rejected");
  if (broken !== undefined && !signal.aborted) throw broken.reason;
  return run.summary();
}

/** One run, with all that its jobs share. */
class BackfillRun {
  readonly #options: BackfillOptions;
  readonly #book: BackfillBook;
  readonly #gate: RequestGate;
  readonly #counts: BackfillCounts;
  readonly #errands: Errand[];
  /** One job that breaks ends all. */
  readonly #broken = new AbortController();
  readonly #signal: AbortSignal;
  #failuresInARow = 0;

  constructor(options: BackfillOptions, book: BackfillBook) {
    const { api, from, to, again, archives, monotonic, signal, onProgress = () => {}, onDay = () => {} } =
      options;
    const plan = planBackfill({ from, to }, { done: book.days, again, archives, nowMs: api.clock() });
    const gate = new RequestGate(api, { perMinute: options.requestsPerMinute, monotonic });
    this.#options = options;
    this.#book = book;
    this.#gate = gate;
    this.#errands = [...plan.errands];
    this.#signal = AbortSignal.any([signal, this.#broken.signal]);
    const { days, before } = plan;
    const range = { from, to };
    this.#counts = new BackfillCounts({
      range,
      days,
      before,
      monotonic,
      onProgress,
      onDay,
      requests: () => gate.requests,
    });
  }

  /** One job: takes the next errand until there is none. */
  async work(): Promise<void> {
    try {
      const api = this.#gate.guard();
      while (this.#failuresInARow < MOST_FAILURES) {
        const errand = this.#errands.shift();
        if (errand === undefined) return;
        this.#signal.throwIfAborted();
        await this.#options.checkRoom?.();
        await this.#run(errand, api);
      }
      if (this.#errands.length > 0) this.#giveUp();
    } catch (error) {
      this.#broken.abort(error);
      throw error;
    }
  }

  summary(): BackfillSummary {
    return this.#counts.summary();
  }

  async #run(errand: Errand, api: DigitrafficApi): Promise<void> {
    const signal = this.#signal;
    const missing = new Set(datesOf(errand));
    try {
      if (errand.kind === "day") {
        await fetchDay(
          api,
          { date: errand.date, signal },
          (day) => this.#fill(day, { missing, from: "day" }),
        );
      } else {
        const { month } = errand;
        await fetchArchive(api, { month, signal }, async (days) => {
          for await (const day of days) {
            if (missing.has(day.date)) await this.#fillArchived(day, missing);
          }
        });
        this.#counts.failed([...missing], `the archive of ${month} has no such day`);
      }
      this.#failuresInARow = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FetchError)) throw error;
      this.#failuresInARow++;
      this.#counts.failed([...missing], error.message);
    }
  }

  /** One day that is no array of trains does not stop those after it. */
  async #fillArchived(day: ArrivingDay, missing: Set<string>): Promise<void> {
    try {
      await this.#fill(day, { missing, from: "archive" });
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      missing.delete(day.date);
      this.#counts.failed([day.date], error.message);
    }
  }

  /** Publishes a day and notes it, when it was whole and there is something in it. */
  async #fill(
    day: ArrivingDay,
    { missing, from }: { readonly missing: Set<string>; readonly from: "day" | "archive" },
  ): Promise<void> {
    const { broker, topic, api, chunkBytes = CHUNK_BYTES } = this.#options;
    const at = api.clock();
    const onPublished = (chunk: Pick<DayCounts, "trains" | "sizeBytes">) => this.#counts.published(chunk);
    const counts = await publishDay(day, {
      broker,
      topic,
      sourceEpoch: await this.#options.sourceEpoch(),
      api,
      signal: this.#signal,
      chunkBytes,
      onPublished,
    });
    if (counts.trains > 0) await this.#book.recordDay(day.date, { ...counts, from, at });
    missing.delete(day.date);
    this.#counts.dayOver(day.date, counts);
  }

  #giveUp(): void {
    const left = this.#errands.splice(0).flatMap(datesOf).length;
    logger.error(
      "Given up after {failures} requests in a row that failed; {days} left: the same command goes on from here later",
      { failures: this.#failuresInARow, days: counted(left, "day") },
    );
  }
}
