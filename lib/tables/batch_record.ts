/**
 * The accounting of one batch and topic-partition. It travels in the `operationMetrics` of the standard commit that it
 * describes, so that `quality_zone/batches` can always be completed from the standard table's log.
 */
import { z } from "../packages/zod.ts";
import { tableSchema } from "../delta/mod.ts";

const count = z.int().min(0);
/** JSON numbers, as version 0.1.0 writes and reads them; Kafka would need 285 years at a billion a second for 2^53. */
const offset = z.codec(count, z.bigint(), { decode: BigInt, encode: Number });

/** As it stands in the log. The names of the stages are those of version 0.1.0, which wrote "judge" for validate. */
const storedRecord = z.object({
  topic: z.string(),
  partition: count,
  offsetFrom: offset,
  offsetTo: offset,
  landed: count,
  /** Version 0.1.0 knew no difference between the two, nor between them and a message. */
  expired: count.optional(),
  gaps: count.optional(),
  accepted: count,
  duplicate: count,
  stale: count,
  conflict: count,
  quarantined: count,
  rowsAdded: count,
  rowsRemoved: count,
  sizeBytes: count,
  drift: z.record(z.string(), count),
  seconds: z.object({ judge: z.number(), quarantine: z.number(), landing: z.number(), standard: z.number() }),
  landingVersion: count,
  quarantineVersion: count,
  /** Messages that left quarantine, of a release; a release covers no offsets. */
  released: count.optional(),
  /** The number of the release. */
  release: count.optional(),
  /** See measures.ts; batches of older versions, and releases that replaced no train, have none. */
  measures: z.record(z.string(), count).optional(),
});

/** Seconds that the stages took for the whole batch, up to the standard commit. */
export interface StageSeconds {
  readonly validate: number;
  readonly quarantine: number;
  readonly landing: number;
  readonly standard: number;
}

/** What became of the messages of one partition in one batch. */
export type BatchRecord = Readonly<Omit<z.infer<typeof storedRecord>, "seconds" | "expired" | "gaps">> & {
  /** Offsets that retention deleted before they were landed. */
  readonly expired: number;
  /** Offsets that never were a message. */
  readonly gaps: number;
  readonly seconds: StageSeconds;
};

const METRIC = "ratalake.batches";

/**
 * Key: (topic, partition, offsetFrom, release). One row per batch and topic-partition; and one per release, without
 * offsets of its own, for messages that left quarantine: `release` is null in all others.
 */
export const BATCHES_SCHEMA = tableSchema({
  topic: "string",
  partition: "integer",
  offsetFrom: "long",
  offsetTo: "long",
  landed: "long",
  accepted: "long",
  duplicate: "long",
  stale: "long",
  conflict: "long",
  quarantined: "long",
  rowsAdded: "long",
  rowsRemoved: "long",
  sizeBytes: "long",
  schemaDrift: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
  judgeSeconds: "double",
  quarantineSeconds: "double",
  landingSeconds: "double",
  standardSeconds: "double",
  landingVersion: "long",
  quarantineVersion: "long",
  standardVersion: "long",
  expired: "long",
  gaps: "long",
  released: "long",
  release: "long",
  measures: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
});

/**
 * Offsets without a message of a batch that was recorded before there were two kinds of them: what cannot be told
 * apart any more counts as a loss.
 */
export function unexplainedOffsets(
  { offsetFrom, offsetTo, landed }: Pick<BatchRecord, "offsetFrom" | "offsetTo" | "landed">,
): number {
  return Number(offsetTo - offsetFrom) - landed;
}

/** The records as a metric of the standard commit. */
export function recordsMetric(records: readonly BatchRecord[]): Readonly<Record<string, string>> {
  const stored = records.map(({ seconds: { validate, ...seconds }, ...record }) =>
    storedRecord.encode({ ...record, seconds: { judge: validate, ...seconds } })
  );
  return { [METRIC]: JSON.stringify(stored) };
}

/** The records of a standard commit; empty when another writer made it. */
export function recordsOfMetrics(
  metrics: Readonly<Record<string, string>> | undefined,
): readonly BatchRecord[] {
  const text = metrics?.[METRIC];
  if (text === undefined) return [];
  return z.array(storedRecord).parse(JSON.parse(text)).map((
    { seconds: { judge, ...seconds }, expired, gaps, ...record },
  ) => ({
    ...record,
    expired: expired ?? unexplainedOffsets(record),
    gaps: gaps ?? 0,
    seconds: { validate: judge, ...seconds },
  }));
}

/** The row of `quality_zone/batches` for a record of standard version `standardVersion`. */
export function batchRow(record: BatchRecord, standardVersion: number): Readonly<Record<string, unknown>> {
  const { seconds, drift, ...columns } = record;
  return {
    ...columns,
    released: columns.released ?? 0,
    release: columns.release ?? null,
    measures: columns.measures ?? null,
    schemaDrift: drift,
    judgeSeconds: seconds.validate,
    quarantineSeconds: seconds.quarantine,
    landingSeconds: seconds.landing,
    standardSeconds: seconds.standard,
    standardVersion,
  };
}
