/**
 * Reads chunks of one partition out of the broker file.
 *
 * Any program may have written into the file, so each odd field has its landing: a key that is no UTF-8 keeps its
 * bytes, one of a number is its digits; headers that are no JSON object are none, and those whose value is no text are
 * left out; a time beyond 2^53 is that; a value of text is its UTF-8. Where records are missing that did not expire,
 * there is a gap, as there may be in Kafka.
 */

import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";

import { OffsetOutOfRangeError } from "../../errors.ts";
import type { Chunk, LogRecord, ReadRange } from "../broker.ts";
import { recordKey } from "../lossless_text.ts";
import { recordId } from "./statements.ts";

const NO_HEADERS: LogRecord["headers"] = Object.freeze({});
/** Numbers beyond 2^53 would be refused by Deno, whatever they mean. */
const COLUMNS =
  `min(max(timestamp_ms, ${Number.MIN_SAFE_INTEGER}), ${Number.MAX_SAFE_INTEGER}) AS timestamp_ms,
  CAST(key AS BLOB) AS key, CAST(headers AS TEXT) AS headers, CAST(value AS BLOB) AS value, id - ? AS offset`;

/** What to read. */
interface PartitionRead {
  readonly topic: string;
  readonly partitionId: number;
  readonly range: ReadRange;
  readonly maxChunkBytes: number;
  readonly maxChunkRecords: number;
  /** Runs a query as soon as no lock is in its way. */
  readonly run: <T>(query: () => T) => Promise<T>;
}

/** Yields the range chunk by chunk; each chunk is one short query, so no lock outlives it. */
export async function* readPartition(database: DatabaseSync, read: PartitionRead): AsyncGenerator<Chunk> {
  let from = read.range.from;
  while (from < read.range.to) {
    const range = { ...read.range, from };
    const chunk = await read.run(() => readChunk(database, { ...read, range }));
    yield chunk;
    from = chunk.nextOffset;
    // Buffers of finished chunks are freed only when the event loop turns.
    await nextTurn();
  }
}

/** Without records when there is nothing more, which is a gap at the end of the range. */
function readChunk(database: DatabaseSync, read: PartitionRead): Chunk {
  const { range, maxChunkBytes, maxChunkRecords } = read;
  const records: LogRecord[] = [];
  let sizeBytes = 0;
  let nextOffset = range.from;
  let isFull = false;
  const readHeaders = headersReader();
  for (const row of queryRows(database, read)) {
    const record = readRecord(row, readHeaders);
    const valueBytes = record.value?.length ?? 0;
    isFull = records.length > 0 &&
      (sizeBytes + valueBytes > maxChunkBytes || records.length === maxChunkRecords);
    if (isFull || (record.offset !== nextOffset && hasExpired(database, read, nextOffset))) break;
    records.push(record);
    sizeBytes += valueBytes;
    nextOffset = record.offset + 1n;
  }
  if (records.length === 0 && hasExpired(database, read, nextOffset)) throw expired(read);
  if (!isFull && nextOffset < range.to && !hasMore(database, read, nextOffset)) nextOffset = range.to;
  return { partition: range.partition, records, nextOffset, sizeBytes };
}

function queryRows(database: DatabaseSync, { partitionId, range }: PartitionRead) {
  return database.prepare(`SELECT ${COLUMNS} FROM record WHERE id >= ? AND id < ? ORDER BY id`).iterate(
    recordId(partitionId, 0),
    recordId(partitionId, Number(range.from)),
    recordId(partitionId, Number(range.to)),
  );
}

function readRecord(row: Record<string, SQLOutputValue>, readHeaders: ReadHeaders): LogRecord {
  const { key, value, headers } = row;
  return {
    offset: BigInt(Number(row.offset)),
    timestampMs: Number(row.timestamp_ms),
    ...recordKey(key instanceof Uint8Array ? key : null),
    value: value instanceof Uint8Array ? value : null,
    headers: typeof headers === "string" ? readHeaders(headers) : NO_HEADERS,
  };
}

type ReadHeaders = (text: string) => LogRecord["headers"];

/** The messages of one fetch have the same headers: they share one object. */
function headersReader(): ReadHeaders {
  let last = "", headers = NO_HEADERS;
  return (text) => {
    if (text !== last) {
      headers = Object.freeze(headersIn(text));
      last = text;
    }
    return headers;
  };
}

function headersIn(text: string): LogRecord["headers"] {
  const found = parseObject(text);
  const entries = Object.entries(found);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.length === entries.length ? found as LogRecord["headers"] : Object.fromEntries(texts);
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** True when retention has taken the record at that offset, in this moment perhaps. */
function hasExpired(database: DatabaseSync, { partitionId }: PartitionRead, offset: bigint): boolean {
  const row = database.prepare("SELECT earliest > ? AS expired FROM partition WHERE id = ?")
    .get(Number(offset), partitionId);
  return row?.expired === 1;
}

/**
 * True when the range holds a record at or after that offset. Deno's iterator ends without an error at a damaged page;
 * get() throws there, and so distinguishes damage from absence.
 */
function hasMore(database: DatabaseSync, { partitionId, range }: PartitionRead, offset: bigint): boolean {
  const span = [recordId(partitionId, Number(offset)), recordId(partitionId, Number(range.to))] as const;
  const found = database.prepare("SELECT value FROM record WHERE id >= ? AND id < ? ORDER BY id LIMIT 1")
    .get(...span);
  return found !== undefined;
}

function expired({ topic, range: { partition, from } }: PartitionRead): OffsetOutOfRangeError {
  return new OffsetOutOfRangeError(
    `Cannot read "${topic}" partition ${partition}: offset ${from} is gone, expected it in the log ` +
      "(records expired while they were read)",
  );
}
