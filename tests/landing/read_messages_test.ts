import { assertEquals } from "@std/assert";
import type { Broker, Chunk, LogRecord } from "../../lib/broker/broker.ts";
import { appendFile, openTable, optimizeTable } from "../../lib/delta/mod.ts";
import { readMessages } from "../../lib/landing/read_messages.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { makeLog } from "../pipeline/made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "../pipeline/process_rig.ts";
import { type Landed, landedRow, openTables, TOPIC as LANDING_TOPIC } from "./landing_rig.ts";
import { rounds } from "../rounds.ts";

const LOG = makeLog({ trains: 6 });
const CONTEXT = { clock: () => 0, ids: () => crypto.randomUUID() };

async function openBoth(storeOf: StoreOf) {
  const open = async (name: "landing" | "quarantine") =>
    new TopicTable(await openTable(storeOf(TABLE_PATHS[name]), CONTEXT), { name, topic: TOPIC });
  return { landing: await open("landing"), quarantine: await open("quarantine") };
}

/** What matters of a record further on; headers are not kept. */
function seen({ offset, timestampMs, key, value }: LogRecord): string {
  return JSON.stringify([String(offset), timestampMs, key, value && [...value]]);
}

function recordsOf(chunks: readonly Chunk[]): readonly string[] {
  return chunks.flatMap(({ partition, records }) => records.map((record) => `${partition} ${seen(record)}`))
    .sort();
}

async function logOf(broker: Broker): Promise<readonly string[]> {
  const ranges = (await broker.topicOffsets(TOPIC)).map(({ partition, end }) => ({
    partition,
    from: 0n,
    to: end,
  }));
  return recordsOf(await Array.fromAsync(broker.read(TOPIC, ranges)));
}

Deno.test("landing gives back every message byte for byte: bad ones, empty ones, no UTF-8 and byte order marks", async () => {
  await using broker = await brokerWith(LOG, 2);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder, chunkBytes: 30_000, maxBatchBytes: 30_000 });
  const tables = await openBoth(folder);
  const ranges = (await broker.topicOffsets(TOPIC)).map(({ partition, end }) => ({
    partition,
    from: 0n,
    to: end,
  }));
  const expected = await logOf(broker);
  assertEquals(recordsOf(await Array.fromAsync(readMessages(tables, ranges))), expected);
  // Another engine, or maintenance, may have made one file of many.
  const { filesRemoved } = await optimizeTable(tables.landing.delta, { minFiles: 2 });
  assertEquals(filesRemoved > 2, true);
  assertEquals(recordsOf(await Array.fromAsync(readMessages(tables, ranges))), expected);
});

Deno.test("a range gives its own messages only, in order, and its last chunk ends where the range ends", async () => {
  await using broker = await brokerWith(LOG, 1);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder, chunkBytes: 30_000, maxBatchBytes: 30_000 });
  const tables = await openBoth(folder);
  const random = seededRandom(95);
  for (let round = 0; round < rounds(8); round++) {
    const from = Math.floor(random() * (LOG.length - 1)),
      to = from + 1 + Math.floor(random() * (LOG.length - from - 1));
    const chunks = await Array.fromAsync(
      readMessages(tables, [{ partition: 0, from: BigInt(from), to: BigInt(to) }]),
    );
    const offsets = chunks.flatMap(({ records }) => records.map(({ offset }) => Number(offset)));
    assertEquals(offsets, Array.from({ length: to - from }, (_, i) => from + i));
    assertEquals(chunks.at(-1)?.nextOffset, BigInt(to));
  }
});

Deno.test("a range without messages gives none", async () => {
  await using broker = await brokerWith(LOG, 1);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder });
  const range = { partition: 0, from: BigInt(LOG.length), to: BigInt(LOG.length + 3) };
  assertEquals(await Array.fromAsync(readMessages(await openBoth(folder), [range])), []);
});

