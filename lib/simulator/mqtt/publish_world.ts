/** Publishes the changes of a living world over MQTT as its clock goes on. */
import { openWorld } from "../world/open_world.ts";
import { BATCH_MS, type World } from "../world/world.ts";
import { type MqttBroker, serveMqtt } from "./serve_mqtt.ts";
import { openWorldMessages } from "./world_messages.ts";

/** At most so often is looked whether a batch has ended, and at least. */
const LEAST_WAIT_MS = 20;
const MOST_WAIT_MS = 1_000;
/** Of a clock that jumps ahead, what nobody has waited for is not published. */
const MOST_BEHIND_MS = 10 * 60_000;

/** Which world, by which clock. */
export interface WorldBrokerOptions {
  readonly world: World;
  /** Simulated milliseconds since 1970 UTC; may move at any speed. */
  readonly clock: () => number;
  /** How fast it moves, in simulated milliseconds per millisecond. Default 1. */
  readonly speed?: number;
  /** Waits, in real milliseconds; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly port?: number;
}

/** A broker that publishes until it is disposed of. */
export type WorldBroker = AsyncDisposable & Pick<MqttBroker, "url">;

/** Messages that nobody is subscribed to are gone, as with the API. */
export async function serveWorldMqtt(options: WorldBrokerOptions): Promise<WorldBroker> {
  // Says what is wrong with the world before anything is opened.
  openWorld(options.world);
  const broker = await serveMqtt({ ...(options.port === undefined ? {} : { port: options.port }) });
  const end = new AbortController();
  const publishing = publishAll(broker, options, end.signal);
  return {
    url: broker.url,
    async [Symbol.asyncDispose]() {
      end.abort();
      await publishing;
      await broker[Symbol.asyncDispose]();
    },
  };
}

async function publishAll(
  broker: MqttBroker,
  { world, clock, speed = 1, sleep }: WorldBrokerOptions,
  signal: AbortSignal,
): Promise<void> {
  const messages = openWorldMessages(world);
  let doneMs = clock();
  while (!signal.aborted) {
    const nowMs = clock();
    for (const { topic, payload } of messages(Math.max(doneMs, nowMs - MOST_BEHIND_MS), nowMs)) {
      if (signal.aborted) return;
      await broker.publish(topic, payload);
    }
    doneMs = Math.max(doneMs, nowMs);
    const nextMs = (BATCH_MS - nowMs % BATCH_MS) / Math.max(speed, 0.001);
    await sleep(Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, nextMs)), signal).catch(() => {});
  }
}
