import { assert, assertEquals, assertFalse, assertRejects, assertStringIncludes } from "@std/assert";
import { Kafka, logLevel } from "kafkajs";

import type { Broker } from "../../lib/broker/broker.ts";
import { type KafkaBrokerOptions, openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { KAFKA_USER, type KafkaServer, startKafka, whyNoKafka } from "./kafka_server.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const ROUND_TRIP = new URL("./kafka_round_trip.ts", import.meta.url).pathname;
const reason = await whyNoKafka();
if (reason !== undefined) console.log(`Skipping the tests of trouble with Apache Kafka: ${reason}`);

Deno.test({
  name: "a Kafka cluster in trouble is told apart, and its log is read as it is",
  ignore: reason !== undefined,
  fn: async (t) => {
    await using kafka = await startKafka();
    for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(kafka));
  },
});

const CHECKS: Readonly<Record<string, (kafka: KafkaServer) => Promise<void>>> = {
  "TLS with a password works, by PLAIN and by SCRAM": secureWorks,
  "a wrong password is refused at once, and no message shows it": wrongPassword,
  "a server whose certificate nobody trusts is refused": wrongAuthority,
  "TLS where there is none, and none where there is TLS, is told": wrongProtocol,
  "a server that accepts and never answers is given up": silentServer,
  "a host name that does not exist is told": unknownHost,
  "a process with the least rights goes through, without a word on stderr": leastRights,
  "committed transactions are read, aborted ones and markers are not": transactions,
  "a transaction that still runs does not hold a read up": openTransaction,
  "the gaps of a compacted topic, and its markers, cost no wait": compactedTopic,
  "deleted records are an error that says what the log holds": deletedRecords,
  "a message over the topic's limit is refused before anything is sent": overTheLimit,
  "a topic that was deleted does not get in the way of others": deletedTopic,
  "messages that other clients packed with gzip or not at all are read": otherCodecs,
};

async function secureWorks(kafka: KafkaServer): Promise<void> {
  for (const mechanism of ["plain", "scram-sha-256"] as const) {
    const sasl = { mechanism, ...KAFKA_USER };
    await using broker = await open(kafka.secureAddress, { ssl: { ca: kafka.ca }, sasl });
    await broker.ensureTopic("secure", 1);
    await publishKeys(broker, "secure", [mechanism]);
    assertEquals((await readKeys(broker, "secure")).at(-1), mechanism);
  }
}

async function wrongPassword(kafka: KafkaServer): Promise<void> {
  for (const mechanism of ["plain", "scram-sha-256"] as const) {
    const sasl = { mechanism, username: KAFKA_USER.username, password: "not-this-one" };
    const failure = await refused(kafka.secureAddress, { ssl: { ca: kafka.ca }, sasl });
    assertStringIncludes(failure.message, "the broker refused user name or password");
    assertFalse(Deno.inspect(failure, { depth: 10 }).includes("not-this-one"));
    assertEquals(failure.retriable, false);
  }
}

async function wrongAuthority(kafka: KafkaServer): Promise<void> {
  const sasl = { mechanism: "plain" as const, ...KAFKA_USER };
  const failure = await refused(kafka.secureAddress, { ssl: true, sasl });
  assertStringIncludes(failure.message, `"${kafka.secureAddress}": its TLS certificate cannot be trusted`);
}

async function wrongProtocol(kafka: KafkaServer): Promise<void> {
  const withTls = await refused(kafka.address, { ssl: { ca: kafka.ca } });
  assertStringIncludes(withTls.message, "the connection was closed");
  const without = await refused(kafka.secureAddress, {});
  assertStringIncludes(without.message, "the connection was closed");
}

async function silentServer(): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) accepted.push(connection);
  })();
  const failure = await refused(`127.0.0.1:${listener.addr.port}`, {});
  assertStringIncludes(failure.message, "no answer");
  for (const connection of accepted) connection.close();
  listener.close();
  await accepting;
}

async function unknownHost(): Promise<void> {
  const failure = await refused("no-such-host.invalid:9092", {});
  assertStringIncludes(failure.message, `"no-such-host.invalid:9092": there is no host with that name`);
}

async function leastRights(kafka: KafkaServer): Promise<void> {
  const env = ["NODE_ENV", "KAFKAJS_NO_PARTITIONER_WARNING", "KAFKAJS_LOG_LEVEL"];
  const debug = ["KAFKAJS_DEBUG_PROTOCOL_BUFFERS", "KAFKAJS_DEBUG_EXTENDED_PROTOCOL_BUFFERS"];
  const rights = [`--allow-net=${kafka.address}`, `--allow-env=${[...env, ...debug].join(",")}`];
  const args = [
    "run",
    "--quiet",
    "--no-prompt",
    "--config",
    CONFIG,
    ...rights,
    ROUND_TRIP,
    kafka.address,
    "least",
  ];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  const text = new TextDecoder();
  assertEquals([text.decode(stderr), text.decode(stdout), code], ["", "4\n", 0]);
}

