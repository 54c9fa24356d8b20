/**
 * The accounting of one batch and topic-partition. It travels in the `operationMetrics` of the standard commit that it
 * describes, so that `quality_zone/batches` can always be completed from the standard table's log.
 */
import { z } from "zod";
import { tableSchema } from "../delta/mod.ts";

/** Seconds that the stages took for the whole batch, up to the standard commit. */
export interface StageSeconds {
  readonly judge: number;
  readonly quarantine: number;
  readonly landing: number;
  readonly standard: number;
}

const count = z.int().min(0);
const batchRecord = z.object({
  topic: z.string(),
  partition: count,
  offsetFrom: count,
  offsetTo: count,
  landed: count,
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
});

/** What became of the messages of one partition in one batch. */
export type BatchRecord = Readonly<z.infer<typeof batchRecord>>;

const METRIC = "ratalake.batches";

/** Key: (topic, partition, offsetFrom). One row per batch and topic-partition. */
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
});

/** The records as a metric of the standard commit. */
export function recordsMetric(records: readonly BatchRecord[]): Readonly<Record<string, string>> {
  return { [METRIC]: JSON.stringify(records) };
}

/** The records of a standard commit; empty when another writer made it. */
export function recordsOfMetrics(
  metrics: Readonly<Record<string, string>> | undefined,
): readonly BatchRecord[] {
  const text = metrics?.[METRIC];
  return text === undefined ? [] : z.array(batchRecord).parse(JSON.parse(text));
}

/** The row of `quality_zone/batches` for a record of standard version `standardVersion`. */
export function batchRow(record: BatchRecord, standardVersion: number): Readonly<Record<string, unknown>> {
  const { seconds, drift, ...columns } = record;
  return {
    ...columns,
    schemaDrift: drift,
    judgeSeconds: seconds.judge,
    quarantineSeconds: seconds.quarantine,
    landingSeconds: seconds.landing,
    standardSeconds: seconds.standard,
    standardVersion,
  };
}
