/** The log that a follower publishes to, with what is known of it: found, kept in memory, recorded. */
import type { Broker } from "../../broker/broker.ts";
import type { FeedState } from "../../digitraffic/feed_state.ts";
import { type PublishedLog, readPublishState } from "../../digitraffic/publish_state.ts";
import type { PublishedVersions } from "../../digitraffic/published_versions.ts";
import { takeFingerprints } from "../compare_log.ts";
import { findPublished } from "../find_published.ts";
import { newFeed, renewedFeed } from "./feed_progress.ts";
import type { IdentifiedTrain } from "./identified_trains.ts";
import { addSent, recordPublished, startEpoch } from "./record_published.ts";

/** How often messages are noted by which the log is known again: retention takes the old ones in days. */
const FINGERPRINTS_MS = 3_600_000;
/** Sources whose places are kept: simulators have another address each time. */
const MOST_FEEDS = 10;

/** Where the log is, and where it is recorded. */
export interface FeedLogOptions {
  readonly openBroker: () => Promise<Broker>;
  readonly topic: string;
  /** For a topic that has to be created. */
  readonly partitions: number;
  readonly statePath: string;
  /** Of the feed: base address without credentials. */
  readonly source: string;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

/** What is known of a log, between two connections. */
interface KnownLog {
  readonly log: PublishedLog;
  /** What the file has of a log of this name is void. */
  readonly isOther: boolean;
  /** There is something that is not recorded. */
  readonly isDirty: boolean;
  /** The epoch is recorded: before, nothing of it may be published. */
  readonly isEpochRecorded: boolean;
}

/** Of a log that no connection has known before. */
const NOTHING_KNOWN = { isOther: false, isDirty: false, isEpochRecorded: true };

/** One connection to the broker; a new one is made after each failure, and takes over what is known. */
export class FeedLog implements AsyncDisposable {
  readonly broker: Broker;
  readonly #options: FeedLogOptions;
  #known: KnownLog;
  #fingerprintsMs = -Infinity;

  private constructor(broker: Broker, options: FeedLogOptions, known: KnownLog) {
    this.broker = broker;
    this.#options = options;
    this.#known = known;
  }

  /** Opens the broker and finds what was published to its log: what is known from before, else what is recorded. */
  static async open(options: FeedLogOptions, before: FeedLog | null): Promise<FeedLog> {
    const { topic, partitions, statePath } = options;
    const broker = await options.openBroker();
    try {
      await broker.ensureTopic(topic, partitions);
      const state = before === null ? await readPublishState(statePath) : [before.#known.log];
      const { log, isOther } = await findPublished(state, broker, topic);
      const { isOther: wasOther, ...rest } = before === null ? NOTHING_KNOWN : before.#known;
      return new FeedLog(broker, options, { ...rest, log, isOther: isOther || wasOther });
    } catch (error) {
      await broker[Symbol.asyncDispose]();
      throw error;
    }
  }

  get versions(): PublishedVersions {
    return this.#log.versions;
  }

  /** How often the source was set up anew. */
  get sourceEpoch(): number {
    return this.#log.sourceEpoch;
  }

  /** False from when an epoch was started until it is recorded. */
  get isEpochRecorded(): boolean {
    return this.#known.isEpochRecorded;
  }

  get feed(): FeedState {
    const { source } = this.#options;
    return this.#log.feeds?.find((feed) => feed.source === source) ?? newFeed(source);
  }

  /** Where the feed is now; recorded with the next record. */
  set feed(feed: FeedState) {
    const others = (this.#log.feeds ?? []).filter(({ source }) => source !== feed.source);
    this.#know({ log: { ...this.#log, feeds: [...others.slice(1 - MOST_FEEDS), feed] } });
  }

  /** What the broker has acknowledged. */
  add(sent: readonly IdentifiedTrain[]): void {
    if (sent.length === 0) return;
    this.#know({ log: addSent(this.#log, sent), isDirty: true });
  }

  /** There is something to record beside what was sent. */
  touch(): void {
    this.#know({ isDirty: true });
  }

  /**
   * The source was set up anew: all is published again, as newer than what was. The dates of a week are compared too, as
   * tables have their trains. It has to be recorded before anything is published.
   */
  startEpoch(): void {
    const { feed } = this;
    this.#know({ log: startEpoch(this.#log), isDirty: true, isEpochRecorded: false });
    this.feed = renewedFeed(feed, this.#options.clock());
  }

  /** Looks whether the log is still the one it was; false when it was made anew: then nothing is known of it. */
  async verify(): Promise<boolean> {
    const { topic, partitions } = this.#options;
    await this.broker.ensureTopic(topic, partitions);
    const { log, isOther } = await findPublished([this.#log], this.broker, topic);
    // The end of the log may be far beyond what was published by this process.
    this.#know(isOther ? { log, isOther } : { log: { ...this.#log, records: log.records } });
    return !isOther;
  }

  /**
   * Writes what is new to the publish state; false when nothing is.
   *
   * @throws {Error} That names the file, when it cannot be written.
   */
  async record(answered: ReadonlySet<string>): Promise<boolean> {
    if (!this.#known.isDirty) return false;
    const nowMs = this.#options.clock();
    await this.#noteMessages();
    const log = await recordPublished(this.#options.statePath, {
      log: { ...this.#log, fetchedAt: new Date(nowMs) },
      isOther: this.#known.isOther,
      answered,
      nowMs,
    });
    const isRenewed = log.sourceEpoch > this.#log.sourceEpoch;
    this.#know({ log, isOther: false, isDirty: isRenewed, isEpochRecorded: true });
    // Another process has started an epoch meanwhile.
    if (isRenewed) this.feed = renewedFeed(this.feed, nowMs);
    return true;
  }

  get #log(): PublishedLog {
    return this.#known.log;
  }

  #know(news: Partial<KnownLog>): void {
    this.#known = { ...this.#known, ...news };
  }

  async #noteMessages(): Promise<void> {
    const { topic, monotonic } = this.#options;
    if (this.#log.messages.length > 0 && monotonic() - this.#fingerprintsMs < FINGERPRINTS_MS) return;
    // Without them the log is known by what was noted before.
    const messages = await takeFingerprints({ broker: this.broker, topic }).catch(() => this.#log.messages);
    this.#know({ log: { ...this.#log, messages } });
    this.#fingerprintsMs = monotonic();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.broker[Symbol.asyncDispose]();
  }
}