async function transactions(kafka: KafkaServer): Promise<void> {
  await using broker = await open(kafka.address, {});
  await broker.ensureTopic("txn", 1);
  await publishKeys(broker, "txn", ["plain"]);
  await using client = await otherClient(kafka, "txn-1");
  for (const [keys, ending] of [[["a", "b"], "commit"], [["x", "y"], "abort"], [["c"], "commit"]] as const) {
    const transaction = await client.producer.transaction();
    await transaction.send({ topic: "txn", messages: keys.map((key) => ({ key, value: key })) });
    await transaction[ending]();
  }
  await untilEnd(broker, "txn", 9n);
  assertEquals(await readKeys(broker, "txn"), ["plain", "a", "b", "c"]);
  // plain a b [commit] x y [abort] c [commit]: the last record is followed by a marker, which nextOffset covers.
  const ranges = [{ partition: 0, from: 0n, to: 9n }];
  assertEquals((await broker.topicOffsets("txn")).map(({ end }) => end), [9n]);
  assertEquals((await Array.fromAsync(broker.read("txn", ranges))).at(-1)?.nextOffset, 9n);
  const unseen = { partition: 0, records: [], nextOffset: 7n, sizeBytes: 0 };
  assertEquals(await Array.fromAsync(broker.read("txn", [{ partition: 0, from: 4n, to: 7n }])), [unseen]);
}

async function openTransaction(kafka: KafkaServer): Promise<void> {
  await using broker = await open(kafka.address, {});
  await broker.ensureTopic("running", 1);
  await publishKeys(broker, "running", ["before"]);
  await using client = await otherClient(kafka, "txn-2");
  const transaction = await client.producer.transaction();
  await transaction.send({ topic: "running", messages: [{ key: "undecided", value: "" }] });
  await publishKeys(broker, "running", ["behind"]);
  assertEquals(await readKeys(broker, "running"), ["before"]);
  await transaction.commit();
  assertEquals(await readKeys(broker, "running"), ["before", "undecided", "behind"]);
}

async function compactedTopic(kafka: KafkaServer): Promise<void> {
  let pauses = 0;
  const waiting = { monotonic: () => 0, pause: () => Promise.resolve(void pauses++) };
  await using broker = await open(kafka.address, { waiting });
  await using client = await otherClient(kafka, "compacter");
  const settings = {
    "cleanup.policy": "compact",
    "segment.ms": "300",
    "segment.bytes": "1048576",
    "min.cleanable.dirty.ratio": "0.001",
    "max.compaction.lag.ms": "300",
  };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await client.admin.createTopics({
    topics: [{ topic: "compacted", numPartitions: 1, configEntries }],
    waitForLeaders: true,
  });
  const keys = Array.from({ length: 500 }, (_, index) => `${index % 5}`);
  await publishKeys(broker, "compacted", keys);
  for (const ending of ["abort", "commit", "abort"] as const) {
    const transaction = await client.producer.transaction();
    await transaction.send({ topic: "compacted", messages: [{ key: ending, value: "" }] });
    await transaction[ending]();
  }
  // The broker compacts when it comes to it, and never the newest segment.
  let found = await readKeys(broker, "compacted");
  for (let looks = 0; found.length > 6 && looks < 200; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    found = await readKeys(broker, "compacted");
  }
  assertEquals(found, ["0", "1", "2", "3", "4", "commit"]);
  assertEquals((await broker.topicOffsets("compacted")).map(({ earliest, end }) => [earliest, end]), [[
    0n,
    506n,
  ]]);
  assertEquals(pauses, 0);
}

async function deletedRecords(kafka: KafkaServer): Promise<void> {
  await using broker = await open(kafka.address, {});
  await broker.ensureTopic("deleted", 1);
  for (let publish = 0; publish < 10; publish++) await publishKeys(broker, "deleted", [`${publish}`]);
  await using client = await otherClient(kafka, "deleter");
  // Makes kafkajs' admin look up the topic, which deleting records does not.
  await client.admin.fetchTopicOffsets("deleted");
  const overtaken = async () => {
    for await (
      const _ of broker.read("deleted", [{ partition: 0, from: 0n, to: 10n }], { maxChunkBytes: 2 })
    ) {
      await client.admin.deleteTopicRecords({
        topic: "deleted",
        partitions: [{ partition: 0, offset: "8" }],
      });
    }
  };
  await assertRejects(overtaken, BrokerError, "the offset is gone");
  const late = () => Array.fromAsync(broker.read("deleted", [{ partition: 0, from: 0n, to: 10n }]));
  await assertRejects(late, BrokerError, "the log holds 8 to 10");
  assertEquals(await readKeys(broker, "deleted"), ["8", "9"]);
}

