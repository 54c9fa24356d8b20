/** What a broker promises about topics, publishing and committed offsets. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";

import type { Broker } from "../../lib/broker/broker.ts";
import { choosePartition } from "../../lib/broker/choose_partition.ts";
import { BrokerError } from "../../lib/errors.ts";
import { type BrokerPromise, message, noise, readAll, sameBytes, text } from "./broker_topic.ts";

/** Topics, publishing, committed offsets. */
export const WRITE_PROMISES: readonly BrokerPromise[] = [
  { name: "a topic that nobody created has no offsets", check: missingTopicHasNoOffsets },
  { name: "a new topic has its partitions, in order and empty", check: newTopicIsEmpty },
  { name: "a log has one name for ever, or none", check: logIdStays },
  { name: "creating a topic again keeps its partitions and messages", check: ensureTopicIsIdempotent },
  { name: "creating a topic several times at once makes it once", check: ensureTopicIsConcurrent },
  { name: "bad topic names and partition counts are refused", check: badTopicsAreRefused },
  { name: "offsets are contiguous from zero and end where the log ends", check: offsetsAreContiguous },
  { name: "messages of one key stay in order", check: keysKeepOrder },
  { name: "a key lies in the partition that Kafka's murmur2 names", check: keysFollowMurmur2 },
  { name: "messages without a key are spread over the partitions", check: nullKeysSpread },
  { name: "values come back byte for byte, and null and empty differ", check: valuesAreExact },
  { name: "keys come back exactly, and null and empty differ", check: keysAreExact },
  { name: "headers come back with any characters", check: headersAreExact },
  { name: "creation times are kept, whatever their order", check: timestampsAreKept },
  { name: "a message without a time gets the broker's clock", check: clockFillsTimestamps },
  { name: "times that no log can keep are refused before anything is sent", check: badTimesAreRefused },
  { name: "a message of 5 MB goes through beside small ones", check: largeMessageGoesThrough },
  { name: "three thousand messages are split as needed and all arrive in order", check: manyMessagesArrive },
  { name: "publishing nothing is a receipt of nothing", check: publishingNothing },
  { name: "publishing to a missing topic is refused by name", check: publishNeedsTopic },
  { name: "several publishes at once all arrive once", check: concurrentPublishes },
  { name: "committed offsets come back, per group and topic", check: offsetsRoundTrip },
  { name: "what may be forgotten is gone or still there, and nothing else is touched", check: forgetsNoMore },
  { name: "noting offsets of a missing topic is refused", check: notingNeedsTopic },
];

async function missingTopicHasNoOffsets(broker: Broker, topic: string): Promise<void> {
  assertEquals(await broker.topicOffsets(topic), []);
}

async function logIdStays(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const id = await broker.logId(topic);
  await broker.publish(topic, [message("a")]);
  assertEquals([await broker.logId(topic), id?.length], [id, id === null ? undefined : 32]);
}

async function newTopicIsEmpty(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 3);
  const expected = [0, 1, 2].map((partition) => ({ partition, earliest: 0n, end: 0n }));
  assertEquals(await broker.topicOffsets(topic), expected);
  assertEquals(await readAll(broker, topic), []);
}

async function ensureTopicIsIdempotent(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, [message("kept")]);
  await broker.ensureTopic(topic, 5);
  assertEquals((await broker.topicOffsets(topic)).length, 2);
  assertEquals((await readAll(broker, topic)).map(({ key }) => key), ["kept"]);
}

async function ensureTopicIsConcurrent(broker: Broker, topic: string): Promise<void> {
  await Promise.all([1, 2, 3, 4].map(() => broker.ensureTopic(topic, 3)));
  assertEquals((await broker.topicOffsets(topic)).length, 3);
}

async function badTopicsAreRefused(broker: Broker, topic: string): Promise<void> {
  for (const name of ["", ".", "..", "a/b", "ä", "x".repeat(250)]) {
    await assertRejects(() => broker.ensureTopic(name, 1), BrokerError, "expected 1 to 249");
  }
  for (const partitions of [0, -1, 1.5, NaN, 10_000]) {
    await assertRejects(() => broker.ensureTopic(topic, partitions), BrokerError, "expected a whole number");
  }
}

