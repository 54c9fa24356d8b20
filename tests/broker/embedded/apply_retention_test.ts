import { assert, assertEquals, assertRejects } from "@std/assert";

import { type EmbeddedBroker, openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";

const NOW = 1_739_766_060_000;
const DAY = 86_400_000;

Deno.test("without limits nothing goes", async () => {
  await withBroker(async (broker) => {
    assertEquals(await broker.applyRetention("t", {}), { messages: 0, sizeBytes: 0 });
    assertEquals(await earliest(broker), [0n]);
  });
});

Deno.test("records older than the limit go, and offsets go on where they were", async () => {
  await withBroker(async (broker) => {
    assertEquals(await broker.applyRetention("t", { maxAgeMs: 3.5 * DAY }), {
      messages: 6,
      sizeBytes: 60_000,
    });
    assertEquals(await broker.topicOffsets("t"), [{ partition: 0, earliest: 6n, end: 10n }]);
    await broker.publish("t", [{ key: "k", value: null, headers: {} }]);
    assertEquals(await broker.topicOffsets("t"), [{ partition: 0, earliest: 6n, end: 11n }]);
    const chunks = await Array.fromAsync(broker.read("t", [{ partition: 0, from: 6n, to: 11n }]));
    assertEquals(chunks.flatMap(({ records }) => records.map(({ offset }) => offset)), [6n, 7n, 8n, 9n, 10n]);
  });
});

Deno.test("all may go, and the end stays", async () => {
  await withBroker(async (broker) => {
    assertEquals((await broker.applyRetention("t", { maxPartitionBytes: 0 })).messages, 10);
    assertEquals(await broker.topicOffsets("t"), [{ partition: 0, earliest: 10n, end: 10n }]);
    assertEquals((await broker.applyRetention("t", { maxPartitionBytes: 0 })).messages, 0);
  });
});

Deno.test("the oldest go until what stays is no larger than the limit", async () => {
  await withBroker(async (broker) => {
    assertEquals(await broker.applyRetention("t", { maxPartitionBytes: 35_000 }), {
      messages: 7,
      sizeBytes: 70_000,
    });
    assertEquals((await broker.applyRetention("t", { maxPartitionBytes: 30_000 })).messages, 0);
    assertEquals((await broker.applyRetention("t", { maxPartitionBytes: 29_999 })).messages, 1);
  });
});

Deno.test("what is not in the tables yet stays, whatever the limits", async () => {
  await withBroker(async (broker) => {
    const keepFrom = new Map([[0, 2n]]);
    assertEquals(
      (await broker.applyRetention("t", { maxAgeMs: 0, maxPartitionBytes: 0, keepFrom })).messages,
      2,
    );
    assertEquals(await earliest(broker), [2n]);
  });
});

Deno.test("a read from before the earliest offset is refused, and one that is overtaken rejects", async () => {
  await withBroker(async (broker) => {
    const reading = broker.read("t", [{ partition: 0, from: 0n, to: 10n }], { maxChunkBytes: 10_000 });
    const overtaken = async () => {
      for await (const _ of reading) await broker.applyRetention("t", { maxPartitionBytes: 20_000 });
    };
    await assertRejects(overtaken, BrokerError, "offset 1 is gone");
    const late = () => Array.fromAsync(broker.read("t", [{ partition: 0, from: 0n, to: 10n }]));
    await assertRejects(late, BrokerError, "the log holds 8 to 10");
  });
});

Deno.test("the file gives back the room of what went", async () => {
  await withBroker(async (broker, path) => {
    const value = new Uint8Array(1_000_000);
    await broker.publish("t", Array.from({ length: 8 }, () => ({ key: "k", value, headers: {} })));
    await broker.applyRetention("t", { maxPartitionBytes: 0 });
    await broker[Symbol.asyncDispose]();
    assert((await Deno.stat(path)).size < 1_500_000);
  });
});

Deno.test("a topic that is missing is refused", async () => {
  await withBroker(async (broker) => {
    await assertRejects(() => broker.applyRetention("other", {}), BrokerError, `"other": no such topic`);
  });
});

async function earliest(broker: EmbeddedBroker): Promise<readonly bigint[]> {
  return (await broker.topicOffsets("t")).map((partition) => partition.earliest);
}

/** A broker with one record of 10 kB for each of the last ten days; the last is half a day old. */
async function withBroker(work: (broker: EmbeddedBroker, path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/broker.db`;
    await using broker = await openEmbeddedBroker({ path, clock: () => NOW });
    await broker.ensureTopic("t", 1);
    const value = new Uint8Array(10_000);
    const times = Array.from({ length: 10 }, (_, index) => NOW - (9.5 - index) * DAY);
    await broker.publish("t", times.map((timestampMs) => ({ key: "k", value, headers: {}, timestampMs })));
    await work(broker, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
