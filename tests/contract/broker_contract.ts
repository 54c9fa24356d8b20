/** One suite for every broker: a step for each promise of lib/broker/broker.ts, the same for all. */

import { assertEquals } from "@std/assert";

import type { Broker } from "../../lib/broker/broker.ts";
import { READ_PROMISES } from "./broker_read_promises.ts";
import { message, readChunks } from "./broker_topic.ts";
import { WRITE_PROMISES } from "./broker_write_promises.ts";

/** Runs every promise as its own step, each on its own topic. The broker must take messages of 5 MB. */
export async function brokerContract(t: Deno.TestContext, openBroker: () => Promise<Broker>): Promise<void> {
  await using broker = await openBroker();
  for (const [index, { name, check }] of [...WRITE_PROMISES, ...READ_PROMISES].entries()) {
    await t.step(name, () => check(broker, `contract-${index}`));
  }
  await t.step(
    "what was published is there for the next process",
    () => survivesReopening(broker, openBroker),
  );
}

async function survivesReopening(broker: Broker, openBroker: () => Promise<Broker>): Promise<void> {
  const topic = "contract-reopened";
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, Array.from({ length: 10 }, (_, index) => message(`${index}`)));
  await broker.commitOffsets("reopened", topic, new Map([[1, 3n]]));
  await using next = await openBroker();
  assertEquals(await readChunks(next, topic), await readChunks(broker, topic));
  assertEquals(await next.committedOffsets("reopened", topic), new Map([[1, 3n]]));
}