Deno.test("however offsets lie in files, they come back in order: each file's own, interleaved, all mixed, with other partitions", async () => {
  for (let seed = 1; seed <= rounds(12); seed++) {
    const random = seededRandom(seed, 4);
    const tables = await openTables();
    const files = 1 + Math.floor(random() * 4), spread = seed % 4;
    const messages = Array.from({ length: 24 }, (_, i): Landed => ({
      partition: i % 2,
      offset: i + 2,
      value: random() < 0.2 ? "" : `{"n":${i}}`,
      key: random() < 0.5 ? null : `key ${i}`,
      ...(random() < 0.2 ? { key: null, keyBytes: new Uint8Array([255, i]) } : {}),
    }));
    // From "one file after the other" to "anywhere".
    const fileOf = ({ offset }: Landed) =>
      Math.min(files - 1, Math.max(0, Math.floor((offset - 2) / 24 * files + (random() - 0.5) * spread)));
    const groups = [...Map.groupBy(messages, fileOf).values()].toSorted(() => random() - 0.5);
    for (const rows of groups) await appendRows(tables.landing, rows);
    // Its statistics say that it may have any offset of any partition, and it has none that is asked for.
    await appendRows(tables.landing, [{ partition: 0, offset: 1 }, { partition: 1, offset: 90 }]);
    await appendRows(tables.landing, [{ partition: 1, offset: 3, topic: "other" }]);
    for (const partition of [0, 1]) {
      const mine = messages.filter((message) => message.partition === partition);
      const range = { partition, from: 3n, to: 21n };
      const chunks = await Array.fromAsync(readMessages(tables, [range]));
      const expected = mine.filter(({ offset }) => offset >= 3 && offset < 21).map(recordOf);
      assertEquals(chunks.flatMap(({ records }) => records), expected, `seed ${seed}`);
    }
  }
});

Deno.test("values that are no text come from quarantine, a tombstone is null, and the others are as they landed", async () => {
  const tables = await openTables();
  await appendRows(tables.landing, [
    { partition: 0, offset: 0, value: null },
    { partition: 0, offset: 1, value: "text" },
    { partition: 0, offset: 2, value: null },
    { partition: 0, offset: 3, value: null },
  ]);
  const raw = [{ offset: 0, rawValue: new Uint8Array([255]) }, { offset: 2, rawValue: null }];
  await appendFile(
    tables.quarantine.delta,
    await tables.quarantine.delta.stageRows(raw.map(({ offset, rawValue }) => ({
      rawValue,
      kafkaTopic: LANDING_TOPIC,
      kafkaPartition: 0,
      kafkaOffset: BigInt(offset),
    }))),
    { rows: 2 },
  );
  const [chunk] = await Array.fromAsync(readMessages(tables, [{ partition: 0, from: 0n, to: 4n }]));
  const { store } = tables.quarantine.delta;
  store.read = () => Promise.reject(new Error("not to be read"));
  const text = await Array.fromAsync(readMessages(tables, [{ partition: 0, from: 1n, to: 2n }]));
  assertEquals(text.map(({ records }) => records.length), [1]);
  const values = chunk?.records.map(({ value }) => value && [...value]);
  assertEquals([values, chunk?.sizeBytes], [[[255], [...new TextEncoder().encode("text")], null, null], 5]);
});

Deno.test("chunks are full at 4096 messages or 4 MiB, whichever comes first, and only the last is smaller", async () => {
  const mebibyte = "x".repeat(1 << 20);
  const cases: readonly (readonly [count: number, value: string | null, sizes: readonly number[]])[] = [
    [4096, "", [4096]],
    [4097, "", [4096, 1]],
    [8193, null, [4096, 4096, 1]],
    [3, mebibyte, [3]],
    [4, mebibyte, [4]],
    [9, mebibyte, [4, 4, 1]],
    [5, mebibyte.slice(1), [5]],
  ];
  for (const [count, value, sizes] of cases) {
    const tables = await openTables();
    await appendRows(
      tables.landing,
      Array.from({ length: count }, (_, offset) => ({ partition: 0, offset, value })),
    );
    const range = { partition: 0, from: 0n, to: BigInt(count) };
    const chunks = await Array.fromAsync(readMessages(tables, [range]));
    assertEquals(chunks.map(({ records }) => records.length), sizes);
    let next = 0;
    for (const { records, nextOffset, sizeBytes } of chunks) {
      next += records.length;
      assertEquals([nextOffset, sizeBytes], [BigInt(next), records.length * (value ?? "").length]);
    }
  }
});

async function appendRows({ delta }: TopicTable, messages: readonly Landed[]): Promise<void> {
  await appendFile(delta, await delta.stageRows(messages.map(landedRow)), { rows: messages.length });
}

function recordOf({ offset, value, key = null, keyBytes }: Landed): LogRecord {
  return {
    offset: BigInt(offset),
    timestampMs: offset,
    key,
    ...(keyBytes === undefined ? {} : { keyBytes }),
    value: new TextEncoder().encode(value ?? ""),
    headers: {},
  };
}
