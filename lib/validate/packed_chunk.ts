/** A chunk of the log as a few flat buffers, so that it moves to a worker without copying message by message. */
import type { Chunk, LogRecord } from "../broker/broker.ts";
import { withinCalendar } from "../tables/fingerprint.ts";
import { decodeFetchedAt, decodeSourceEpoch } from "../train/train_message.ts";

/** The records of one chunk, column by column; entry i of each list belongs to record i. */
export interface PackedChunk {
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly offsets: BigInt64Array<ArrayBuffer>;
  readonly timestampsMs: Float64Array;
  /** Milliseconds since 1970 UTC from the message headers; NaN when absent. */
  readonly fetchedAtMs: Float64Array;
  /** From the message headers; null when all are 0, which is nearly always. */
  readonly sourceEpochs: Int32Array | null;
  readonly keys: readonly (string | null)[];
  /** Keys that are no UTF-8, which are null in `keys`, by their place in the chunk; nearly always empty. */
  readonly keyBytes: ReadonlyMap<number, Uint8Array>;
  /** 1 where the message has no value at all (a tombstone). */
  readonly absent: Uint8Array;
  /** Value bytes one after another; value i ends at `ends[i + 1]` and starts at `ends[i]`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Int32Array;
}

/** Packs the records of a chunk. */
export function packChunk(chunk: Chunk): PackedChunk {
  const { records } = chunk;
  const ends = new Int32Array(records.length + 1);
  records.forEach((record, i) => ends[i + 1] = (ends[i] ?? 0) + (record.value?.length ?? 0));
  const bytes = new Uint8Array(ends[records.length] ?? 0);
  records.forEach((record, i) => record.value !== null && bytes.set(record.value, ends[i]));
  return {
    partition: chunk.partition,
    nextOffset: chunk.nextOffset,
    offsets: BigInt64Array.from(records, (record) => record.offset),
    timestampsMs: Float64Array.from(records, (record) => withinCalendar(record.timestampMs)),
    ...headerValues(records),
    keys: records.map((record) => record.key),
    keyBytes: new Map(records.flatMap(({ keyBytes }, i) => keyBytes === undefined ? [] : [[i, keyBytes]])),
    absent: Uint8Array.from(records, (record) => record.value === null ? 1 : 0),
    bytes,
    ends,
  };
}

/** Messages that were fetched together may share their headers. */
function headerValues(records: readonly LogRecord[]): Pick<PackedChunk, "fetchedAtMs" | "sourceEpochs"> {
  const fetchedAtMs = new Float64Array(records.length);
  let sourceEpochs: Int32Array | null = null;
  let last: LogRecord["headers"] | null = null, time = NaN, epoch = 0;
  records.forEach(({ headers }, i) => {
    if (headers !== last) {
      const found = decodeFetchedAt(last = headers);
      time = found === null ? NaN : withinCalendar(found);
      epoch = decodeSourceEpoch(headers);
    }
    fetchedAtMs[i] = time;
    if (epoch !== 0) (sourceEpochs ??= new Int32Array(records.length))[i] = epoch;
  });
  return { fetchedAtMs, sourceEpochs };
}
