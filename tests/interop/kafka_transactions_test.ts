/** Publishing in transactions, asked of Apache Kafka: a reader gets all of a publish or nothing of it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Broker, Message } from "../../lib/broker/broker.ts";
import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { startProxy } from "./kafka_proxy.ts";
import { startKafka, whyNoKafka } from "./kafka_server.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const reason = await whyNoKafka();
if (reason !== undefined) console.log(`Skipping the tests of transactions with Apache Kafka: ${reason}`);

Deno.test({
  name:
    "a publish is one transaction: all of it is there, nothing of one that failed, and the next one goes on",
  ignore: reason !== undefined,
  fn: async () => {
    await using kafka = await startKafka();
    await using proxy = startProxy({ port: kafka.proxyPort, to: kafka.proxiedPort });
    const open = (port: number) =>
      openKafkaBroker({
        ...{ brokers: [`127.0.0.1:${port}`], clientId: "test", clock: () => NOW, publishRetries: 1 },
        transactionalId: "ratalake-test",
      });
    await using reader = await openKafkaBroker({
      brokers: [kafka.address],
      clientId: "test",
      clock: () => NOW,
    });
    await reader.ensureTopic("whole", 3);
    await using broker = await open(kafka.proxyPort);
    const some = (name: string) => Array.from({ length: 40 }, (_, i) => message(`${name}/${i}`));
    await broker.publish("whole", some("first"));
    await broker.publish("whole", some("second"));
    proxy.loseNextAcknowledgement();
    const failure = await assertRejects(() => broker.publish("whole", some("lost")), BrokerError);
    assert(failure.retriable);
    proxy.heal();
    await broker.publish("whole", some("third"));
    const counts = Map.groupBy(await readKeys(reader, "whole"), (key) => key.split("/")[0] ?? "");
    const lost = counts.get("lost")?.length ?? 0;
    assert(lost === 0 || lost === 40, `${lost} of a failed transaction`);
    assertEquals(["first", "second", "third"].map((name) => counts.get(name)?.length), [40, 40, 40]);
    // Another process of the same name ends what this one may have open, and this one notices.
    await using other = await open(kafka.proxyPort);
    await other.publish("whole", some("other"));
    await assertRejects(() => broker.publish("whole", some("fenced")), BrokerError);
    await broker.publish("whole", some("fourth"));
    const later = Map.groupBy(await readKeys(reader, "whole"), (key) => key.split("/")[0] ?? "");
    assertEquals(["other", "fenced", "fourth"].map((name) => later.get(name)?.length), [40, undefined, 40]);
  },
});

function message(key: string): Message {
  return { key, value: new TextEncoder().encode(`"${key}"`), headers: {} };
}

async function readKeys(broker: Broker, topic: string): Promise<readonly string[]> {
  const ranges = (await broker.topicOffsets(topic))
    .map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
  const keys: string[] = [];
  for await (const chunk of broker.read(topic, ranges)) {
    keys.push(...chunk.records.map(({ key }) => key ?? ""));
  }
  return keys;
}
