/** Reads one Kafka partition up to a given offset and stops. */

import { setImmediate as nextTurn } from "node:timers/promises";

import type { Chunk, LogRecord, ReadRange } from "../broker.ts";

const FIRST_FETCH_BYTES = 512 * 1024;
const MIN_FETCH_BYTES = 64 * 1024;
/** A fetch may come back empty without a reason, when a replica lags for example. */
const EMPTY_FETCHES = 3;

/** What one fetch found. */
export interface FetchedRun {
  /** In offset order, none below the requested offset; without transaction markers and aborted records. */
  readonly records: readonly LogRecord[];
  /** After the last record or marker that was seen; the requested offset itself when nothing was. */
  readonly nextOffset: bigint;
  /** The broker held records back because of a quota. */
  readonly throttled: boolean;
}

/** Fetches what lies at an offset and after it; `maxBytes` counts bytes on the wire, before decompression. */
type FetchRun = (offset: bigint, maxBytes: number) => Promise<FetchedRun>;

/** What to drain. */
interface DrainOptions {
  readonly range: ReadRange;
  readonly maxChunkBytes: number;
}

interface Cursor {
  readonly offset: bigint;
  readonly maxBytes: number;
  readonly emptyFetches: number;
}

/**
 * Yields the range chunk by chunk and skips gaps; one fetch runs ahead while the consumer works.
 * The caller has made sure that the log reaches up to the end of the range.
 */
export async function* drainPartition(fetchRun: FetchRun, options: DrainOptions): AsyncGenerator<Chunk> {
  const { range, maxChunkBytes } = options;
  let cursor: Cursor = {
    offset: range.from,
    maxBytes: Math.min(FIRST_FETCH_BYTES, maxChunkBytes),
    emptyFetches: 0,
  };
  let pending = startFetch(fetchRun, cursor);
  while (cursor.offset < range.to) {
    const run = await pending;
    cursor = advance(cursor, run, maxChunkBytes);
    if (cursor.offset < range.to) pending = startFetch(fetchRun, cursor);
    for (const chunk of cutChunks(run, options)) {
      yield chunk;
      await nextTurn();
    }
  }
}

function startFetch(fetchRun: FetchRun, { offset, maxBytes }: Cursor): Promise<FetchedRun> {
  const pending = fetchRun(offset, maxBytes);
  // A consumer that leaves early never awaits it; its failure is then nobody's concern.
  pending.catch(() => {});
  return pending;
}

function advance(cursor: Cursor, run: FetchedRun, maxChunkBytes: number): Cursor {
  if (run.nextOffset > cursor.offset) {
    return { offset: run.nextOffset, maxBytes: nextFetchBytes(cursor, run, maxChunkBytes), emptyFetches: 0 };
  }
  if (run.throttled) return cursor;
  const emptyFetches = cursor.emptyFetches + 1;
  // kafkajs hides batches that compaction has emptied, and their length; so step over them one by one,
  // which never jumps over a record.
  const offset = emptyFetches < EMPTY_FETCHES ? cursor.offset : cursor.offset + 1n;
  return { ...cursor, offset, emptyFetches };
}

/** Compressed batches grow when they are decompressed; the next fetch aims at about one chunk. */
function nextFetchBytes({ maxBytes }: Cursor, { records }: FetchedRun, maxChunkBytes: number): number {
  const foundBytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  if (foundBytes > maxChunkBytes) {
    return Math.max(Math.floor(maxBytes / 2), Math.min(MIN_FETCH_BYTES, maxBytes));
  }
  return foundBytes < maxChunkBytes / 2
    ? Math.min(maxBytes * 2, Math.max(maxChunkBytes, MIN_FETCH_BYTES))
    : maxBytes;
}

function* cutChunks(run: FetchedRun, { range, maxChunkBytes }: DrainOptions): Generator<Chunk> {
  const end = run.nextOffset < range.to ? run.nextOffset : range.to;
  let records: LogRecord[] = [];
  let sizeBytes = 0;
  for (const record of run.records) {
    if (record.offset >= range.to) break;
    const valueBytes = record.value?.length ?? 0;
    if (records.length > 0 && sizeBytes + valueBytes > maxChunkBytes) {
      yield { partition: range.partition, records, nextOffset: record.offset, sizeBytes };
      records = [];
      sizeBytes = 0;
    }
    records.push(record);
    sizeBytes += valueBytes;
  }
  if (records.length > 0) yield { partition: range.partition, records, nextOffset: end, sizeBytes };
}
