/** Changed trains at a steady pace, as a busy hour has them, for programs that follow the topic. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Broker, Message } from "../../lib/broker/broker.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { makeRound } from "../pipeline/made_up_log.ts";

/** Where they go. */
export const TOPIC = "digitraffic_live_trains";
const TRAINS = 1_500;
const PER_SECOND = 100;
/** Times a second. */
const TICKS = 10;

/** The trains that will change; gives their messages. */
export async function publishTrains(broker: Broker): Promise<readonly Message[]> {
  await broker.ensureTopic(TOPIC, 3);
  const trains = makeRound(TRAINS, 1, Date.now());
  await broker.publish(TOPIC, trains);
  return trains;
}

/** 100 changed trains a second, spread over each second. */
export async function publishChanges(
  broker: Broker,
  trains: readonly Message[],
  forSeconds: number,
): Promise<void> {
  const decoder = new TextDecoder(), encoder = new TextEncoder(), startMs = performance.now();
  // In no order: trains that change in turn would lie together in few files.
  const random = seededRandom(1);
  let version = Date.now();
  for (let tick = 1; tick <= forSeconds * TICKS; tick++) {
    const changed = Array.from({ length: PER_SECOND / TICKS }, (): Message => {
      const { key, value } = trains[Math.floor(random() * trains.length)] ?? { key: null, value: null };
      const train = { ...JSON.parse(decoder.decode(value ?? undefined)), version: ++version };
      return { key, value: encoder.encode(JSON.stringify(train)), headers: {} };
    });
    await broker.publish(TOPIC, changed);
    await sleep(Math.max(0, startMs + tick * 1000 / TICKS - performance.now()));
  }
}
