/**
 * Each landing file carries the fingerprints of its first and last messages as a tag of its `add` action, so that the
 * log is known again without reading a file.
 */
import pl from "nodejs-polars";
import { z } from "zod";
import { type Add, type Frame, frameRows, type Row, tableSchema } from "../delta/mod.ts";
import { type Fingerprint, hashValue } from "./fingerprint.ts";

const TAG = "ratalake.fingerprints";

const storedFingerprints = z.array(z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.string().regex(/^\d{1,19}$/),
  timestampMs: z.number(),
  hash: z.string().nullable(),
}));

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
  // Readers of Arrow drop a byte order mark from the start of a text, so its bytes cannot be told here.
  const startsWithMark = pl.col("jsonValue").str.startsWith("\ufeff");
  const value = pl.when(startsWithMark).then(pl.lit(null)).otherwise(pl.col("jsonValue")).alias("jsonValue");
  const ends = rows.select(...FIELDS.map(({ name }) => name)).filter(isEnd).withColumn(value);
  const stored = Array.from(frameRows(ends, FIELDS), storedOf).filter((each) => each !== null);
  return { [TAG]: JSON.stringify(stored) };
}

/** What a landing file carries of a topic; empty when it carries none: others wrote it, or version 0.1.0. */
export function fingerprintsOf({ tags }: Add, topic: string): readonly Fingerprint[] {
  try {
    return storedFingerprints.parse(JSON.parse(tags?.[TAG] ?? "[]"))
      .filter((each) => each.topic === topic)
      .map(({ topic: _, offset, ...rest }) => ({ ...rest, offset: BigInt(offset) }));
  } catch {
    return [];
  }
}

/** Null when another writer has left out what tells where and when. */
function storedOf(row: Row): z.infer<typeof storedFingerprints>[number] | null {
  const { kafkaTopic, kafkaPartition, kafkaOffset, kafkaMessageTimestamp: micros, jsonValue } = row;
  if (typeof micros !== "bigint" || typeof kafkaOffset !== "bigint") return null;
  return {
    topic: String(kafkaTopic),
    partition: Number(kafkaPartition),
    offset: String(kafkaOffset),
    timestampMs: Number(micros / 1000n),
    hash: typeof jsonValue === "string" ? hashValue(jsonValue) : null,
  };
}