async function offsetsAreContiguous(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 3);
  for (let round = 0; round < 3; round++) {
    await broker.publish(topic, Array.from({ length: 20 }, (_, index) => message(`${round}-${index}`)));
  }
  let total = 0n;
  for (const { partition, earliest, end } of await broker.topicOffsets(topic)) {
    const records = await readAll(broker, topic, [partition]);
    assertEquals(records.map(({ offset }) => offset), records.map((_, index) => BigInt(index)));
    assertEquals([earliest, end], [0n, BigInt(records.length)]);
    total += end;
  }
  assertEquals(total, 60n);
}

async function keysKeepOrder(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 3);
  const messages = Array.from({ length: 300 }, (_, index) => message(`train-${index % 7}`, String(index)));
  await broker.publish(topic, messages.slice(0, 150));
  await broker.publish(topic, messages.slice(150));
  for (let train = 0; train < 7; train++) {
    const sent = messages.filter(({ key }) => key === `train-${train}`).map(({ value }) => text(value));
    const records = (await readAll(broker, topic)).filter(({ key }) => key === `train-${train}`);
    assertEquals(records.map(({ value }) => text(value)), sent);
  }
}

async function keysFollowMurmur2(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 5);
  const keys = [
    "",
    "a",
    "2025-02-17/1",
    "2025-02-17/59",
    "Tšüküri",
    "🚆",
    ...Array.from({ length: 40 }, String),
  ];
  await broker.publish(topic, keys.map((key) => message(key)));
  for (let partition = 0; partition < 5; partition++) {
    const expected = keys.filter((key) =>
      choosePartition(key, { partitions: 5, unkeyedBefore: 0 }) === partition
    );
    assertEquals((await readAll(broker, topic, [partition])).map(({ key }) => key), expected);
  }
}

async function nullKeysSpread(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 3);
  await broker.publish(topic, Array.from({ length: 4 }, () => message(null)));
  await broker.publish(topic, Array.from({ length: 5 }, () => message(null)));
  assertEquals((await broker.topicOffsets(topic)).map(({ end }) => end), [3n, 3n, 3n]);
}

async function valuesAreExact(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const allBytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  // A view into a larger buffer: only its own bytes count.
  const view = new Uint8Array([9, 9, 1, 2, 3, 9]).subarray(2, 5);
  const values = [allBytes, null, new Uint8Array(0), view];
  const receipt = await broker.publish(topic, values.map((value) => ({ key: "k", value, headers: {} })));
  assertEquals(receipt, { messages: 4, sizeBytes: 259 });
  const records = await readAll(broker, topic);
  assertEquals(records.map(({ value }) => value && [...value]), values.map((value) => value && [...value]));
}

async function keysAreExact(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const keys = [
    null,
    "",
    "2025-02-17/59",
    "ä€🚆",
    "with\0nul",
    "\ufeffmark",
    "\ufeff",
    "\ufffd",
    " \t\n",
    "x".repeat(2000),
  ];
  await broker.publish(topic, keys.map((key) => message(key)));
  assertEquals((await readAll(broker, topic)).map(({ key }) => key), keys);
}

async function headersAreExact(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const sent: readonly Record<string, string>[] = [
    {},
    { fetchedAt: "2025-02-17T04:21:00Z", source: "live-trains" },
    {
      "": "empty name",
      empty: "",
      "ääni 🚆": "Jyväskylä €",
      quote: `"\\`,
      nul: "a\0b",
      "\ufeffmark": "\ufeff",
    },
  ];
  await broker.publish(topic, sent.map((headers) => ({ key: "k", value: null, headers })));
  assertEquals((await readAll(broker, topic)).map(({ headers }) => ({ ...headers })), sent);
}

async function timestampsAreKept(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const times = [1_739_766_060_123, 999, 1000, 0, 1, 1_739_766_060_122];
  await broker.publish(topic, times.map((timestampMs) => ({ ...message("k"), timestampMs })));
  assertEquals((await readAll(broker, topic)).map(({ timestampMs }) => timestampMs), times);
}

async function clockFillsTimestamps(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  await broker.publish(topic, [message("a"), { ...message("b"), timestampMs: 5 }, message("c")]);
  const [first, second, third] = (await readAll(broker, topic)).map(({ timestampMs }) => timestampMs);
  assertEquals(second, 5);
  assertEquals(first, third);
  assert(first !== undefined && first > 1_500_000_000_000);
}

async function badTimesAreRefused(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  for (const timestampMs of [-1, 1.5, NaN, Infinity]) {
    const messages = [message("good"), { ...message("bad"), timestampMs }];
    await assertRejects(() => broker.publish(topic, messages), BrokerError, "message 1 has time");
  }
  assertEquals(await readAll(broker, topic), []);
}

