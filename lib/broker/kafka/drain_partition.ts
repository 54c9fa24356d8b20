/**
 * Reads one Kafka partition up to a given offset and stops.
 *
 * Offsets without a message cost nothing where a batch behind them, or a marker, or a batch that compaction emptied,
 * shows how far they go. Only when the broker answers with nothing at all although its log goes on, the drain has to
 * wait: such an answer proves nothing, since Redpanda gives it, without an error, when its disk is slow. It is asked
 * again from the very same offset for half a minute, and once more; so an invisible tail (Apache Kafka has none,
 * Redpanda may have one where a transaction begins) costs half a minute, for all partitions together. The drain never
 * steps over an offset to look behind it: whoever reads next begins at the last message that was seen.
 *
 * @module
 */

import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import { getLogger } from "../../packages/logtape.ts";

import type { Chunk, LogRecord, ReadRange } from "../broker.ts";
import { DEFAULT_CHUNK_RECORDS } from "../chunk_limits.ts";
import type { RecordBatch } from "./wire/record_batch.ts";

const FIRST_FETCH_BYTES = 512 * 1024;
const MIN_FETCH_BYTES = 64 * 1024;
const EMPTY_ANSWERS_MS = 30_000;
/** Between two empty answers; most of the wait is the broker's, which answers empty only after seconds. */
const PAUSE_MS = 500;

const log = getLogger(["ratalake", "broker"]);

/** What one fetch found. */
export interface FetchedRun {
  /** In offset order, without transaction markers and aborted ones; the first may begin below the requested offset. */
  readonly batches: readonly RecordBatch[];
  /** After the last batch or marker that was seen; the requested offset itself when nothing was. */
  readonly nextOffset: bigint;
  /** The broker held records back because of a quota. */
  readonly throttled: boolean;
}

/** Fetches what lies at an offset and after it; `maxBytes` counts bytes on the wire, before decompression. */
type FetchRun = (offset: bigint, maxBytes: number) => Promise<FetchedRun>;

/** How time passes. */
export interface Waiting {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** What to drain. */
interface DrainOptions {
  readonly range: ReadRange;
  readonly maxChunkBytes: number;
  readonly maxChunkRecords?: number;
  /** Ends the waiting when nobody reads any more. */
  readonly signal?: AbortSignal;
  readonly waiting?: Waiting;
}

/** The wait of the process that reads. */
const REAL_WAITING: Waiting = {
  monotonic: () => performance.now(),
  pause: (milliseconds) => sleep(milliseconds),
};

/**
 * Yields the range chunk by chunk and skips gaps; one fetch runs ahead while the consumer works. The first one begins
 * at the call.
 * The caller has made sure that the log reaches up to the end of the range.
 */
export function drainPartition(fetchRun: FetchRun, options: DrainOptions): AsyncGenerator<Chunk> {
  const maxBytes = Math.min(FIRST_FETCH_BYTES, options.maxChunkBytes);
  return drain(fetchRun, options, startFetch(fetchRun, { ...options, offset: options.range.from, maxBytes }));
}

async function* drain(
  fetchRun: FetchRun,
  options: DrainOptions,
  first: Promise<FetchedRun | null>,
): AsyncGenerator<Chunk> {
  const { range, maxChunkBytes } = options;
  const largest = Math.max(maxChunkBytes, MIN_FETCH_BYTES);
  let offset = range.from;
  let maxBytes = Math.min(FIRST_FETCH_BYTES, maxChunkBytes);
  for (let pending = first; offset < range.to;) {
    const run = await pending;
    if (run === null) return;
    maxBytes = Math.min(maxBytes * 2, largest);
    if (run.nextOffset < range.to) {
      pending = startFetch(fetchRun, { ...options, offset: run.nextOffset, maxBytes });
    }
    for await (const chunk of cutChunks(run, { ...options, from: offset })) {
      yield chunk;
      await nextTurn();
    }
    offset = run.nextOffset;
  }
}

/** A fetch that is repeated while its answers are empty. */
interface AwaitedFetch extends DrainOptions {
  readonly offset: bigint;
  readonly maxBytes: number;
}

function startFetch(fetchRun: FetchRun, options: AwaitedFetch): Promise<FetchedRun | null> {
  const pending = fetchUntilAnswered(fetchRun, options);
  // A consumer that leaves early never awaits it; its failure is then nobody's concern.
  pending.catch(() => {});
  return pending;
}

/** What lies at the offset and after it; null when nothing came although there was time enough. */
async function fetchUntilAnswered(fetchRun: FetchRun, options: AwaitedFetch): Promise<FetchedRun | null> {
  const { range, offset, maxBytes, signal, waiting: { monotonic, pause } = REAL_WAITING } = options;
  let emptySinceMs: number | undefined;
  while (signal?.aborted !== true) {
    const askedMs = monotonic();
    const run = await fetchRun(offset, maxBytes);
    if (run.nextOffset > offset) return run;
    // A quota says nothing about what is there.
    if (run.throttled) emptySinceMs = undefined;
    else if (askedMs - (emptySinceMs ??= askedMs) >= EMPTY_ANSWERS_MS) {
      log.warn(
        "Partition {partition}: the broker gives nothing from offset {offset} on, though its log ends at {to}; " +
          "the next run asks again from there",
        { partition: range.partition, offset, to: range.to },
      );
      return null;
    }
    await pause(PAUSE_MS);
  }
  return null;
}

/** What to take of a run. */
interface CutOptions extends DrainOptions {
  /** The last offset that is known to be taken, plus one. */
  readonly from: bigint;
}

async function* cutChunks(run: FetchedRun, options: CutOptions): AsyncGenerator<Chunk> {
  const { range: { partition, to }, maxChunkBytes, maxChunkRecords = DEFAULT_CHUNK_RECORDS } = options;
  const end = run.nextOffset < to ? run.nextOffset : to;
  let next = options.from;
  let records: LogRecord[] = [];
  let sizeBytes = 0;
  for (const batch of run.batches) {
    for (const record of await batch.readRecords()) {
      if (record.offset < next || record.offset >= end) continue;
      next = record.offset + 1n;
      const valueBytes = record.value?.length ?? 0;
      const isFull = sizeBytes + valueBytes > maxChunkBytes || records.length === maxChunkRecords;
      if (records.length > 0 && isFull) {
        yield { partition, records, nextOffset: record.offset, sizeBytes };
        records = [];
        sizeBytes = 0;
      }
      records.push(record);
      sizeBytes += valueBytes;
    }
  }
  // Without records it says that the offsets up to here hold none.
  yield { partition, records, nextOffset: end, sizeBytes };
}
