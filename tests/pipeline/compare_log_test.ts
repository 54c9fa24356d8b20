/** Whether a log is the one that some messages were read from, beside the rule in plain words. */
import { assertEquals, assertRejects } from "@std/assert";
import type { LogRecord } from "../../lib/broker/broker.ts";
import { OffsetOutOfRangeError } from "../../lib/errors.ts";
import { compareLog, takeFingerprints } from "../../lib/pipeline/compare_log.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { type Fingerprint, hashValue } from "../../lib/tables/fingerprint.ts";
import { MadeUpBroker } from "./made_up_broker.ts";

const NOW_MS = Date.UTC(2025, 1, 17, 5);
const TOPIC = "trains";

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** Two partitions of few offsets, gaps among them, the oldest expired. */
function randomLog(random: Random): MadeUpBroker {
  const broker = new MadeUpBroker(2);
  for (const partition of broker.partitions) {
    const length = Math.floor(random() * 8);
    for (let i = 0; i < length; i++) {
      const value = random() < 0.2 ? null : Uint8Array.of(i);
      const record: LogRecord = { offset: BigInt(i), timestampMs: NOW_MS + i, key: null, value, headers: {} };
      partition.entries.push(random() < 0.25 ? null : record);
    }
    partition.earliest = Math.floor(random() * (length + 1));
  }
  return broker;
}

/** Mostly a message as it stands there, or with a time or content that may be another, or of nowhere at all. */
async function randomFingerprint(random: Random, { partitions }: MadeUpBroker): Promise<Fingerprint> {
  const partition = pick(random, [0, 1, 2]);
  const offset = Math.floor(random() * 9);
  const value = partitions[partition]?.entries[offset]?.value ?? null;
  return {
    partition,
    offset: BigInt(offset),
    timestampMs: NOW_MS + offset + pick(random, [0, 0, 0, 999, -999, 1000, -1000]),
    hash: pick(random, [await hashValue(value), await hashValue(value), null, "0123456789abcdef"]),
  };
}

async function expectedOutcome(
  { partitions }: MadeUpBroker,
  fingerprints: readonly Fingerprint[],
): Promise<string> {
  const seen = await Promise.all(fingerprints.map(async ({ partition, offset, timestampMs, hash }) => {
    const log = partitions[partition];
    const place = Number(offset);
    if (log === undefined || place < log.earliest || place >= log.entries.length) return null;
    const record = log.entries[place] ?? null;
    if (record === null) return "missing";
    const isOther = Math.abs(record.timestampMs - timestampMs) >= 1000 ||
      hash !== null && hash !== await hashValue(record.value);
    return isOther ? "other" : "same";
  }));
  if (seen.includes("other")) return "other";
  if (seen.includes("same")) return "same";
  return seen.includes("missing") ? "other" : "unknown";
}

Deno.test("a log is the same, another or unknown as each message says by place, time and content", async () => {
  const random = seededRandom(31);
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 2000; round++) {
    const broker = randomLog(random);
    const fingerprints: Fingerprint[] = [];
    for (let left = Math.floor(random() * 5); left > 0; left--) {
      fingerprints.push(await randomFingerprint(random, broker));
    }
    // A message is asked for once.
    const once = [
      ...new Map(fingerprints.map((each) => [`${each.partition}/${each.offset}`, each])).values(),
    ];
    const log = { broker, topic: TOPIC, offsets: await broker.topicOffsets() };
    const found = await compareLog(log, once);
    assertEquals([round, found.outcome], [round, await expectedOutcome(broker, once)]);
    if (found.outcome === "other") {
      // What is said to stand there does.
      const { expected: { partition, offset } } = found;
      assertEquals(found.found, broker.partitions[partition]?.entries[Number(offset)] ?? null);
    }
    outcomes.set(found.outcome, (outcomes.get(found.outcome) ?? 0) + 1);
  }
  assertEquals([...outcomes.values()].every((count) => count > 100), true);
});

Deno.test("what retention takes after the offsets were asked for is not compared, and makes no log another one", async () => {
  const random = seededRandom(33);
  let moved = 0;
  for (let round = 0; round < 1000; round++) {
    const broker = randomLog(random);
    const fingerprints = [await randomFingerprint(random, broker), await randomFingerprint(random, broker)];
    const log = { broker, topic: TOPIC, offsets: await broker.topicOffsets() };
    for (const partition of broker.partitions) {
      const left = partition.entries.length - partition.earliest;
      partition.earliest += Math.floor(random() * (left + 1));
    }
    const before = log.offsets.filter(({ earliest, partition }) =>
      fingerprints.some((each) => each.partition === partition && each.offset >= earliest)
    );
    if (
      before.some(({ earliest, partition }) => broker.partitions[partition]?.earliest !== Number(earliest))
    ) {
      moved++;
    }
    const { outcome } = await compareLog(log, fingerprints);
    assertEquals([round, outcome], [round, await expectedOutcome(broker, fingerprints)]);
  }
  assertEquals(moved > 100, true);
});

Deno.test("a log that says one thing of its offsets and another when it is read is an error, not asked for ever", async () => {
  const broker = new MadeUpBroker(1);
  broker.partitions[0]?.entries.push(null);
  const offsets = [{ partition: 0, earliest: 0n, end: 9n }];
  broker.topicOffsets = () => Promise.resolve(offsets);
  const expected = [{ partition: 0, offset: 5n, timestampMs: NOW_MS, hash: null }];
  await assertRejects(() => compareLog({ broker, topic: TOPIC, offsets }, expected), OffsetOutOfRangeError);
});

Deno.test("the messages to know a log by are the first from the middle of each partition on, as they stand there", async () => {
  const random = seededRandom(32);
  for (let round = 0; round < 300; round++) {
    const broker = randomLog(random);
    const middles = broker.partitions.map(async ({ earliest, entries }, partition) => {
      const middle = earliest + Math.floor((entries.length - earliest) / 2);
      const record = entries.slice(middle).find((entry) => entry !== null);
      if (!record) return null;
      const { offset, timestampMs, value } = record;
      return { partition, offset, timestampMs, hash: await hashValue(value) };
    });
    const expected = (await Promise.all(middles)).filter((each) => each !== null);
    assertEquals(await takeFingerprints({ broker, topic: TOPIC }), expected);
    const log = { broker, topic: TOPIC, offsets: await broker.topicOffsets() };
    const { outcome } = await compareLog(log, expected);
    assertEquals(outcome, expected.length > 0 ? "same" : "unknown");
  }
});