async function largeMessageGoesThrough(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const large = noise(5_000_000);
  await broker.publish(topic, [
    message("before"),
    { key: "large", value: large, headers: {} },
    message("after"),
  ]);
  const records = await readAll(broker, topic);
  assertEquals(records.map(({ key }) => key), ["before", "large", "after"]);
  assert(sameBytes(records[1]?.value, large));
}

async function manyMessagesArrive(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 3);
  const messages = Array.from({ length: 3000 }, (_, index) => ({
    key: `train-${index}`,
    value: noise(3000, index),
    headers: { index: String(index) },
  }));
  const receipt = await broker.publish(topic, messages);
  assertEquals(receipt, { messages: 3000, sizeBytes: 9_000_000 });
  const seen = new Set<number>();
  for (const partition of [0, 1, 2]) {
    const records = await readAll(broker, topic, [partition]);
    const order = records.map(({ headers }) => Number(headers.index));
    assertEquals(order, order.toSorted((a, b) => a - b));
    assert(records.every(({ value }, at) => sameBytes(value, messages[order[at] ?? -1]?.value)));
    order.forEach((index) => seen.add(index));
  }
  assertEquals(seen.size, 3000);
}

async function publishingNothing(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  assertEquals(await broker.publish(topic, []), { messages: 0, sizeBytes: 0 });
  assertEquals((await broker.topicOffsets(topic)).map(({ end }) => end), [0n]);
}

async function publishNeedsTopic(broker: Broker, topic: string): Promise<void> {
  const failure = await assertRejects(() => broker.publish(topic, [message("k")]), BrokerError);
  assertStringIncludes(failure.message, `"${topic}": no such topic`);
  assertEquals(await broker.topicOffsets(topic), []);
}

async function concurrentPublishes(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  const publishers = Array.from(
    { length: 8 },
    (_, publisher) =>
      broker.publish(topic, Array.from({ length: 25 }, (_, index) => message(`${publisher}-${index}`))),
  );
  await Promise.all(publishers);
  const keys = (await readAll(broker, topic)).map(({ key }) => key);
  assertEquals([keys.length, new Set(keys).size], [200, 200]);
}

async function offsetsRoundTrip(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 3);
  await broker.ensureTopic(`${topic}-other`, 1);
  const group = `group of ${topic}`;
  assertEquals(await broker.committedOffsets(group, topic), new Map());
  await broker.commitOffsets(group, topic, new Map([[0, 5n], [2, 9_000_000_000n]]));
  assertEquals(await broker.committedOffsets(group, topic), new Map([[0, 5n], [2, 9_000_000_000n]]));
  await broker.commitOffsets(group, topic, new Map([[0, 4n], [1, 0n]]));
  assertEquals(await broker.committedOffsets(group, topic), new Map([[0, 4n], [1, 0n], [2, 9_000_000_000n]]));
  assertEquals(await broker.committedOffsets(`${group} 2`, topic), new Map());
  assertEquals(await broker.committedOffsets(group, `${topic}-other`), new Map());
}

async function notingNeedsTopic(broker: Broker, topic: string): Promise<void> {
  await assertRejects(() => broker.commitOffsets("g", topic, new Map([[0, 1n]])), BrokerError, topic);
  assertEquals(await broker.committedOffsets("g", topic), new Map());
  await broker.ensureTopic(topic, 1);
  await assertRejects(() => broker.commitOffsets("g", topic, new Map([[7, 1n]])), BrokerError, topic);
}

async function forgetsNoMore(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  const at = (timestampMs: number) => ({ ...message("k", "v"), timestampMs });
  await broker.publish(topic, [at(1000), at(2000), at(3000), at(4000)]);
  const before = (await broker.topicOffsets(topic)).map(({ partition, end }) =>
    [partition, end - 1n] as const
  );
  const bounded = new Map(before.filter(([, offset]) => offset >= 0n));
  const { messages } = await broker.forget(topic, { before: bounded, olderThanMs: 2500 });
  const left = (await readAll(broker, topic)).map(({ timestampMs }) => timestampMs);
  // A broker of its own mind forgets nothing here; the embedded one what is both old and below.
  assertEquals(left, [1000, 2000, 3000, 4000].slice(messages));
  assertEquals([0, 2].includes(messages), true);
  assertEquals((await broker.forget(topic, { before: new Map(), olderThanMs: 1e15 })).messages, 0);
}
