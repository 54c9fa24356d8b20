import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import { frameOf, gatherColumns } from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import type { Fingerprint } from "../../lib/tables/fingerprint.ts";
import {
  columnsFingerprintsTag,
  fingerprintsIn,
  fingerprintsOf,
  fingerprintsTag,
} from "../../lib/tables/fingerprint_tag.ts";
import { landingColumns } from "../../lib/validate/landing_columns.ts";
import { packChunk } from "../../lib/validate/packed_chunk.ts";
import { LANDING_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { fakeAdd } from "../delta/test_context.ts";

const TOPICS = ["trains", "other"];

interface Message {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number | null;
  readonly value: string | null;
}

Deno.test("a file carries the first and the last message of each partition, of each topic, as they are in it", () => {
  const random = seededRandom(21);
  for (let round = 0; round < 30; round++) {
    const messages = someMessages(random);
    const add = { ...fakeAdd("file"), tags: fingerprintsTag(frameOfMessages(messages)) };
    for (const topic of [...TOPICS, "third"]) {
      assertEquals(inOrder(fingerprintsOf(add, topic)), inOrder(endsOf(messages, topic)));
    }
    // Without a tag each row has its own.
    const each = messages.flatMap((message) => endsOf([message], message.topic));
    assertEquals(fingerprintsIn(frameOfMessages(messages)), each);
  }
});

Deno.test("columns of landing carry the same", () => {
  const random = seededRandom(22);
  for (let round = 0; round < 30; round++) {
    const messages = someMessages(random).map((message) => {
      return { ...message, topic: "trains", timestampMs: message.timestampMs ?? 5 };
    });
    const columns = gatherColumns(messages.map((message) => columnsOf(message)));
    const add = { ...fakeAdd("file"), tags: columnsFingerprintsTag(columns) };
    assertEquals(fingerprintsOf(add, "trains"), endsOf(messages, "trains"));
    assertEquals(columnsFingerprintsTag(columns), fingerprintsTag(frameOfMessages(messages)));
  }
});

/** A chunk of one message. */
function columnsOf({ partition, offset, value, timestampMs }: Message) {
  const record = {
    offset: BigInt(offset),
    timestampMs: timestampMs ?? 0,
    key: null,
    value: value === null ? null : new TextEncoder().encode(value),
    headers: {},
  };
  const chunk = packChunk({ partition, records: [record], nextOffset: 0n, sizeBytes: 0 });
  return { columns: landingColumns(chunk, "trains", new Uint8Array(1)), from: 0, to: 1 };
}

Deno.test("a tag that is no list of fingerprints, and a file without one, have none", () => {
  assertEquals(fingerprintsOf(fakeAdd("file"), "trains"), []);
  const good = { topic: "trains", partition: 0, offset: "5", timestampMs: 1, hash: null };
  const tags = (value: unknown) => ({ "ratalake.fingerprints": JSON.stringify(value) });
  assertEquals(fingerprintsOf({ ...fakeAdd("file"), tags: tags([good]) }, "trains").length, 1);
  for (
    const wrong of [
      null,
      {},
      "x",
      [5],
      [{ ...good, offset: 5 }],
      [{ ...good, offset: "-5" }],
      [{ ...good, offset: "12345678901234567890" }],
      [{ ...good, partition: 0.5 }],
      [good, { ...good, hash: 7 }],
    ]
  ) {
    assertEquals(fingerprintsOf({ ...fakeAdd("file"), tags: tags(wrong) }, "trains"), []);
  }
  assertEquals(fingerprintsOf({ ...fakeAdd("file"), tags: { "ratalake.fingerprints": "{" } }, "trains"), []);
});

/** Written down anew: nothing is told of a message whose time another writer has left out. */
function endsOf(messages: readonly Message[], topic: string): readonly Fingerprint[] {
  const mine = messages.filter((message) => message.topic === topic);
  const isEnd = ({ partition, offset }: Message) => {
    const others = mine.filter((other) => other.partition === partition).map((other) => other.offset);
    return offset === Math.min(...others) || offset === Math.max(...others);
  };
  return mine.filter(isEnd).flatMap(({ partition, offset, timestampMs, value }) => {
    if (timestampMs === null) return [];
    const isText = value !== null && !value.startsWith("\ufeff");
    const hash = isText ? createHash("sha256").update(value).digest("hex").slice(0, 16) : null;
    return [{ partition, offset: BigInt(offset), timestampMs, hash }];
  });
}

function someMessages(random: Random): readonly Message[] {
  const size = 1 + Math.floor(random() * 12);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: size }, (_, offset) => ({
    topic: pick(TOPICS),
    partition: pick([0, 1, 2]),
    offset,
    timestampMs: pick([null, -1, 0, 1_700_000_000_123]),
    value: pick([null, "", "{}", "\ufeff{}", "Jyväskylä"]),
  })).toSorted(() => random() - 0.5);
}

function frameOfMessages(messages: readonly Message[]) {
  return frameOf(
    messages.map(({ topic, partition, offset, timestampMs, value }) => ({
      jsonValue: value,
      kafkaMessageTimestamp: timestampMs === null ? null : new Date(timestampMs),
      kafkaTopic: topic,
      kafkaPartition: partition,
      kafkaOffset: BigInt(offset),
    })),
    LANDING_SCHEMA,
  );
}

function inOrder(found: readonly Fingerprint[]): readonly string[] {
  return found.map(({ partition, offset, timestampMs, hash }) =>
    `${partition}/${offset} ${timestampMs} ${hash}`
  )
    .sort();
}
