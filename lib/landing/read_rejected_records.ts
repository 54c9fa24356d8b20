/** Rejected messages back out of one file of the quarantine table, as chunks of the log, to be validated again. */
import type { Chunk, LogRecord } from "../broker/broker.ts";
import { type Add, frameRows, type Predicate, predicateColumns, scanTable, toPolars } from "../delta/mod.ts";
import { rejectionId } from "../tables/rejection_id.ts";
import type { OffsetRange, TopicTable } from "../tables/topic_table.ts";
import { TRAIN_HEADERS } from "../train/train_message.ts";
import { offsetPredicate } from "./offset_predicate.ts";
import { quarantineFields, rejectedPlace, type RejectionFilter, rejectionPredicate } from "./rejected_row.ts";

/** Which of the file's messages. */
export interface RejectedOptions extends RejectionFilter {
  /** Up to which offset, per partition; none of a partition that is not there. */
  readonly ends: ReadonlyMap<number, bigint>;
}

const PLACE_FIELDS = quarantineFields((name) => ["kafkaPartition", "kafkaOffset"].includes(name));
const CHUNK_BYTES = 4 << 20;
const CHUNK_RECORDS = 4096;

/** The messages of the topic, partition by partition in offset order. */
export async function readRejectedRecords(
  { delta, topic }: TopicTable,
  add: Add,
  { ends, ...filter }: RejectedOptions,
): Promise<readonly Chunk[]> {
  const ranges = [...ends].map(([partition, to]) => offsetPredicate(topic, { partition, from: 0n, to }));
  const terms: Predicate[] = [{ kind: "or", terms: ranges }, rejectionPredicate(filter)];
  const where: Predicate = { kind: "and", terms };
  const fields = quarantineFields(() => true, delta);
  const columns = [...new Set([...fields.map(({ name }) => name), ...predicateColumns(where)])];
  const frame = (await delta.readFile(add, { columns })).filter(toPolars(where, delta.snapshot.schema));
  const byPartition = new Map<number, LogRecord[]>();
  for (const row of frameRows(frame, fields)) {
    const { partition, offset, timestampMs, sourceEpoch, key, keyBytes } = rejectedPlace(row);
    const record: LogRecord = {
      offset,
      timestampMs: timestampMs ?? 0,
      key,
      ...(keyBytes === null ? {} : { keyBytes }),
      // A view would keep the bytes of the whole file in memory.
      value: row.rawValue instanceof Uint8Array ? row.rawValue.slice() : null,
      headers: sourceEpoch === 0 ? {} : { [TRAIN_HEADERS.sourceEpoch]: String(sourceEpoch) },
    };
    const mine = byPartition.get(partition);
    if (mine === undefined) byPartition.set(partition, [record]);
    else mine.push(record);
  }
  return [...byPartition].flatMap(([partition, records]) => chunksOf(partition, records));
}

/** The IDs, without topic, of the messages of the topic in these ranges. */
export async function readRejectedPlaces(
  { delta, topic }: TopicTable,
  ranges: readonly OffsetRange[],
): Promise<ReadonlySet<string>> {
  const where: Predicate = { kind: "or", terms: ranges.map((range) => offsetPredicate(topic, range)) };
  const columns = PLACE_FIELDS.map(({ name }) => name);
  const places = new Set<string>();
  for await (const frame of scanTable(delta, { columns, where })) {
    for (const row of frameRows(frame, PLACE_FIELDS)) {
      const { partition, offset } = rejectedPlace(row);
      places.add(rejectionId({ partition, offset }));
    }
  }
  return places;
}

function chunksOf(partition: number, records: readonly LogRecord[]): readonly Chunk[] {
  const sorted = records.toSorted((a, b) => Number(a.offset - b.offset));
  const chunks: Chunk[] = [];
  let open: LogRecord[] = [], sizeBytes = 0;
  for (const record of sorted) {
    open.push(record);
    sizeBytes += record.value?.length ?? 0;
    const isFull = sizeBytes >= CHUNK_BYTES || open.length === CHUNK_RECORDS;
    if (!isFull && record !== sorted.at(-1)) continue;
    chunks.push({ partition, records: open, nextOffset: record.offset + 1n, sizeBytes });
    open = [];
    sizeBytes = 0;
  }
  return chunks;
}