async function overTheLimit(kafka: KafkaServer): Promise<void> {
  await using broker = await open(kafka.address, { maxMessageBytes: 2_000_000 });
  await broker.ensureTopic("limit", 1);
  const messages = [10, 2_000_001].map((size) => ({ key: "k", value: new Uint8Array(size), headers: {} }));
  const failure = await assertRejects(() => broker.publish("limit", messages), BrokerError);
  assertStringIncludes(failure.message, "message 1 takes 2000072 bytes, expected at most 2000000");
  assertEquals(await readKeys(broker, "limit"), []);
}

async function deletedTopic(kafka: KafkaServer): Promise<void> {
  await using broker = await open(kafka.address, {});
  for (const topic of ["stays", "goes"]) {
    await broker.ensureTopic(topic, 1);
    await publishKeys(broker, topic, ["a", "b"]);
  }
  await using client = await otherClient(kafka, "deleter");
  await client.admin.deleteTopics({ topics: ["goes"] });
  assertEquals(await readKeys(broker, "stays"), ["a", "b"]);
  await publishKeys(broker, "stays", ["c"]);
  assertEquals(await broker.topicOffsets("goes"), []);
  assertEquals(await readKeys(broker, "stays"), ["a", "b", "c"]);
}

async function otherCodecs(kafka: KafkaServer): Promise<void> {
  await using broker = await open(kafka.address, {});
  await broker.ensureTopic("codecs", 1);
  await using client = await otherClient(kafka, "codecs");
  for (const compression of [0, 1]) {
    const transaction = await client.producer.transaction();
    const headers = { name: ["first", "last"], text: "ä" };
    const messages = [{ key: `codec ${compression}`, value: "v".repeat(5000), headers, partition: 0 }];
    await transaction.send({ topic: "codecs", compression, messages });
    await transaction.commit();
  }
  await untilEnd(broker, "codecs", 4n);
  const chunks = await Array.fromAsync(broker.read("codecs", [{ partition: 0, from: 0n, to: 4n }]));
  const records = chunks.flatMap((chunk) => chunk.records);
  assertEquals(records.map(({ key, value }) => [key, value?.length]), [["codec 0", 5000], ["codec 1", 5000]]);
  assertEquals(records.map(({ headers }) => headers), [1, 2].map(() => ({ name: "last", text: "ä" })));
}

/** A commit is answered before its marker stands in the log. */
async function untilEnd(broker: Broker, topic: string, end: bigint): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const [offsets] = await broker.topicOffsets(topic);
    if (offsets !== undefined && offsets.end >= end) return;
  }
  throw new Error(`the log of "${topic}" did not reach offset ${end}`);
}

function open(address: string, options: Partial<KafkaBrokerOptions>): Promise<Broker> {
  return openKafkaBroker({ brokers: [address], clientId: "test", clock: () => NOW, ...options });
}

async function refused(address: string, options: Partial<KafkaBrokerOptions>): Promise<BrokerError> {
  const failure = await assertRejects(() => open(address, options), BrokerError);
  assert(failure.message.startsWith(`Cannot connect to Kafka "${address}"`), failure.message);
  return failure;
}

/** What somebody else may do to the cluster, by kafkajs' public classes. */
async function otherClient(kafka: KafkaServer, transactionalId: string) {
  const client = new Kafka({ brokers: [kafka.address], clientId: "other", logLevel: logLevel.NOTHING });
  const admin = client.admin();
  const producer = client.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await admin.connect();
  await producer.connect();
  const dispose = async () => {
    await producer.disconnect();
    await admin.disconnect();
  };
  return { admin, producer, [Symbol.asyncDispose]: dispose };
}

async function publishKeys(broker: Broker, topic: string, keys: readonly string[]): Promise<void> {
  await broker.publish(topic, keys.map((key) => ({ key, value: new Uint8Array(1), headers: {} })));
}

async function readKeys(broker: Broker, topic: string): Promise<readonly (string | null)[]> {
  const offsets = await broker.topicOffsets(topic);
  const ranges = offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
  const chunks = await Array.fromAsync(broker.read(topic, ranges));
  return chunks.flatMap(({ records }) => records.map(({ key }) => key));
}
