import { assert, assertEquals, assertRejects } from "@std/assert";

import type { Broker, Message } from "../../lib/broker/broker.ts";
import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { startProxy } from "./kafka_proxy.ts";
import { startKafka, whyNoKafka } from "./kafka_server.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const reason = await whyNoKafka();
if (reason !== undefined) console.log(`Skipping the tests of losses with Apache Kafka: ${reason}`);

Deno.test({
  name: "records sent after a send whose acknowledgement was lost are never swallowed",
  ignore: reason !== undefined,
  fn: async () => {
    await using kafka = await startKafka();
    await using proxy = startProxy({ port: kafka.proxyPort, to: kafka.proxiedPort });
    const brokers = [`127.0.0.1:${kafka.proxyPort}`];
    await using broker = await openKafkaBroker({
      brokers,
      clientId: "test",
      clock: () => NOW,
      publishRetries: 1,
    });
    await broker.ensureTopic("doubt", 1);
    await broker.publish("doubt", [message("before")]);
    for (const round of [1, 2]) {
      proxy.loseNextAcknowledgement();
      const inDoubt = [message(`in doubt ${round}a`), message(`in doubt ${round}b`)];
      const failure = await assertRejects(() => broker.publish("doubt", inDoubt), BrokerError);
      assert(failure.retriable);
      assertEquals(proxy.lost, round);
      proxy.heal();
      await broker.publish("doubt", [message(`after ${round}a`), message(`after ${round}b`)]);
    }
    const rounds = [1, 2].flatMap((n) => [`in doubt ${n}a`, `in doubt ${n}b`, `after ${n}a`, `after ${n}b`]);
    assertEquals(await readKeys(broker, "doubt"), ["before", ...rounds]);
  },
});

Deno.test({
  name: "a read whose answers are cut anywhere goes on, and brings each message once",
  ignore: reason !== undefined,
  fn: async () => {
    await using kafka = await startKafka();
    await using proxy = startProxy({ port: kafka.proxyPort, to: kafka.proxiedPort });
    await using broker = await openKafkaBroker({
      brokers: [`127.0.0.1:${kafka.proxyPort}`],
      clientId: "test",
      clock: () => NOW,
      waiting: { monotonic: () => 0, pause: () => Promise.resolve() },
    });
    await broker.ensureTopic("cut", 2);
    const messages = Array.from({ length: 400 }, (_, index) => message(`${index}`, "x".repeat(index)));
    await broker.publish("cut", messages);
    const expected = messages.map(({ key }) => key ?? "").toSorted();
    // Every few bytes of the small answers (metadata, offsets), then through the large ones.
    const cuts = [...Array.from({ length: 60 }, (_, index) => index * 7), 500, 900, 1500, 2100, 4000];
    for (const bytes of cuts) {
      proxy.cutAnswersAfter(bytes);
      assertEquals((await readKeys(broker, "cut")).toSorted(), expected, `${bytes}`);
      proxy.heal();
    }
    assert(proxy.cuts > 50, `${proxy.cuts}`);
  },
});

Deno.test({
  name: "a broker that is killed while messages are published loses none and doubles none",
  ignore: reason !== undefined,
  fn: async () => {
    await using kafka = await startKafka();
    await using broker = await openKafkaBroker({
      brokers: [kafka.address],
      clientId: "test",
      clock: () => NOW,
    });
    await broker.ensureTopic("killed", 3);
    let killed: Promise<void> | undefined;
    const acknowledged: string[] = [];
    // All are under way at once, large enough that one is on the wire when the broker dies.
    const publishes = Array.from({ length: 60 }, async (_, round) => {
      const messages = Array.from(
        { length: 50 },
        (_, index) => message(`${round}-${index}`, "x".repeat(20_000)),
      );
      await broker.publish("killed", messages);
      acknowledged.push(...messages.map(({ key }) => key ?? ""));
      if (acknowledged.length === 1000) killed = kafka.kill().then(() => kafka.start());
    });
    await Promise.all(publishes);
    await killed;
    assertEquals(acknowledged.length, 3000);
    assertEquals((await readKeys(broker, "killed")).toSorted(), acknowledged.toSorted());
  },
});

Deno.test({
  name: "a read goes on where it was when the broker is killed and comes back",
  ignore: reason !== undefined,
  fn: async () => {
    await using kafka = await startKafka();
    await using broker = await openKafkaBroker({
      brokers: [kafka.address],
      clientId: "test",
      clock: () => NOW,
    });
    await broker.ensureTopic("read", 2);
    for (let round = 0; round < 10; round++) {
      await broker.publish("read", Array.from({ length: 30 }, (_, index) => message(`${round}-${index}`)));
    }
    let chunks = 0;
    const keys: (string | null)[] = [];
    for await (
      const { records } of broker.read("read", await wholeTopic(broker, "read"), { maxChunkBytes: 8 })
    ) {
      keys.push(...records.map(({ key }) => key));
      if (chunks++ !== 3) continue;
      await kafka.kill();
      await kafka.start();
    }
    assertEquals([keys.length, new Set(keys).size], [300, 300]);
  },
});

function message(key: string, value = "{}"): Message {
  return { key, value: new TextEncoder().encode(value), headers: {} };
}

async function wholeTopic(broker: Broker, topic: string) {
  const offsets = await broker.topicOffsets(topic);
  return offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
}

async function readKeys(broker: Broker, topic: string): Promise<readonly string[]> {
  const chunks = await Array.fromAsync(broker.read(topic, await wholeTopic(broker, topic)));
  return chunks.flatMap(({ records }) => records.map(({ key }) => key ?? ""));
}
