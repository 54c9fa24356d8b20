/** Trains that come by themselves, as a test wishes: a connection that comes and goes. */
import type { MessageFeed, MqttGap } from "../../../lib/digitraffic/mqtt/mqtt_feed.ts";
import { toRestForm } from "../../../lib/digitraffic/mqtt/rest_form.ts";
import { type QueuedTrain, TrainQueue } from "../../../lib/digitraffic/mqtt/train_queue.ts";
import { identifyTrain } from "../../../lib/train/train_message.ts";

const encoder = new TextEncoder();

/** Hears what it is told while it is connected. */
export class MadeUpMessages implements MessageFeed {
  readonly source = "ws://127.0.0.1:9/mqtt";
  readonly figures = { messages: 0, refused: 0, reconnects: 0, connected: 1 as 0 | 1 };
  gap: MqttGap = "connected";
  readonly #queue = new TrainQueue({ maxBytes: 1e9, maxTrains: 1e6 });
  #news = Promise.withResolvers<void>();

  get isHealthy(): boolean {
    return this.figures.connected === 1;
  }

  async news(): Promise<void> {
    await this.#news.promise;
  }

  take(): readonly QueuedTrain[] {
    this.#news = Promise.withResolvers();
    return this.#queue.takeAll();
  }

  putBack(trains: readonly QueuedTrain[]): void {
    for (const train of trains) this.#queue.put(train);
    this.#news.resolve();
  }

  drop(): void {
    this.#queue.takeAll();
  }

  takeGap(): MqttGap {
    const { gap } = this;
    this.gap = "none";
    return gap;
  }

  /** A message, which is lost while there is no connection. */
  hear(payload: string, receivedMs: number): void {
    if (!this.isHealthy) return;
    this.figures.messages++;
    const bytes = toRestForm(encoder.encode(payload));
    this.putBack([{ bytes, identity: identifyTrain({ bytes, identity: undefined }), receivedMs }]);
  }

  /** Connects or breaks off; what waits stays. */
  turn(isConnected: boolean): void {
    if (this.isHealthy === isConnected) return;
    this.figures.connected = isConnected ? 1 : 0;
    if (isConnected) this.gap = "connected";
    this.#news.resolve();
  }
}
