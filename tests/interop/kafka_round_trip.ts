/** A process of its own that goes once through a Kafka cluster, with the least rights, for tests. */

import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";

const [address = "", topic = ""] = Deno.args;
await using broker = await openKafkaBroker({
  brokers: [address],
  clientId: "round-trip",
  clock: () => 1_739_766_060_000,
});
await broker.ensureTopic(topic, 2);
await broker.publish(
  topic,
  [1, 2, 3, 4].map((n) => ({ key: `${n}`, value: new Uint8Array(n), headers: {} })),
);
const ranges = (await broker.topicOffsets(topic)).map(({ partition, earliest, end }) => ({
  partition,
  from: earliest,
  to: end,
}));
let messages = 0;
for await (const { records } of broker.read(topic, ranges)) messages += records.length;
await broker.commitOffsets(topic, topic, new Map([[0, 1n]]));
Deno.stdout.writeSync(new TextEncoder().encode(`${messages}\n`));
