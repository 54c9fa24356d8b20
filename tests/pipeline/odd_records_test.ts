/** Records of foreign producers through process: all land, and no two keys land as the same. */

import { assertEquals } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { readMessages } from "../../lib/landing/read_messages.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { putOddRecords } from "../broker/embedded/put_odd_records.ts";
import { oddRecords, readBack } from "../contract/odd_records.ts";
import { FIRST_ROUND_MS } from "./made_up_log.ts";
import { memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { rowsOf } from "./table_content.ts";

const RECORDS = oddRecords(200);
const [FIRST_MICROS, LAST_MICROS] = [-62_135_596_800_000_000n, 253_402_300_799_000_000n];

/** The tables after two runs, the second with nothing to do. */
async function ingest(): Promise<StoreOf> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-odd-" });
  const path = `${folder}/broker.db`;
  await putOddRecords(path, TOPIC, RECORDS);
  const storeOf = memoryFolder();
  {
    await using broker = await openEmbeddedBroker({ path, clock: () => FIRST_ROUND_MS, isSynced: false });
    for (const landed of [RECORDS.length, 0]) {
      const { messages } = await runProcess({ broker, storeOf, chunkBytes: 300 });
      assertEquals(messages, landed);
    }
  }
  await Deno.remove(folder, { recursive: true });
  return storeOf;
}

async function openMessages(storeOf: StoreOf, name: "landing" | "quarantine"): Promise<TopicTable> {
  const context = { clock: () => 0, ids: () => crypto.randomUUID() };
  return new TopicTable(await openTable(storeOf(TABLE_PATHS[name]), context), { name, topic: TOPIC });
}

Deno.test("every odd record lands and is in quarantine, its key whole, its time the nearest of the calendar", async () => {
  const storeOf = await ingest();
  for (const name of ["landing", "quarantine"] as const) {
    const rows = await rowsOf((await openMessages(storeOf, name)).delta);
    const byOffset = rows.toSorted((a, b) => Number(a.kafkaOffset) - Number(b.kafkaOffset));
    assertEquals(byOffset.length, RECORDS.length);
    for (const [index, record] of RECORDS.entries()) {
      const { key, keyBytes = null, timestampMs } = readBack(record);
      const row = byOffset[index];
      // The reader of these tests drops a byte order mark; delta-rs, in the interop tests, does not.
      assertEquals(row?.messageKey, key?.replace(/^\ufeff/, "") ?? null);
      assertEquals(row?.messageKeyBytes, keyBytes && [...keyBytes]);
      const micros = BigInt(Math.trunc(timestampMs)) * 1000n;
      const nearest = micros < FIRST_MICROS ? FIRST_MICROS : micros > LAST_MICROS ? LAST_MICROS : micros;
      assertEquals(row?.kafkaMessageTimestamp, nearest);
    }
  }
});

Deno.test("landing gives the keys back as the broker did", async () => {
  const storeOf = await ingest();
  const tables = {
    landing: await openMessages(storeOf, "landing"),
    quarantine: await openMessages(storeOf, "quarantine"),
  };
  const range = { partition: 0, from: 0n, to: BigInt(RECORDS.length) };
  const chunks = await Array.fromAsync(readMessages(tables, [range]));
  const found = chunks.flatMap(({ records }) => records.map(({ key, keyBytes }) => [key, keyBytes]));
  assertEquals(found, RECORDS.map(readBack).map(({ key, keyBytes }) => [key, keyBytes]));
});
