import { assertEquals } from "@std/assert";
import type { Broker, Chunk, LogRecord } from "../../lib/broker/broker.ts";
import { openTable, optimizeTable } from "../../lib/delta/mod.ts";
import { readMessages } from "../../lib/landing/read_messages.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { makeLog } from "../pipeline/made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "../pipeline/process_rig.ts";

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
  for (let round = 0; round < 8; round++) {
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
