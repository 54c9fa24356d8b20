/** Follows the feed step by step: asks, publishes, records, waits. */
import { getLogger } from "../../packages/logtape.ts";
import type { DigitrafficApi } from "../../digitraffic/digitraffic_api.ts";
import type { FeedState } from "../../digitraffic/feed_state.ts";
import type { MessageFeed } from "../../digitraffic/mqtt/mqtt_feed.ts";
import { BrokerError, systemFault, UsageError } from "../../errors.ts";
import { counted } from "../../printable.ts";
import { telemetry } from "../../telemetry/telemetry.ts";
import { askStep, isRefusal } from "./ask_step.ts";
import { type FeedFigures, noteError, noteStep, type StepDone } from "./feed_figures.ts";
import { FeedLog, type FeedLogOptions } from "./feed_log.ts";
import { advanceFeed, stuckFeed } from "./feed_progress.ts";
import { awaitNews, publishMessages } from "./feed_messages.ts";
import { NEW_TIMES, timesAfterAnswer, timesAfterFailure, timesWithMessages } from "./feed_times.ts";
import { durationText, FeedTroubles } from "./feed_troubles.ts";
import { OddTrains } from "./odd_trains.ts";
import { describeStep, type FeedStep, noticeBreak, planStep, stepKey } from "./plan_step.ts";
import { datesOf, type IdentifiedTrain, identifyTrains } from "./identified_trains.ts";
import { publishAnswer } from "./publish_answer.ts";
import { retryBrokerMs } from "./retry_later.ts";
import { judgeSource, type Suspicion } from "./suspect_source.ts";
import { warnOfOldSource } from "./warn_of_old_source.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** Who was away for longer catches up; the same for an API that was. What is recorded may be as old as the last full poll. */
const LEAST_BREAK_MS = 15 * 60_000;
/** The daily comparison is spread over so much. */
const SHIFT_MS = 30 * 60_000;
const RESYNC =
  "The versions of the source fell for good: {older} trains came with lower ones than {cursor} and " +
  "before. It was set up anew, or is another one. All trains of the last days are published again, with source epoch " +
  "{sourceEpoch}: in the tables they take the place of all that came before, whatever its version";

/** While trains come over MQTT, changes are asked for so rarely. */
const EVERY_WITH_MESSAGES_MS = 60_000;
/** What was published over MQTT is recorded so often: whoever is killed publishes the rest again. */
const RECORD_EVERY_MS = 5_000;
/** When an epoch cannot be recorded. */
const RECORD_AGAIN_MS = 15_000;

/** What a follower needs. */
export interface FollowFeedOptions extends Omit<FeedLogOptions, "source" | "clock"> {
  readonly api: DigitrafficApi;
  /** Between two questions for changes; up to a third more at random. */
  readonly everyMs: number;
  /** Between two questions for all live trains. */
  readonly fullEveryMs: number;
  /** Trains that come by themselves, as soon as they change. Default none. */
  readonly messages?: MessageFeed | undefined;
  readonly signal: AbortSignal;
  readonly figures: FeedFigures;
  /** Hears that the figures say something else. */
  readonly onDoing?: (() => void) | undefined;
  /** Hears of each answer that is in the log. */
  readonly onStep?: ((done: StepDone) => void) | undefined;
  /** See `publishAnswer`. */
  readonly chunkBytes?: number | undefined;
}

/** A follower between its first step and its last. */
export class FeedFollower implements AsyncDisposable {
  readonly #options: FollowFeedOptions;
  readonly #troubles: FeedTroubles;
  readonly #odd = new OddTrains();
  readonly #shiftMs: number;
  #log: FeedLog | null = null;
  /** The one before a failure. */
  #lastLog: FeedLog | null = null;
  #times = NEW_TIMES;
  #suspicion: Suspicion | null = null;
  /** Of the catching up that goes on. */
  #pages = 0;
  /** Departure dates of all live trains. */
  #liveDates: ReadonlySet<string> = new Set();
  /** From the first time that the broker works on no trouble of its ends the follower. */
  #hasWorked = false;
  /** When what came over MQTT is to be recorded, by the clock that never goes back; for nothing, never. */
  #recordAtMs = Infinity;

  constructor(options: FollowFeedOptions) {
    this.#options = options;
    this.#troubles = new FeedTroubles(options.monotonic);
    this.#shiftMs = Math.floor(options.api.random() * SHIFT_MS);
  }

