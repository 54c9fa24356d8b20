/** A broker that dies in the middle of an answer, answers with nothing, or sends what nobody can read. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";

import { configure, reset } from "@logtape/logtape";

import type { Broker, LogRecord } from "../../../lib/broker/broker.ts";
import { openKafkaBroker } from "../../../lib/broker/kafka/kafka_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";
import { StandInBroker, type StandInOptions } from "./stand_in_broker.ts";
import { encodeBatch } from "./wire/encode_batch.ts";

const FETCH = 1;
const LIST_OFFSETS = 2;
const METADATA = 3;
const API_VERSIONS = 18;
const INIT_PRODUCER_ID = 22;
const DESCRIBE_CONFIGS = 32;
const MESSAGE = { key: "k", value: new Uint8Array(3), headers: {} };
const LOG = {
  batches: [
    encodeBatch([{ key: "a", value: "first" }, { key: "b", value: "second" }]),
    encodeBatch([{ key: "c", value: "third", headers: [["h", null]] }], { firstOffset: 2n }),
  ],
  end: 3n,
};

/** Opens the stand-in; nothing really waits. */
function open({ address }: StandInBroker): Promise<Broker> {
  let nowMs = 0;
  const pause = (milliseconds: number) => Promise.resolve(void (nowMs += milliseconds));
  const waiting = { monotonic: () => nowMs, pause };
  return openKafkaBroker({
    brokers: [address],
    clientId: "test",
    clock: () => 0,
    waiting,
    publishRetries: 5,
  });
}

/** Reads all of the stand-in's log. */
async function readAll(options: StandInOptions): Promise<readonly LogRecord[]> {
  await using standIn = new StandInBroker(options);
  await using broker = await open(standIn);
  const offsets = await broker.topicOffsets("t");
  const ranges = offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
  const chunks = await Array.fromAsync(broker.read("t", ranges));
  return chunks.flatMap(({ records }) => records);
}

Deno.test("an answer that is cut anywhere is asked for again, and nothing of it reaches the next one", async () => {
  const whole = await readAll(LOG);
  assertEquals(whole.map(({ key }) => key), ["a", "b", "c"]);
  for (let cut = 0, length = 1; cut < length; cut += 3) {
    const cutAt: StandInOptions["cutAt"] = ({ api, before }, wholeLength) => {
      if (api !== FETCH || before > 0) return undefined;
      length = wholeLength;
      return cut;
    };
    assertEquals(await readAll({ ...LOG, cutAt }), whole, `${cut}`);
  }
});

Deno.test("it does not matter which answer is cut: the next one is whole, nothing hangs and nothing is thrown aside", async () => {
  const places = [[LIST_OFFSETS, 0], [LIST_OFFSETS, 1], [METADATA, 1], [METADATA, 2], [METADATA, 3], [
    METADATA,
    4,
  ]];
  const setUp = [[API_VERSIONS, 1], [API_VERSIONS, 2], [INIT_PRODUCER_ID, 0], [DESCRIBE_CONFIGS, 0]];
  for (const [cutApi, beforeCut] of [...places, ...setUp]) {
    for (const cut of [9]) {
      const cutAt: StandInOptions["cutAt"] = ({ api, before }, length) =>
        api === cutApi && before === beforeCut ? Math.min(cut, length - 1) : undefined;
      await using standIn = new StandInBroker({ ...LOG, cutAt });
      await using broker = await open(standIn);
      assertEquals(
        await broker.publish("t", [MESSAGE]),
        { messages: 1, sizeBytes: 3 },
        `${cutApi} ${beforeCut} ${cut}`,
      );
      const chunks = await Array.fromAsync(broker.read("t", [{ partition: 0, from: 0n, to: 3n }]));
      assertEquals(chunks.flatMap(({ records }) => records.map(({ key }) => key)), ["a", "b", "c"]);
    }
  }
});

Deno.test("an answer that is cut while the broker is opened is one error that may be tried again", async () => {
  for (const [cutApi, beforeCut] of [[API_VERSIONS, 0], [METADATA, 0]]) {
    const cutAt: StandInOptions["cutAt"] = ({ api, before }) =>
      api === cutApi && before === beforeCut ? 9 : undefined;
    await using standIn = new StandInBroker({ ...LOG, cutAt });
    const opened = await open(standIn).catch((error) => error);
    if (opened instanceof BrokerError) assert(opened.retriable, opened.message);
    else await opened[Symbol.asyncDispose]();
  }
});

Deno.test("a broker that answers empty a few times gives its records in the end", async () => {
  const whole = await readAll(LOG);
  for (const empties of [1, 5, 20]) {
    assertEquals(await readAll({ ...LOG, isEmpty: ({ before }) => before < empties }), whole);
  }
});

