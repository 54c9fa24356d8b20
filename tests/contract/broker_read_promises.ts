/** What a broker promises about reading. */

import { assert, assertEquals, assertRejects } from "@std/assert";

import type { Broker, ReadOptions } from "../../lib/broker/broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { type BrokerPromise, message, noise, readAll, readChunks, wholeTopic } from "./broker_topic.ts";

/** Reading. */
export const READ_PROMISES: readonly BrokerPromise[] = [
  { name: "reading starts in the middle and stops before the end it was given", check: readsFromTheMiddle },
  { name: "an empty range and no range at all read nothing", check: emptyRangesReadNothing },
  { name: "reading a missing topic or partition is refused by name", check: readNeedsTopic },
  { name: "reading outside of the log is refused with what the log holds", check: readOutsideIsRefused },
  { name: "chunks respect the byte limit, and a larger message comes alone", check: chunksRespectLimit },
  { name: "chunks respect the number of records too, by default some thousands", check: chunksRespectCount },
  { name: "chunks add up: nextOffset follows the records, sizeBytes their values", check: chunksAddUp },
  { name: "partitions take turns", check: partitionsInterleave },
  { name: "the event loop turns between chunks", check: eventLoopTurns },
  { name: "leaving the loop early is fine, and the broker goes on", check: leavingEarly },
  { name: "two reads at once see the same log", check: twoReadsAtOnce },
  { name: "a read is stable while others publish", check: readIsStable },
];

async function readsFromTheMiddle(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  await broker.publish(topic, Array.from({ length: 50 }, (_, index) => message(String(index))));
  await broker.publish(topic, Array.from({ length: 50 }, (_, index) => message(String(50 + index))));
  const chunks = await Array.fromAsync(broker.read(topic, [{ partition: 0, from: 37n, to: 61n }]));
  const offsets = chunks.flatMap(({ records }) => records.map(({ offset }) => offset));
  assertEquals(offsets, Array.from({ length: 24 }, (_, index) => BigInt(37 + index)));
  assertEquals(chunks.at(-1)?.nextOffset, 61n);
}

async function emptyRangesReadNothing(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, [message("a"), message("b"), message("c")]);
  const ranges = [{ partition: 0, from: 0n, to: 0n }, { partition: 1, from: 1n, to: 1n }];
  assertEquals(await Array.fromAsync(broker.read(topic, ranges)), []);
  assertEquals(await Array.fromAsync(broker.read(topic, [])), []);
}

async function readNeedsTopic(broker: Broker, topic: string): Promise<void> {
  const range = { partition: 0, from: 0n, to: 1n };
  await assertRejects(
    () => Array.fromAsync(broker.read(topic, [range])),
    BrokerError,
    `"${topic}": no such topic`,
  );
  await broker.ensureTopic(topic, 2);
  const read = () => Array.fromAsync(broker.read(topic, [{ ...range, partition: 2 }]));
  await assertRejects(read, BrokerError, `"${topic}" partition 2`);
}

async function readOutsideIsRefused(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  await broker.publish(topic, [message("a"), message("b")]);
  for (const [from, to] of [[0n, 3n], [3n, 2n], [-1n, 2n]] as const) {
    const read = () => Array.fromAsync(broker.read(topic, [{ partition: 0, from, to }]));
    const failure = await assertRejects(read, BrokerError, "the log holds 0 to 2");
    assertEquals(failure.retriable, false);
  }
}

async function chunksRespectLimit(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  const sizes = [400, 400, 400, 5000, 100, 1000, 1, 999];
  await broker.publish(topic, sizes.map((size) => ({ key: "k", value: noise(size), headers: {} })));
  const chunks = await readChunks(broker, topic, { maxChunkBytes: 1000 });
  assertEquals(chunks.flatMap(({ records }) => records.map(({ value }) => value?.length)), sizes);
  for (const { records, sizeBytes } of chunks) assert(records.length === 1 || sizeBytes <= 1000);
  // Packed as full as the limit allows, not one by one.
  assertEquals(chunks.map(({ records }) => records.length), [2, 1, 1, 1, 1, 2]);
}

