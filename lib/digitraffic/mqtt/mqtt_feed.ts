/** The trains of the feed as MQTT brings them: connected for weeks, gathered for a moment, bounded. */
import { getLogger } from "../../packages/logtape.ts";
import { systemFault } from "../../errors.ts";
import { printable } from "../../printable.ts";
import { identifyTrain } from "../../train/train_message.ts";
import type { Subscribe, Subscription } from "./open_subscription.ts";
import { addConnect, addEnd, nextConnectMs, NO_CONNECTS } from "./pace_connects.ts";
import { toRestForm } from "./rest_form.ts";
import { type QueuedTrain, TrainQueue } from "./train_queue.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** Trains change in bursts, every five seconds: those of one burst are handed over together. */
const GATHER_MS = 50;
const GATHER_BYTES = 1024 * 1024;
/** A broker that says nothing for so long may have forgotten us; each time it is in vain the wait doubles. */
const SILENT_MS = 5 * 60_000;
const MOST_DOUBLINGS = 3;
const DEADLINE_MS = 30_000;

/** Bounds; the broker is not trusted to keep any. */
const LIMITS = {
  /** Trains have 75 kB at most. */
  maxPayloadBytes: 1024 * 1024,
  maxQueueBytes: 32 * 1024 * 1024,
  maxQueueTrains: 10_000,
};

/** What a feed needs. */
export interface MqttFeedOptions {
  readonly url: string;
  readonly user: string;
  readonly clientId: string;
  readonly subscribe: Subscribe;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Waits; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Other bounds; tests try them where they are small. */
  readonly limits?: Partial<typeof LIMITS>;
}

/** What is to be asked of REST because of what MQTT may have missed. */
export type MqttGap =
  | "none"
  /** Connected, again or for the first time: what changed before is asked for by version. */
  | "connected"
  /** Trains were dropped: all live trains are asked for. */
  | "lost";

/** What a follower reads of a feed. */
export interface MessageFeed {
  /** Address of the broker, without credentials and query. */
  readonly source: string;
  /** How it is, for the heartbeat. */
  readonly figures: MqttFigures;
  /** True while messages come as they should. */
  readonly isHealthy: boolean;
  /** Resolves when there is something to take, or the health has changed. */
  news(): Promise<void>;
  /** What came, once; nothing while it is being gathered. @throws What keeps the feed from ever working. */
  take(): readonly QueuedTrain[];
  /** Gives back what could not be published. */
  putBack(trains: readonly QueuedTrain[]): void;
  /** Throws away what waits: the source was set up anew since, and what is live will be asked for. */
  drop(): void;
  /** What was missed, once. */
  takeGap(): MqttGap;
}

/** Counts of one process; `refused` are too large. */
export interface MqttFigures {
  messages: number;
  refused: number;
  reconnects: number;
  connected: 0 | 1;
}

/** Connects at once, and goes on by itself until it is disposed of. */
export class MqttFeed implements MessageFeed, AsyncDisposable {
  readonly figures: MqttFigures = { messages: 0, refused: 0, reconnects: 0, connected: 0 };
  readonly source: string;
  readonly #options: MqttFeedOptions;
  readonly #limits: typeof LIMITS;
  readonly #queue: TrainQueue;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #history = NO_CONNECTS;
  #gap: MqttGap = "none";
  #news = Promise.withResolvers<void>();
  #gathering = false;
  #isReady = false;
  #lastMessageMs = -Infinity;
  #silences = 0;
  #hasConnected = false;
  /** Since when there is no connection; null while there is one, and before the first attempt has failed. */
  #awaySinceMs: number | null = null;
  #fault: unknown;

