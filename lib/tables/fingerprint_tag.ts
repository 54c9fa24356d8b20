/**
 * Each landing file carries the fingerprints of its first and last messages as a tag of its `add` action, so that the
 * log is known again without reading a file.
 */
import { hash } from "node:crypto";
import { pl } from "../packages/polars.ts";
import { z } from "../packages/zod.ts";
import type { Add, Columns, Frame, Row } from "../delta/mod.ts";
import { frameRows, longsOf, rowCount, tableSchema } from "../delta/reading.ts";
import type { Fingerprint } from "./fingerprint.ts";

const TAG = "ratalake.fingerprints";

const storedFingerprints = z.array(z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.string().regex(/^\d{1,19}$/),
  timestampMs: z.number(),
  hash: z.string().nullable(),
}));

type StoredFingerprint = z.infer<typeof storedFingerprints>[number];

const { fields: FIELDS } = tableSchema({
  kafkaTopic: "string",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  kafkaMessageTimestamp: "timestamp",
  jsonValue: "string",
});

/** The tag for a landing file with these rows: the first and the last message of each partition. */
export function fingerprintsTag(rows: Frame): Readonly<Record<string, string>> {
  const offset = pl.col("kafkaOffset");
  const isEnd = offset.eq(offset.min().over("kafkaTopic", "kafkaPartition")).or(
    offset.eq(offset.max().over("kafkaTopic", "kafkaPartition")),
  );
  return { [TAG]: JSON.stringify(storedFrom(rows.filter(isEnd))) };
}

/** The same tag for rows as columns of one topic. */
export function columnsFingerprintsTag(rows: Columns): Readonly<Record<string, string>> {
  const ends = new Map<number, { first: number; last: number }>();
  const { topic, partitions, offsets } = placesOf(rows);
  for (let row = 0, count = rowCount(rows); row < count; row++) {
    const partition = partitions[row] ?? 0, offset = offsets[row] ?? 0n;
    const mine = ends.get(partition);
    if (mine === undefined) ends.set(partition, { first: row, last: row });
    else if (offset < (offsets[mine.first] ?? 0n)) mine.first = row;
    else if (offset > (offsets[mine.last] ?? 0n)) mine.last = row;
  }
  const chosen = new Set([...ends.values()].flatMap(({ first, last }) => [first, last]));
  const stored = [...chosen].sort((a, b) => a - b).map((row): StoredFingerprint => ({
    topic,
    partition: partitions[row] ?? 0,
    offset: String(offsets[row]),
    ...contentAt(rows, row),
  }));
  return { [TAG]: JSON.stringify(stored) };
}

function placesOf({ kafkaTopic, kafkaPartition, kafkaOffset }: Columns) {
  if (kafkaTopic?.kind !== "words" || kafkaPartition?.kind !== "int32" || kafkaOffset?.kind !== "int64") {
    throw new TypeError("Cannot tell messages: found no columns of their places, expected those of landing");
  }
  const offsets = longsOf(kafkaOffset);
  return { topic: kafkaTopic.words[0] ?? "", partitions: kafkaPartition.values, offsets };
}

function contentAt({ kafkaMessageTimestamp: time, jsonValue: value }: Columns, row: number) {
  if (time?.kind !== "int64" || value?.kind !== "bytes") {
    throw new TypeError("Cannot tell messages: found no columns of their content, expected those of landing");
  }
  const micros = longsOf(time)[row] ?? 0n;
  const bytes = value.bytes.subarray(value.ends[row], value.ends[row + 1]);
  const isTold = (value.present === null || value.present[row] === 1) && !startsWithMark(bytes);
  return { timestampMs: Number(micros / 1000n), hash: isTold ? hashNow(bytes) : null };
}

function startsWithMark([a, b, c]: Uint8Array): boolean {
  return a === 0xef && b === 0xbb && c === 0xbf;
}

/** A fingerprint of each row of landing; rows in which another writer has left out where or when have none. */
export function fingerprintsIn(rows: Frame): readonly Fingerprint[] {
  return storedFrom(rows).map(restored);
}

/** What a landing file carries of a topic; empty when it carries none: others wrote it, or version 0.1.0. */
export function fingerprintsOf({ tags }: Add, topic: string): readonly Fingerprint[] {
  try {
    return storedFingerprints.parse(JSON.parse(tags?.[TAG] ?? "[]"))
      .filter((each) => each.topic === topic)
      .map(restored);
  } catch {
    return [];
  }
}

function restored({ topic: _, offset, ...rest }: StoredFingerprint): Fingerprint {
  return { ...rest, offset: BigInt(offset) };
}

function storedFrom(rows: Frame): readonly StoredFingerprint[] {
  // Readers of Arrow drop a byte order mark from the start of a text, so its bytes cannot be told here.
  const startsWithMark = pl.col("jsonValue").str.startsWith("\ufeff");
  const value = pl.when(startsWithMark).then(pl.lit(null)).otherwise(pl.col("jsonValue")).alias("jsonValue");
  const narrow = rows.select(...FIELDS.map(({ name }) => name)).withColumn(value);
  return Array.from(frameRows(narrow, FIELDS), storedOf).filter((each) => each !== null);
}

/** Null when another writer has left out what tells where and when. */
function storedOf(row: Row): StoredFingerprint | null {
  const { kafkaTopic, kafkaPartition, kafkaOffset, kafkaMessageTimestamp: micros, jsonValue } = row;
  if (typeof micros !== "bigint" || typeof kafkaOffset !== "bigint") return null;
  return {
    topic: String(kafkaTopic),
    partition: Number(kafkaPartition),
    offset: String(kafkaOffset),
    timestampMs: Number(micros / 1000n),
    hash: typeof jsonValue === "string" ? hashNow(jsonValue) : null,
  };
}

/** As `hashValue` does of its bytes, but at once. */
function hashNow(value: string | Uint8Array): string {
  return hash("sha256", value).slice(0, 16);
}
