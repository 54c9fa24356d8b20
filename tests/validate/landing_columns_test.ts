/** The landing rows of a chunk, message by message: what came is what stands there, bytes that are no text as null. */
import { assertEquals } from "@std/assert";
import type { LogRecord } from "../../lib/broker/broker.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { encodeTrainMessage } from "../../lib/train/train_message.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { frameRows } from "../delta/frame_rows.ts";
import { landingFrame, quarantineRows } from "./chunk_frames.ts";

const encoder = new TextEncoder();
const FETCHED_MS = Date.UTC(2025, 1, 17, 5);
const { headers: HEADERS } = encodeTrainMessage(encoder.encode("{}"), {
  identity: null,
  origin: { source: "test", fetchedAtMs: FETCHED_MS },
});

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

const VALUES = [null, "", "{}", "ä 😈", Uint8Array.of(0xff)];
const KEYS = [null, "", "key", "ä"];

/** A record of every kind there is, by chance; or, when all is `plain`, of the one that nearly all are of. */
function randomRecord(random: Random, offset: bigint, isPlain: boolean): LogRecord {
  const value = isPlain ? pick(random, ["", "{}", "ä"]) : pick(random, VALUES);
  const keyBytes = !isPlain && random() < 0.3 ? { keyBytes: Uint8Array.of(0xfe, Number(offset) % 5) } : {};
  return {
    offset,
    timestampMs: pick(random, [0, -1, FETCHED_MS + 1]),
    key: "keyBytes" in keyBytes ? null : pick(random, KEYS),
    ...keyBytes,
    value: typeof value === "string" ? encoder.encode(value) : value,
    headers: pick(random, isPlain ? [HEADERS, {}] : [HEADERS, {}, { sourceEpoch: "7" }]),
  };
}

function textOf(value: Uint8Array | null): string | null {
  if (value === null || value.length === 1 && value[0] === 0xff) return null;
  return new TextDecoder().decode(value);
}

Deno.test("every message lands as it came: its place, its time, its key or the key's bytes, its text", async () => {
  const random = seededRandom(43);
  for (let round = 0; round < 60; round++) {
    const records = Array.from(
      { length: Math.floor(random() * 20) },
      (_, i) => randomRecord(random, BigInt(7 + i * 2), round % 3 === 0),
    );
    const source = (async function* () {
      yield await Promise.resolve({ partition: 3, records, nextOffset: 99n, sizeBytes: 1 });
    })();
    const options = { topic: "trains", aheadBytes: 0, monotonic: () => 0 };
    const [chunk] = await Array.fromAsync(validateChunks(source, options));
    assertEquals(
      chunk === undefined ? [] : [...frameRows(landingFrame(chunk.landing))],
      records.map((record) => ({
        jsonValue: textOf(record.value),
        kafkaMessageTimestamp: BigInt(record.timestampMs) * 1000n,
        kafkaTopic: "trains",
        kafkaPartition: 3,
        kafkaOffset: record.offset,
        messageKey: record.key,
        fetchedAt: record.headers === HEADERS ? BigInt(FETCHED_MS) * 1000n : null,
        messageKeyBytes: record.keyBytes ? [...record.keyBytes] : null,
        sourceEpoch: record.headers.sourceEpoch === undefined ? null : 7,
      })),
    );
    const rejected = quarantineRows(chunk?.quarantine ?? {}).map((row) => {
      const { kafkaOffset: offset, messageKey: key, messageKeyBytes: keyBytes, rawValue, fetchedAt } = row;
      return { offset, key, keyBytes, rawValue, fetchedAt };
    });
    // None of them is a train.
    assertEquals(chunk?.rows ?? null, null);
    assertEquals(
      rejected,
      records.map(({ offset, key, keyBytes = null, value, headers }) => {
        return {
          offset,
          key,
          keyBytes,
          rawValue: value,
          fetchedAt: headers === HEADERS ? BigInt(FETCHED_MS) * 1000n : null,
        };
      }),
    );
  }
});