  constructor(options: MqttFeedOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.url);
    this.source = `${origin}${pathname}`;
    this.#limits = { ...LIMITS, ...options.limits };
    const { maxQueueBytes: maxBytes, maxQueueTrains: maxTrains } = this.#limits;
    this.#queue = new TrainQueue({ maxBytes, maxTrains });
    this.#running = this.#run();
  }

  get isHealthy(): boolean {
    return this.figures.connected === 1;
  }

  async news(): Promise<void> {
    await this.#news.promise;
  }

  take(): readonly QueuedTrain[] {
    this.#news = Promise.withResolvers();
    if (this.#fault !== undefined) throw this.#fault;
    if (!this.#isReady) return [];
    this.#isReady = false;
    return this.#queue.takeAll();
  }

  putBack(trains: readonly QueuedTrain[]): void {
    for (const train of trains) this.#put(train);
  }

  drop(): void {
    this.#queue.takeAll();
  }

  takeGap(): MqttGap {
    const gap = this.#gap;
    this.#gap = "none";
    return gap;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort(new Error("the feed has ended"));
    await this.#running;
    this.figures.connected = 0;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    try {
      while (!signal.aborted) await this.#connectOnce();
    } catch (error) {
      if (signal.aborted) return;
      this.#fault = error;
      this.#tell();
    }
  }

  /** One connection from its turn to its end. */
  async #connectOnce(): Promise<void> {
    const { monotonic, random } = this.#options;
    const turnMs = nextConnectMs(this.#history, { nowMs: monotonic(), random: random() });
    await this.#sleep(turnMs - monotonic());
    const begunMs = monotonic();
    this.#history = addConnect(this.#history, begunMs);
    let reason: unknown;
    try {
      await using subscription = await this.#subscribe();
      this.#connected();
      reason = await this.#receive(subscription);
    } catch (error) {
      reason = error;
    }
    this.#end.signal.throwIfAborted();
    // What no other connection would do better.
    if (systemFault(reason) === "missing right") throw reason;
    this.#history = addEnd(this.#history, { livedMs: this.#livedMs(begunMs) });
    this.#away(reason);
  }

  /** A silent connection was none. */
  #livedMs(begunMs: number): number {
    return this.#silences > 0 ? 0 : this.#options.monotonic() - begunMs;
  }

  async #subscribe(): Promise<Subscription> {
    const { url, user, clientId, subscribe, sleep } = this.#options;
    this.#end.signal.throwIfAborted();
    // Some room for the topic, which is in the packet too: what is larger is refused alone, not with the connection.
    const maxPacketBytes = 16 * this.#limits.maxPayloadBytes;
    const giveUp = new AbortController();
    const over = new AbortController();
    const stop = () => giveUp.abort(this.#end.signal.reason);
    this.#end.signal.addEventListener("abort", stop, { once: true });
    sleep(DEADLINE_MS, over.signal).then(
      () => giveUp.abort(new Error(`no answer within ${DEADLINE_MS / 1000} s`)),
      () => {},
    );
    try {
      const onMessage = (payload: Uint8Array, isRetained: boolean) => this.#hear(payload, isRetained);
      return await subscribe({ url, user, clientId, maxPacketBytes, onMessage, signal: giveUp.signal });
    } finally {
      over.abort();
      this.#end.signal.removeEventListener("abort", stop);
    }
  }

  /** Until the connection ends, or is silent for too long; gives why. */
  async #receive({ ended }: Subscription): Promise<unknown> {
    this.#end.signal.throwIfAborted();
    const over = new AbortController();
    const stop = () => over.abort();
    this.#end.signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([ended, this.#silence(over.signal)]);
    } finally {
      over.abort();
      this.#end.signal.removeEventListener("abort", stop);
    }
  }

  async #silence(signal: AbortSignal): Promise<unknown> {
    const { monotonic, sleep } = this.#options;
    const beganMs = monotonic();
    let silentMs = SILENT_MS;
    for (;;) {
      silentMs = SILENT_MS * 2 ** Math.min(this.#silences, MOST_DOUBLINGS);
      const leftMs = Math.max(this.#lastMessageMs, beganMs) + silentMs - monotonic();
      if (leftMs <= 0) break;
      try {
        // A message makes the wait shorter, too.
        await sleep(Math.min(leftMs, SILENT_MS), signal);
      } catch {
        return new Error("the feed has ended");
      }
    }
    this.#silences++;
    return new Error(`no message for ${Math.round(silentMs / 60_000)} min`);
  }

  #connected(): void {
    const { url, monotonic } = this.#options;
    if (this.#hasConnected) this.figures.reconnects++;
    this.#hasConnected = true;
    this.figures.connected = 1;
    if (this.#gap === "none") this.#gap = "connected";
    const { host } = new URL(url);
    if (this.#awaySinceMs === null) logger.info("Receiving trains over MQTT from {host}", { host });
    else {
      const seconds = Math.round((monotonic() - this.#awaySinceMs) / 1000);
      logger.info("Receiving trains over MQTT from {host} again, after {seconds} s", { host, seconds });
    }
    this.#awaySinceMs = null;
    this.#tell();
  }

  #away(reason: unknown): void {
    const { url, monotonic } = this.#options;
    this.figures.connected = 0;
    const details = { host: new URL(url).host, reason: reasonOf(reason) };
    const text = "No trains over MQTT from {host}: {reason}. Connecting again, ever more rarely, and " +
      "asking the API as often as without MQTT";
    if (this.#awaySinceMs === null) logger.warn(text, details);
    else logger.debug(text, details);
    this.#awaySinceMs ??= monotonic();
    this.#tell();
  }

  #hear(payload: Uint8Array, isRetained: boolean): void {
    // An empty message clears a retained one.
    if (payload.length === 0) return;
    this.figures.messages++;
    // It may be of long ago, of before the source was set up anew; what changed is asked for after each connect.
    if (isRetained) return;
    this.#lastMessageMs = this.#options.monotonic();
    this.#silences = 0;
    if (payload.length > this.#limits.maxPayloadBytes) {
      if (this.figures.refused++ === 0) {
        logger.warn("A message over MQTT has {sizeBytes} bytes: such ones are left out", {
          sizeBytes: payload.length,
        });
      }
      return this.#lose();
    }
    const bytes = toRestForm(payload);
    const identity = identifyTrain({ bytes, identity: undefined });
    this.#put({ bytes, identity, receivedMs: this.#options.clock() });
  }

  #put(train: QueuedTrain): void {
    if (!this.#queue.put(train)) this.#lose();
    if (this.#queue.sizeBytes >= GATHER_BYTES) this.#ready();
    else if (!this.#gathering) this.#gather();
  }

  #gather(): void {
    this.#gathering = true;
    this.#sleep(GATHER_MS).then(() => {
      this.#gathering = false;
      if (this.#queue.length > 0) this.#ready();
    }, () => {});
  }

  #ready(): void {
    this.#isReady = true;
    this.#tell();
  }

  #lose(): void {
    this.#gap = "lost";
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve();
  }

  async #sleep(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await this.#options.sleep(milliseconds, this.#end.signal);
  }
}

function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error)).slice(0, 500);
}