Deno.test("a log whose end nobody can see is read up to its last message", async () => {
  assertEquals((await readAll({ ...LOG, end: 9n })).map(({ key }) => key), ["a", "b", "c"]);
});

Deno.test("records that cannot be unpacked are one error that says where they stand", async () => {
  const pack = () => Uint8Array.of(1, 2, 3);
  for (const [attributes, codec] of [[1, "gzip"], [2, "snappy"], [3, "lz4"], [4, "zstd"]] as const) {
    const damaged = encodeBatch([{ value: "x" }], { firstOffset: 2n, attributes, pack });
    const log = { batches: [...LOG.batches.slice(0, 1), damaged], end: 3n };
    const failure = await assertRejects(() => readAll(log), BrokerError);
    assertStringIncludes(
      failure.message,
      `Cannot read "t" partition 0: the records from offset 2 cannot be unpacked (${codec}: `,
    );
    assert(!failure.message.includes("\n"), failure.message);
  }
});

Deno.test("an answer that is no answer is one error, too", async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(40).fill(255), new Uint8Array(40).fill(127)]) {
    const replace: StandInOptions["replace"] = ({ api }) => api === FETCH ? bytes : undefined;
    const failure = await assertRejects(() => readAll({ ...LOG, replace }), BrokerError);
    assertStringIncludes(failure.message, 'Cannot read "t" partition 0 at Kafka');
  }
});

Deno.test("a broker that has not heard of the topic yet, or has no controller yet, is asked again", async () => {
  for (const lag of [1, 3]) {
    await using standIn = new StandInBroker({
      ...LOG,
      metadata: ({ before }) => ({ isMissing: before > 0 && before <= lag }),
    });
    await using broker = await open(standIn);
    assertEquals((await broker.topicOffsets("t")).map(({ end }) => end), [3n]);
  }
  await using standIn = new StandInBroker({
    ...LOG,
    metadata: ({ before }) => before < 8 ? { controller: -1 } : {},
  });
  await using broker = await open(standIn);
  assertEquals(await broker.publish("t", [MESSAGE]), { messages: 1, sizeBytes: 3 });
});

Deno.test("a controller that goes away at any moment of the first publish is waited for", async () => {
  for (let first = 0; first < 8; first++) {
    await using standIn = new StandInBroker({
      ...LOG,
      metadata: ({ before }) => first <= before && before < first + 8 ? { controller: -1 } : {},
    });
    await using broker = await open(standIn);
    assertEquals(await broker.publish("t", [MESSAGE]), { messages: 1, sizeBytes: 3 }, `${first}`);
  }
});

Deno.test("a topic that stays missing is told soon", async () => {
  await using standIn = new StandInBroker({ ...LOG, metadata: ({ before }) => ({ isMissing: before > 0 }) });
  await using broker = await open(standIn);
  assertEquals(await broker.topicOffsets("t"), []);
  assert((standIn.counts.get(METADATA) ?? 0) < 20, `${standIn.counts.get(METADATA)}`);
  await assertRejects(() => broker.publish("t", [MESSAGE]), BrokerError, '"t": no such topic');
});

Deno.test("a topic whose messages are not on the disk when they are answered is warned about once", async () => {
  for (const [value, warnings] of [["true", 1], ["false", 0], [undefined, 0]] as const) {
    const logs: string[] = [];
    await configure({
      reset: true,
      sinks: { logs: ({ properties, level }) => void logs.push(`${level} ${properties.topic}`) },
      loggers: [
        { category: "ratalake", sinks: ["logs"], lowestLevel: "warning" },
        { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
      ],
    });
    const configs = {
      "max.message.bytes": "1000",
      ...(value === undefined ? {} : { "write.caching": value }),
    };
    await using standIn = new StandInBroker({ ...LOG, configs });
    await using broker = await open(standIn);
    for (let time = 0; time < 3; time++) await broker.publish("t", [MESSAGE]);
    assertEquals(logs, new Array(warnings).fill("warning t"));
    const large = { ...MESSAGE, value: new Uint8Array(1001) };
    await assertRejects(() => broker.publish("t", [large]), BrokerError, "at most 1000");
  }
  await reset();
});

Deno.test("a broker whose disk is full is told as that, whichever error it gives", async () => {
  const [KAFKA_STORAGE_ERROR, BROKER_NOT_AVAILABLE] = [56, 8];
  for (const error of [KAFKA_STORAGE_ERROR, BROKER_NOT_AVAILABLE]) {
    await using standIn = new StandInBroker({ ...LOG, produceError: () => error });
    const { address } = standIn;
    await using broker = await openKafkaBroker({
      brokers: [address],
      clientId: "test",
      clock: () => 0,
      publishRetries: 1,
    });
    const failure = await assertRejects(() => broker.publish("t", [MESSAGE]), BrokerError);
    assertStringIncludes(failure.message, "its disk is full, expected free space");
    assert(failure.retriable);
  }
});
