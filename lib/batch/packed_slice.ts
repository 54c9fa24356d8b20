/** A slice of the log as a few flat buffers, so that it moves to a worker without copying message by message. */
import type { LogRecord, Slice } from "../broker/broker.ts";
import { decodeFetchedAt } from "../train_message.ts";

const FIRST_TIME_MS = Date.parse("0001-01-01T00:00:00Z");
/** A whole second, as microseconds of that size have no odd digits. */
const LAST_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The records of one slice, column by column; entry i of each list belongs to record i. */
export interface PackedSlice {
  readonly partition: number;
  readonly nextOffset: number;
  readonly offsets: Float64Array;
  readonly timestampsMs: Float64Array;
  /** Milliseconds since 1970 UTC from the message headers; NaN when absent. */
  readonly fetchedAtMs: Float64Array;
  readonly keys: readonly (string | null)[];
  /** 1 where the message has no value at all (a tombstone). */
  readonly absent: Uint8Array;
  /** Value bytes one after another; value i ends at `ends[i + 1]` and starts at `ends[i]`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Int32Array;
}

/** Packs the records of a slice. Offsets become numbers: Kafka would need 285 years at a billion a second to pass 2^53. */
export function packSlice(slice: Slice): PackedSlice {
  const { records } = slice;
  const ends = new Int32Array(records.length + 1);
  records.forEach((record, i) => ends[i + 1] = (ends[i] ?? 0) + (record.value?.length ?? 0));
  const bytes = new Uint8Array(ends[records.length] ?? 0);
  records.forEach((record, i) => record.value !== null && bytes.set(record.value, ends[i]));
  return {
    partition: slice.partition,
    nextOffset: Number(slice.nextOffset),
    offsets: Float64Array.from(records, (record) => Number(record.offset)),
    timestampsMs: Float64Array.from(records, (record) => withinCalendar(record.timestampMs)),
    fetchedAtMs: Float64Array.from(records, fetchedAt),
    keys: records.map((record) => record.key),
    absent: Uint8Array.from(records, (record) => record.value === null ? 1 : 0),
    bytes,
    ends,
  };
}

function fetchedAt(record: LogRecord): number {
  const time = decodeFetchedAt(record.headers);
  return time === null ? NaN : withinCalendar(time);
}

/** A producer may write any 64 bits as the time of a message; tables and their readers know the years 1 to 9999. */
function withinCalendar(milliseconds: number): number {
  return Math.min(Math.max(Math.trunc(milliseconds) || 0, FIRST_TIME_MS), LAST_TIME_MS);
}
