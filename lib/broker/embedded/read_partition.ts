/** Reads chunks of one partition out of the broker file. */

import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";

import { BrokerError } from "../../errors.ts";
import type { Chunk, LogRecord, ReadRange } from "../broker.ts";
import { recordId } from "./statements.ts";

/** What to read. */
interface PartitionRead {
  readonly topic: string;
  readonly partitionId: number;
  readonly range: ReadRange;
  readonly maxChunkBytes: number;
  readonly maxChunkRecords: number;
}

/** Yields the range chunk by chunk; each chunk is one short query, so no lock outlives it. */
export async function* readPartition(database: DatabaseSync, read: PartitionRead): AsyncGenerator<Chunk> {
  let from = read.range.from;
  while (from < read.range.to) {
    const chunk = readChunk(database, { ...read, range: { ...read.range, from } });
    yield chunk;
    from = chunk.nextOffset;
    // Buffers of finished chunks are freed only when the event loop turns.
    await nextTurn();
  }
}

function readChunk(database: DatabaseSync, read: PartitionRead): Chunk {
  const { range, maxChunkBytes, maxChunkRecords } = read;
  const records: LogRecord[] = [];
  let sizeBytes = 0;
  let nextOffset = range.from;
  for (const row of queryRows(database, read)) {
    const record = readRecord(row);
    const valueBytes = record.value?.length ?? 0;
    // The log has no gaps: one means that the records expired while they were read.
    if (record.offset !== nextOffset) break;
    if (records.length > 0 && sizeBytes + valueBytes > maxChunkBytes) break;
    if (records.length === maxChunkRecords) break;
    records.push(record);
    sizeBytes += valueBytes;
    nextOffset++;
  }
  if (records.length === 0) throw whyNothing(database, read);
  return { partition: range.partition, records, nextOffset, sizeBytes };
}

function queryRows(database: DatabaseSync, { partitionId, range }: PartitionRead) {
  return database.prepare(
    "SELECT timestamp_ms, key, headers, value, id - ? AS offset FROM record WHERE id >= ? AND id < ? ORDER BY id",
  ).iterate(
    recordId(partitionId, 0),
    recordId(partitionId, Number(range.from)),
    recordId(partitionId, Number(range.to)),
  );
}

function readRecord(row: Record<string, SQLOutputValue>): LogRecord {
  const { key, value, headers } = row;
  return {
    offset: BigInt(Number(row.offset)),
    timestampMs: Number(row.timestamp_ms),
    key: key instanceof Uint8Array ? new TextDecoder().decode(key) : typeof key === "string" ? key : null,
    value: value instanceof Uint8Array ? value : null,
    headers: typeof headers === "string" ? JSON.parse(headers) : {},
  };
}

function whyNothing(database: DatabaseSync, { topic, partitionId, range }: PartitionRead): BrokerError {
  const { partition, from } = range;
  // Deno's iterator ends without an error at a damaged page; get() throws there, and so distinguishes damage from absence.
  database.prepare("SELECT value FROM record WHERE id = ?").get(recordId(partitionId, Number(from)));
  return new BrokerError(
    `Cannot read "${topic}" partition ${partition}: offset ${from} is gone, expected it in the log ` +
      "(records expired while they were read)",
  );
}
