/** Landing and quarantine in memory, and validated batches without a validator: messages as a test wants them. */
import { gatherColumns, MemoryStore, type Row } from "../../lib/delta/mod.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import type { Batch } from "../../lib/validate/collect_batches.ts";
import { landingColumns } from "../../lib/validate/landing_columns.ts";
import { packChunk } from "../../lib/validate/packed_chunk.ts";
import { QuarantineColumns } from "../../lib/validate/quarantine_columns.ts";
import type { Rejection } from "../../lib/validate/rejection.ts";
import { testContext } from "../delta/test_context.ts";

/** One message of landing. */
export interface Landed {
  readonly partition: number;
  readonly offset: number;
  readonly value?: string | null;
  readonly key?: string | null;
  readonly keyBytes?: Uint8Array;
  readonly timestampMs?: number | null;
  readonly topic?: string;
}

/** What a batch covers; its chunks hold the messages in the order they are given. */
export interface BatchParts {
  readonly chunks: readonly (readonly Landed[])[];
  readonly rejections?: readonly Rejection[];
  /** Of the rejections. */
  readonly topic?: string;
  readonly ranges: readonly (readonly [partition: number, from: number, to: number])[];
}

/** The topic of the tables. */
export const TOPIC = "trains";

/** Both tables, without a row. */
export async function openTables(): Promise<
  { readonly landing: TopicTable; readonly quarantine: TopicTable }
> {
  const open = (schema: typeof LANDING_SCHEMA, label: string) =>
    openLakeTable(new MemoryStore({ label }), { schema }, testContext(label));
  return {
    landing: new TopicTable(await open(LANDING_SCHEMA, "landing"), { name: "landing", topic: TOPIC }),
    quarantine: new TopicTable(await open(QUARANTINE_SCHEMA, "quarantine"), {
      name: "quarantine",
      topic: TOPIC,
      isSparse: true,
    }),
  };
}

/** A message as a row of landing. */
export function landedRow({ partition, offset, ...rest }: Landed): Row {
  const { value = `message ${offset}`, key = null, keyBytes = null, timestampMs = offset, topic = TOPIC } =
    rest;
  return {
    jsonValue: value,
    kafkaMessageTimestamp: timestampMs === null ? null : new Date(timestampMs),
    kafkaTopic: topic,
    kafkaPartition: partition,
    kafkaOffset: BigInt(offset),
    messageKey: key,
    messageKeyBytes: keyBytes,
  };
}

const encoder = new TextEncoder();

/** As chunks of one message each, whose partitions may differ. */
function columnsOf(messages: readonly Landed[]) {
  return gatherColumns(messages.map((message) => ({ columns: chunkOf(message), from: 0, to: 1 })));
}

function chunkOf({ partition, offset, value = `message ${offset}`, key = null, keyBytes, ...rest }: Landed) {
  const record = {
    offset: BigInt(offset),
    timestampMs: rest.timestampMs ?? offset,
    key,
    ...(keyBytes && { keyBytes }),
    value: value === null ? null : encoder.encode(value),
    headers: {},
  };
  const chunk = packChunk({ partition, records: [record], nextOffset: 0n, sizeBytes: 0 });
  return landingColumns(chunk, rest.topic ?? TOPIC, new Uint8Array(1));
}

function quarantineOf(rejections: readonly Rejection[], topic: string) {
  const columns = new QuarantineColumns();
  for (const rejection of rejections) columns.append(rejection, topic);
  return columns.toColumns();
}

/** A batch as `collectBatches` gives it; the rejections lie in its last chunk. */
export function batchOf({ chunks, rejections = [], topic = TOPIC, ranges }: BatchParts): Batch {
  const counted = { messages: 0, sizeBytes: 0 };
  return {
    ...counted,
    chunks: chunks.map((messages, index) => ({
      ...counted,
      partition: messages[0]?.partition ?? 0,
      firstOffset: 0n,
      nextOffset: 0n,
      spans: [],
      drift: new Map(),
      seconds: 0,
      quarantine: index === chunks.length - 1 ? quarantineOf(rejections, topic) : {},
      landing: columnsOf(messages),
      rows: null,
    })),
    ranges: ranges.map(([partition, from, to]) => ({
      partition,
      from: BigInt(from),
      to: BigInt(to),
      messages: to - from,
      expired: 0n,
      gaps: 0n,
    })),
  };
}