async function chunksRespectCount(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  await broker.publish(topic, Array.from({ length: 5000 }, () => message("k", "")));
  const counts = async (options: ReadOptions) =>
    (await readChunks(broker, topic, options)).map(({ records }) => records.length);
  const few = await counts({ maxChunkRecords: 1500 });
  assertEquals([few.every((count) => count <= 1500), few.reduce((sum, count) => sum + count, 0)], [
    true,
    5000,
  ]);
  assertEquals((await counts({})).every((count) => count <= 4096), true);
}

async function chunksAddUp(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  await broker.publish(
    topic,
    Array.from({ length: 90 }, (_, index) => message(`${index}`, "x".repeat(index))),
  );
  const next = new Map([[0, 0n], [1, 0n]]);
  for (
    const { partition, records, nextOffset, sizeBytes } of await readChunks(broker, topic, {
      maxChunkBytes: 500,
    })
  ) {
    assertEquals(records[0]?.offset, next.get(partition));
    assertEquals(nextOffset, (records.at(-1)?.offset ?? 0n) + 1n);
    assertEquals(sizeBytes, records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
    next.set(partition, nextOffset);
  }
  assertEquals((await broker.topicOffsets(topic)).map(({ end }) => end), [...next.values()]);
}

async function partitionsInterleave(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, Array.from({ length: 40 }, () => message(null, "x".repeat(100))));
  const order = (await readChunks(broker, topic, { maxChunkBytes: 500 })).map(({ partition }) => partition);
  assertEquals(order.slice(0, 4).toSorted(), [0, 0, 1, 1]);
}

async function eventLoopTurns(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  await broker.publish(topic, Array.from({ length: 30 }, () => message("k", "x".repeat(100))));
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  const turnsAtChunk: number[] = [];
  for await (
    const { records } of broker.read(topic, await wholeTopic(broker, topic), { maxChunkBytes: 100 })
  ) {
    assertEquals(records.length, 1);
    turnsAtChunk.push(turns);
  }
  clearImmediate(timer);
  assertEquals(turnsAtChunk.length, 30);
  assertEquals(new Set(turnsAtChunk).size, 30);
}

async function leavingEarly(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, Array.from({ length: 60 }, () => message(null, "x".repeat(100))));
  for (let round = 0; round < 3; round++) {
    for await (const chunk of broker.read(topic, await wholeTopic(broker, topic), { maxChunkBytes: 300 })) {
      assertEquals(chunk.records.length, 3);
      break;
    }
  }
  const failing = async () => {
    for await (const _ of broker.read(topic, await wholeTopic(broker, topic))) {
      throw new RangeError("consumer broke");
    }
  };
  await assertRejects(failing, RangeError, "consumer broke");
  await broker.publish(topic, [message("later")]);
  assertEquals((await readAll(broker, topic)).length, 61);
}

async function twoReadsAtOnce(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 2);
  await broker.publish(topic, Array.from({ length: 80 }, (_, index) => message(`${index}`, "x".repeat(100))));
  const read = () => readChunks(broker, topic, { maxChunkBytes: 700 });
  const [first, second] = await Promise.all([read(), read()]);
  assertEquals(first.flatMap(({ records }) => records).length, 80);
  assertEquals(first, second);
}

async function readIsStable(broker: Broker, topic: string): Promise<void> {
  await broker.ensureTopic(topic, 1);
  await broker.publish(
    topic,
    Array.from({ length: 20 }, (_, index) => message(`old-${index}`, "x".repeat(100))),
  );
  const keys: (string | null)[] = [];
  for await (
    const { records } of broker.read(topic, await wholeTopic(broker, topic), { maxChunkBytes: 500 })
  ) {
    keys.push(...records.map(({ key }) => key));
    await broker.publish(topic, [message("new"), message("new")]);
  }
  assertEquals(keys, Array.from({ length: 20 }, (_, index) => `old-${index}`));
  assertEquals((await broker.topicOffsets(topic)).map(({ end }) => end), [28n]);
}
