/**
 * Each landing file carries the fingerprints of its first and last messages as a tag of its `add` action, so that the
 * log is known again without reading a file.
 */
import { hash } from "node:crypto";
import { pl } from "../packages/polars.ts";
import { z } from "zod";
import { type Add, type Frame, frameRows, type Row, tableSchema } from "../delta/mod.ts";
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
    hash: typeof jsonValue === "string" ? hashText(jsonValue) : null,
  };
}

/** As `hashValue` does of its bytes, but at once. */
function hashText(value: string): string {
  return hash("sha256", value).slice(0, 16);
}
