/** A chunk of many departure dates in parts: together they are the chunk, and each has few dates. */
import { assert, assertEquals } from "@std/assert";
import type { Chunk, LogRecord } from "../../lib/broker/broker.ts";
import { type Frame, rowCount } from "../../lib/delta/mod.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import type { ValidatedChunk } from "../../lib/validate/validate_chunk.ts";
import { daysOf, splitByDates } from "../../lib/validate/split_chunk.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { frameRows } from "../delta/frame_rows.ts";
import { landingFrame, quarantineRows, standardFrame } from "./chunk_frames.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const BASE = JSON.parse(decoder.decode(makeRound(1, 1, FIRST_ROUND_MS)[0]?.value ?? undefined));

/** Messages of random dates, bad ones and offsets without a message among them. */
async function randomChunk(seed: number): Promise<ValidatedChunk> {
  const random = seededRandom(seed, 40);
  const records: LogRecord[] = [];
  for (let i = 0, offset = 5n; i < 60; i++, offset += random() < 0.1 ? 3n : 1n) {
    const departureDate = new Date(Math.floor(random() * 30) * 86_400_000).toISOString().slice(0, 10);
    const rows = BASE.timeTableRows.slice(0, 2 + Math.floor(random() * 3));
    const train = { ...BASE, departureDate, trainNumber: i + 1, timeTableRows: rows, extra: 1 };
    const value = encoder.encode(random() < 0.2 ? "no train" : JSON.stringify(train));
    records.push({ offset, timestampMs: FIRST_ROUND_MS + i, key: null, value, headers: {} });
  }
  const sizeBytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  const chunk: Chunk = { partition: 0, records, nextOffset: (records.at(-1)?.offset ?? 0n) + 4n, sizeBytes };
  const chunks = (async function* () {
    yield await Promise.resolve(chunk);
  })();
  let seconds = 0;
  const options = { topic: "trains", aheadBytes: 0, monotonic: () => 1000 * seconds++ };
  const [validated] = await Array.fromAsync(validateChunks(chunks, options));
  assert(validated !== undefined);
  return validated;
}

function rowsOf(frames: readonly (Frame | null)[]): readonly string[] {
  return frames.flatMap((frame) => frame === null ? [] : [...frameRows(frame)])
    .map((row) => JSON.stringify(row, (_, value) => typeof value === "bigint" ? `${value}n` : value));
}

/** What each train of a chunk says of its rows, read through its span. */
function trainsOf({ spans, rows }: ValidatedChunk): readonly string[] {
  return spans.map(({ trainNumber, offset, firstRow, rowCount: count }) => {
    const numbers = standardFrame(rows)?.slice(firstRow, count).getColumn("trainNumber").toArray() ?? [];
    return `${offset} ${trainNumber} ${numbers.map(Number).join(",")}`;
  });
}

Deno.test("parts of a chunk follow each other without a hole and are together what the chunk was", async () => {
  for (let seed = 1; seed <= 2; seed++) {
    const chunk = await randomChunk(seed);
    const [landing, rows] = [rowsOf([landingFrame(chunk.landing)]), rowsOf([standardFrame(chunk.rows)])];
    for (const maxDates of [1, 7]) {
      const parts = splitByDates(chunk, maxDates);
      assert(parts.length > 1 && parts.every((part) => daysOf(part).size <= maxDates));
      assertEquals([parts[0]?.firstOffset, parts.at(-1)?.nextOffset], [chunk.firstOffset, chunk.nextOffset]);
      parts.slice(1).forEach((part, i) => assertEquals(part.firstOffset, parts[i]?.nextOffset));
      assertEquals(parts.reduce((sum, { messages }) => sum + messages, 0), chunk.messages);
      assertEquals(rowsOf(parts.map((part) => landingFrame(part.landing))), landing);
      assertEquals(rowsOf(parts.map((part) => standardFrame(part.rows))), rows);
      assertEquals(parts.flatMap(trainsOf), trainsOf(chunk));
      assertEquals(
        parts.flatMap(({ quarantine }) => quarantineRows(quarantine)),
        quarantineRows(chunk.quarantine),
      );
      assertEquals(parts.flatMap(({ drift }) => [...drift]), [...chunk.drift]);
      // Validation took as long as it took, whatever its result is cut into.
      assertEquals(parts.map(({ seconds }) => seconds), parts.map((_, i) => i === 0 ? 1 : 0));
      for (const { landing, messages, sizeBytes } of parts) {
        assertEquals([rowCount(landing), sizeBytes], [
          messages,
          Math.round(messages / chunk.messages * chunk.sizeBytes),
        ]);
      }
    }
  }
});

Deno.test("a chunk of few dates stays one", async () => {
  const chunk = await randomChunk(1);
  assertEquals(splitByDates(chunk, 30), [chunk]);
});

Deno.test("trains that are taken out of a chunk leave the others their rows", async () => {
  const whole = await randomChunk(4);
  const chunk = { ...whole, spans: whole.spans.filter((_, at) => at % 3 !== 1) };
  for (const maxDates of [1, 2, 7]) {
    assertEquals(splitByDates(chunk, maxDates).flatMap(trainsOf), trainsOf(chunk));
  }
});