  /** Waits for what is due next, or does it. Rejects when the signal fires, and for what does not pass by itself. */
  async step(): Promise<void> {
    const log = this.#log ??= await this.#connect();
    if (log === null || !await this.#recordEpoch(log) || !await this.#takeMessages(log)) return;
    const { api, monotonic } = this.#options;
    const nowMs = api.clock(), monotonicMs = monotonic();
    const breakMs = Math.max(LEAST_BREAK_MS, 1.5 * this.#options.fullEveryMs);
    this.#noticeBreak(log, { nowMs, breakMs });
    const present = { nowMs, monotonicMs, breakMs, shiftMs: this.#shiftMs };
    const { step, atMs } = planStep(log.feed, this.#times, present);
    if (atMs <= monotonicMs) {
      return await telemetry().span("poll", { attributes: { kind: step.kind } }, () => this.#take(log, step));
    }
    await this.#awaitStep(atMs - monotonicMs, step);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const log = this.#log;
    if (log !== null && this.#recordAtMs < Infinity) {
      await this.#record(log, this.#liveDates, { isLast: true });
    }
    this.#lastLog = log ?? this.#lastLog;
    this.#log = null;
    await log?.[Symbol.asyncDispose]();
  }

  async #connect(): Promise<FeedLog | null> {
    const { api, figures } = this.#options;
    this.#turnTo("connecting to the broker");
    try {
      const options = { ...this.#options, source: sourceOf(api.url), clock: api.clock };
      const log = await FeedLog.open(options, this.#lastLog);
      this.#hasWorked = true;
      this.#suspicion = null;
      figures.cursor = log.feed.cursor;
      return log;
    } catch (error) {
      await this.#brokerFailed(error);
      return null;
    }
  }

  #noticeBreak(log: FeedLog, present: { readonly nowMs: number; readonly breakMs: number }): void {
    const { nowMs } = present;
    const { feed } = log;
    const noticed = noticeBreak(feed, present);
    if (noticed === feed || feed.polledMs === null) return;
    log.feed = noticed;
    this.#times = { ...this.#times, fullAtMs: Math.min(this.#times.fullAtMs, this.#options.monotonic()) };
    if (feed.catchUp !== null || noticed.catchUp === null) return;
    this.#pages = 0;
    logger.info("Catching up: the clock says that live trains last came {duration} ago", {
      duration: durationText(Math.abs(nowMs - feed.polledMs)),
    });
  }

  async #take(log: FeedLog, step: FeedStep): Promise<void> {
    const { api, figures, signal } = this.#options;
    if (step.kind === "full" && !await this.#verify(log)) return;
    this.#turnTo(`asking for ${describeStep(step)}`);
    if (this.#times.retryAtMs[stepKey(step)] !== undefined) figures.counts.retries++;
    let answer;
    try {
      answer = await this.#meanwhile(log, askStep(api, step, signal));
    } catch (error) {
      return this.#apiFailed(log, step, error);
    }
    // The broker failed meanwhile: it is asked for again.
    if (this.#log !== log) return;
    this.#troubles.passed(step.kind);
    const trains = identifyTrains(answer);
    if (step.kind === "full") this.#judge(log, trains);
    if (!await this.#recordEpoch(log)) return;
    await this.#publish(log, step, { trains, origin: answer });
  }

  /** The log may have been made anew meanwhile; then nothing is in it. */
  async #verify(log: FeedLog): Promise<boolean> {
    try {
      if (await log.verify()) return true;
      this.#suspicion = null;
      this.#odd.clear();
      return true;
    } catch (error) {
      await this.#brokerFailed(error);
      return false;
    }
  }

  /** Of an answer of all live trains: does the source go on, or was it set up anew? */
  #judge(log: FeedLog, trains: readonly IdentifiedTrain[]): void {
    const { feed } = log;
    // What was published of others is no measure.
    const versions = feed.isForeign === true ? new Map() : log.versions;
    const known = { trains, versions, cursor: feed.cursor, monotonicMs: this.#options.monotonic() };
    const judged = judgeSource(this.#suspicion, known);
    this.#suspicion = judged.verdict === "same" ? judged.suspicion : null;
    if (judged.verdict === "lower") log.feed = { ...feed, cursor: judged.cursor };
    if (judged.verdict !== "fell") return;
    log.startEpoch();
    this.#startOver();
    this.#options.figures.counts.resyncs++;
    const { older } = judged;
    logger.warn(RESYNC, { older, cursor: feed.cursor, sourceEpoch: log.sourceEpoch });
  }

  /** What is in hand is of before. */
  #startOver(): void {
    this.#suspicion = null;
    this.#odd.clear();
    this.#options.messages?.drop();
  }

  /** An epoch is recorded before a message has it: then a kill never leaves one that is lower than the log's. */
  async #recordEpoch(log: FeedLog): Promise<boolean> {
    if (log.isEpochRecorded) return true;
    await this.#record(log, this.#liveDates);
    if (log.isEpochRecorded) return true;
    await this.#wait(RECORD_AGAIN_MS, "to record that the source was set up anew");
    return false;
  }

  async #publish(
    log: FeedLog,
    step: FeedStep,
    answer: {
      readonly trains: readonly IdentifiedTrain[];
      readonly origin: { readonly source: string; readonly fetchedAtMs: number };
    },
  ): Promise<void> {
    const { api, topic, signal, chunkBytes, figures, onStep } = this.#options;
    const { trains, origin } = answer;
    const { broker, versions, sourceEpoch } = log;
    const target = { broker, topic, signal, chunkBytes, versions, sourceEpoch, origin };
    const isWanted = (train: IdentifiedTrain) => this.#odd.isNew(train) && isOfDates(step, train);
    const done = await publishAnswer(trains, { ...target, isWanted });
    // A source that is known is judged over two answers, as caches give old ones.
    if (step.kind === "full" && log.feed.cursor === null && warnOfOldSource(done)) {
      log.feed = { ...log.feed, isForeign: true };
    }
    log.add(done.sent);
    this.#odd.add(done.sent);
    // Otherwise it is asked for again: the cursor never passes what the broker has.
    if (done.failure === undefined && done.unpublished === 0) this.#advance(log, step, trains);
    const dates = datesOf(trains);
    if (step.kind === "full" && trains.length > 0) this.#liveDates = dates;
    await this.#record(log, dates.union(this.#liveDates));
    const noted = noteStep(figures, step, { ...done, trains, cursor: log.feed.cursor, nowMs: api.clock() });
    onStep?.(noted);
    if (done.failure !== undefined) return await this.#brokerFailed(done.failure);
    if (done.sent.length > 0) this.#troubles.passed("broker");
  }

  #advance(log: FeedLog, step: FeedStep, trains: readonly IdentifiedTrain[]): void {
    const { api, monotonic, fullEveryMs } = this.#options;
    const before = log.feed;
    if (step.kind === "catchUp") this.#pages++;
    log.feed = advanceFeed(before, step, { trains, page: this.#pages, nowMs: api.clock() });
    if (before.catchUp !== null && log.feed.catchUp === null) this.#caughtUp(log.feed);
    const isEmpty = trains.length === 0;
    const rhythm = {
      ...{ everyMs: this.#everyMs(), fullEveryMs, isEmpty },
      ...{ monotonicMs: monotonic(), random: api.random() },
    };
    const times = timesAfterAnswer(this.#times, step, rhythm);
    const fullAtMs = Math.min(times.fullAtMs, this.#suspicion?.decidedMs ?? Infinity);
    this.#times = { ...times, fullAtMs };
    // An answer without a train is no news: nothing is written for it.
    if (step.kind === "live" ? log.feed.cursor !== before.cursor : log.feed !== before) log.touch();
  }

  #caughtUp({ due }: FeedState): void {
    logger.info("Caught up with {pages} of changes; {dates} to compare as a whole", {
      pages: counted(this.#pages, "page"),
      dates: counted(due.length, "departure date"),
    });
    this.#pages = 0;
  }

  #everyMs(): number {
    const { messages, everyMs } = this.#options;
    return messages?.isHealthy === true ? Math.max(everyMs, EVERY_WITH_MESSAGES_MS) : everyMs;
  }

  /** Publishes what came over MQTT; false when the broker failed. */
  async #takeMessages(log: FeedLog): Promise<boolean> {
    const { messages, monotonic, figures, onStep } = this.#options;
    if (messages === undefined) return true;
    const taken = messages.take();
    const { isHealthy } = messages;
    const now = { gap: messages.takeGap(), everyMs: this.#everyMs(), isHealthy, monotonicMs: monotonic() };
    this.#times = timesWithMessages(this.#times, now);
    if (taken.length > 0) {
      const done = await publishMessages(taken, { ...this.#options, messages, log, odd: this.#odd });
      if (done.sent.length > 0) this.#recordAtMs = Math.min(this.#recordAtMs, monotonic() + RECORD_EVERY_MS);
      const noted = noteStep(figures, { kind: "messages" }, done);
      onStep?.(noted);
      if (done.failure !== undefined) {
        await this.#brokerFailed(done.failure);
        return false;
      }
      if (done.sent.length > 0) this.#troubles.passed("broker");
    }
    if (monotonic() >= this.#recordAtMs) await this.#record(log, this.#liveDates);
    return true;
  }

  /** Publishes what comes over MQTT while something else is waited for. */
  async #meanwhile<T>(log: FeedLog, waiting: Promise<T>): Promise<T> {
    const { messages } = this.#options;
    if (messages === undefined) return await waiting;
    while (this.#log === log && !await awaitNews(messages, waiting)) await this.#takeMessages(log);
    return await waiting;
  }

  /** Until a step is due, something comes over MQTT, or what came is to be recorded. */
  async #awaitStep(milliseconds: number, step: FeedStep): Promise<void> {
    const { messages, monotonic, signal } = this.#options;
    const what = `to ask for ${describeStep(step)}`;
    if (messages === undefined) return await this.#wait(milliseconds, what);
    signal.throwIfAborted();
    const recordMs = Math.max(0, this.#recordAtMs - monotonic());
    const end = new AbortController();
    const stop = () => end.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const waiting = this.#wait(Math.min(milliseconds, recordMs), what, end.signal);
      if (await awaitNews(messages, waiting)) await waiting;
      else end.abort();
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #record(
    log: FeedLog,
    answered: ReadonlySet<string>,
    { isLast = false }: { readonly isLast?: boolean } = {},
  ): Promise<void> {
    const { sourceEpoch } = log;
    this.#recordAtMs = Infinity;
    try {
      if (await log.record(answered)) this.#troubles.passed("state");
      if (log.sourceEpoch !== sourceEpoch) this.#startOver();
    } catch (error) {
      if (isLast) return this.#noteError(error);
      this.#throwUnlessPassing(error);
      this.#troubles.failed("state", error);
      this.#noteError(error);
    }
  }

  #apiFailed(log: FeedLog, step: FeedStep, error: unknown): void {
    const { api, monotonic } = this.#options;
    this.#throwUnlessPassing(error);
    this.#noteError(error);
    const failures = this.#troubles.failed(step.kind, error);
    const now = { monotonicMs: monotonic(), random: api.random() };
    this.#times = timesAfterFailure(this.#times, { step, error, failures, ...now });
    if (!isRefusal(error)) return;
    // All live trains, and all trains of the dates, say as much.
    if (step.kind === "live") log.feed = { ...log.feed, cursor: null };
    if (step.kind === "catchUp") log.feed = stuckFeed(log.feed, api.clock());
  }

  /** Gives the connection up: a broker, or a file, that was made anew is another one. */
  async #brokerFailed(error: unknown): Promise<void> {
    const { api } = this.#options;
    this.#throwUnlessPassing(error);
    if (!this.#hasWorked && !(error instanceof BrokerError && error.retriable)) throw error;
    this.#noteError(error);
    const failures = this.#troubles.failed("broker", error);
    await this[Symbol.asyncDispose]().catch(() => {});
    await this.#wait(retryBrokerMs({ failures, random: api.random() }), "for the broker");
  }

  /** What is no trouble of the world outside, but a fault of the settings or of this program, ends the follower. */
  #throwUnlessPassing(error: unknown): void {
    this.#options.signal.throwIfAborted();
    const isFault = error instanceof TypeError || error instanceof RangeError ||
      error instanceof ReferenceError;
    if (error instanceof UsageError || systemFault(error) === "missing right" || isFault) throw error;
    if (!(error instanceof Error)) throw error;
  }

  #noteError(error: unknown): void {
    noteError(this.#options.figures, error, { nowMs: this.#options.api.clock() });
  }

  async #wait(milliseconds: number, what: string, signal = this.#options.signal): Promise<void> {
    const { api, figures, monotonic } = this.#options;
    figures.waitsUntilMs = monotonic() + milliseconds;
    this.#turnTo(`waiting ${durationText(milliseconds)} ${what}`);
    await api.sleep(milliseconds, signal);
    figures.waitsUntilMs = null;
  }

  #turnTo(doing: string): void {
    this.#options.figures.doing = doing;
    this.#options.onDoing?.();
  }
}

/** Of changes only those of the dates that matter; what names no train is validated further on. */
function isOfDates(step: FeedStep, { identity }: IdentifiedTrain): boolean {
  return step.kind !== "catchUp" || identity === null || step.dates.includes(identity.departureDate);
}

function sourceOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}
