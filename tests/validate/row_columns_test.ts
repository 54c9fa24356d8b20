/** The rows of accepted trains, column by column, beside the naive model: each value in its place, absent ones as null. */
import { assertEquals } from "@std/assert";
import type { Chunk, LogRecord } from "../../lib/broker/broker.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { frameRows } from "../delta/frame_rows.ts";
import { quarantineRows, standardFrame } from "./chunk_frames.ts";
import { NaivePipeline, type NaiveTrain } from "../pipeline/naive_pipeline.ts";

const encoder = new TextEncoder();

function textsOf(names: readonly string[], random: Random) {
  return Object.fromEntries(names.map((name) => [name, `${name[0]}${Math.floor(random() * 9)}ä`]));
}

function flagsOf(names: readonly string[], random: Random) {
  return Object.fromEntries(names.map((name) => [name, random() < 0.5]));
}

function numbersOf(names: readonly string[], random: Random) {
  return Object.fromEntries(names.map((name) => [name, Math.floor((random() - 0.5) * 2 ** 40)]));
}

/** Some of the fields are left out, some are null. */
function withHoles<T extends object>(fields: T, random: Random): Partial<T> {
  const kept = Object.entries(fields).filter(() => random() < 0.8);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, random() < 0.2 ? null : value]),
  ) as Partial<T>;
}

function timeOf(random: Random): string {
  return new Date(Math.floor(random() * 2 ** 41)).toISOString();
}

function randomCause(random: Random) {
  const codes = ["categoryCode", "detailedCategoryCode", "thirdCategoryCode"];
  return withHoles(
    { ...textsOf(codes, random), ...numbersOf(codes.map((name) => `${name}Id`), random) },
    random,
  );
}

function randomRow(random: Random) {
  return {
    ...withHoles({
      ...textsOf(["commercialTrack", "estimateSource", "stopSector"], random),
      ...flagsOf(["commercialStop", "unknownDelay", "unknownTrack"], random),
      ...numbersOf(["differenceInMinutes"], random),
      liveEstimateTime: timeOf(random),
      actualTime: random() < 0.2 ? "" : timeOf(random),
      causes: Array.from({ length: Math.floor(random() * 3) }, () => randomCause(random)),
      trainReady: withHoles({ source: "PHONE", accepted: random() < 0.5, timestamp: timeOf(random) }, random),
    }, random),
    ...textsOf(["stationShortCode", "countryCode"], random),
    ...flagsOf(["trainStopping", "cancelled"], random),
    ...numbersOf(["stationUICCode"], random),
    type: random() < 0.5 ? "ARRIVAL" : "DEPARTURE",
    scheduledTime: timeOf(random),
  };
}

function randomTrain(trainNumber: number, random: Random): NaiveTrain {
  const texts = ["trainType", "trainCategory", "commuterLineID", "timetableType", "timetableAcceptanceDate"];
  return {
    ...withHoles({
      ...textsOf(texts, random),
      ...flagsOf(["runningCurrently", "cancelled", "deleted"], random),
      ...numbersOf(["operatorUICCode"], random),
    }, random),
    trainNumber,
    departureDate: timeOf(random).slice(0, 10),
    operatorShortCode: `o${Math.floor(random() * 3)}`,
    version: Math.floor(random() * 2 ** 50),
    timeTableRows: Array.from({ length: 2 + Math.floor(random() * 4) }, () => randomRow(random)),
  };
}

/** As text with the fields in one order, those of structs too. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join()}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{${Object.entries(value).map(([name, field]) => `${name}: ${shown(field)}`).sort().join()}}`;
}

Deno.test("every column of every row holds what the train says, null where it says nothing, chunk after chunk", async () => {
  const random = seededRandom(44);
  for (let round = 0, offset = 2n ** 53n; round < 6; round++) {
    const naive = new NaivePipeline("trains");
    const records: LogRecord[] = Array.from({ length: round * 5 }, (_, i) => {
      // Some are of the right shape, and no trains all the same.
      const isGood = random() < 0.8;
      const train = randomTrain(isGood ? i + 1 : 0, random);
      const value = encoder.encode(JSON.stringify(train));
      const place = { offset: offset++, timestampMs: Math.floor(random() * 2 ** 41), key: null, value };
      const meaning = isGood ? { train } : { reason: "out_of_range" };
      // Most chunks know of none, and so do the first trains of those that do.
      const sourceEpoch = round % 3 === 2 && i > 3 ? i % 3 : 0;
      naive.ingest({ partition: 5, ...place, sourceEpoch, meaning });
      return { ...place, headers: { sourceEpoch: String(sourceEpoch) } };
    });
    const chunk: Chunk = { partition: 5, records, nextOffset: offset, sizeBytes: 1 };
    const source = (async function* () {
      yield await Promise.resolve(chunk);
    })();
    const options = { topic: "trains", aheadBytes: 0, monotonic: () => 0 };
    const [validated] = await Array.fromAsync(validateChunks(source, options));
    const found = standardFrame(validated?.rows ?? null);
    const rows = found === null ? [] : frameRows(found);
    assertEquals(
      quarantineRows(validated?.quarantine ?? {}).map((
        { kafkaOffset, reasonCode },
      ) => [kafkaOffset, reasonCode]),
      naive.quarantine.map(({ kafkaOffset, reasonCode }) => [kafkaOffset, reasonCode]),
    );
    assertEquals(rows.map(shown), naive.standard.map(shown));
  }
});
