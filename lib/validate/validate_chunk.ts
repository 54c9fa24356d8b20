/**
 * Stage 3 of 7. Receives slices of the log from the broker; hands every message to landing, rejections to
 * quarantine, and the timetable rows of accepted trains to standard. Each message is judged here and only here.
 */
import { hash } from "node:crypto";
import { checkTrain } from "./check_train.ts";
import { encodeColumns, type IpcPieces } from "./arrow_ipc.ts";
import { landingColumns } from "./landing_columns.ts";
import type { PackedSlice } from "./packed_chunk.ts";
import { decodeText, parseMessage } from "./parse_message.ts";
import type { Fault, Rejection } from "./rejection.ts";
import { RowColumns } from "./row_columns.ts";
import type { DriftCounts } from "./schema_drift.ts";

/** One accepted train of a slice and where its rows stand in the slice's rows. */
export interface TrainSpan {
  readonly departureDay: number;
  readonly trainNumber: number;
  readonly version: number;
  /** 64 bits over the message bytes. */
  readonly contentHash: bigint;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

/** What became of the messages of one slice. */
export interface SliceVerdict {
  readonly partition: number;
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly spans: readonly TrainSpan[];
  readonly rejections: readonly Rejection[];
  readonly drift: DriftCounts;
  /** Seconds that judging took. */
  readonly seconds: number;
}

/** A judged slice with its rows as Arrow IPC files; `rows` is null when no train was accepted. */
export interface EncodedSlice<Bytes = Uint8Array> extends SliceVerdict {
  readonly landing: Bytes;
  readonly rows: Bytes | null;
}

interface Verdicts {
  readonly spans: TrainSpan[];
  readonly rejections: Rejection[];
  readonly drift: DriftCounts;
  /** 1 where the bytes are no UTF-8. */
  readonly undecodable: Uint8Array;
}

const columns = new RowColumns();

/** Judges all messages of a slice; the pieces are valid until the next call. `topic` goes into the landing rows; `now` returns milliseconds for the timing. */
export function judgeSlice(slice: PackedSlice, topic: string, now: () => number): EncodedSlice<IpcPieces> {
  const started = now();
  const messages = slice.offsets.length;
  const verdicts: Verdicts = {
    spans: [],
    rejections: [],
    drift: new Map(),
    undecodable: new Uint8Array(messages),
  };
  columns.clear();
  for (let i = 0; i < messages; i++) {
    const fault = judgeMessage(slice, i, verdicts);
    if (fault !== null) verdicts.rejections.push(rejectionOf(slice, i, fault));
  }
  const { spans, rejections, drift, undecodable } = verdicts;
  return {
    partition: slice.partition,
    firstOffset: slice.offsets[0] ?? slice.nextOffset,
    nextOffset: slice.nextOffset,
    messages,
    sizeBytes: slice.bytes.length,
    landing: encodeColumns(landingColumns(slice, topic, undecodable)),
    rows: columns.length > 0 ? encodeColumns(columns.toData()) : null,
    spans,
    rejections,
    drift,
    seconds: (now() - started) / 1000,
  };
}

/** Appends the rows of message `i` when it is a train; else says why not. */
function judgeMessage(slice: PackedSlice, i: number, verdicts: Verdicts): Fault | null {
  const bytes = slice.bytes.subarray(slice.ends[i], slice.ends[i + 1]);
  if (bytes.length === 0) return emptyMessage(slice.absent[i] === 1);
  const text = decodeText(bytes);
  if (text === null) {
    verdicts.undecodable[i] = 1;
    return { code: "not_utf8", message: "The bytes are no UTF-8", path: "$", rule: "S1" };
  }
  const train = parseMessage(bytes, text, verdicts.drift);
  if ("code" in train) return train;
  const times = checkTrain(train);
  if ("code" in times) return times;
  const digest = hash("sha1", bytes, "buffer");
  const place = {
    partition: slice.partition,
    offset: slice.offsets[i] ?? 0,
    timestampMs: slice.timestampsMs[i] ?? 0,
    hashLow: digest.readInt32LE(0),
    hashHigh: digest.readInt32LE(4),
  };
  verdicts.spans.push({
    departureDay: times.departureDay,
    trainNumber: train.trainNumber,
    version: train.version,
    contentHash: digest.readBigInt64LE(0),
    partition: place.partition,
    offset: place.offset,
    timestampMs: place.timestampMs,
    firstRow: columns.length,
    rowCount: train.timeTableRows.length,
  });
  columns.append(train, times.departureDay, times.rows, place);
  return null;
}

function rejectionOf(slice: PackedSlice, i: number, fault: Fault): Rejection {
  const fetchedAtMs = slice.fetchedAtMs[i] ?? NaN;
  return {
    ...fault,
    partition: slice.partition,
    offset: slice.offsets[i] ?? 0,
    timestampMs: slice.timestampsMs[i] ?? 0,
    key: slice.keys[i] ?? null,
    fetchedAtMs: Number.isNaN(fetchedAtMs) ? null : fetchedAtMs,
    rawValue: slice.absent[i] === 1 ? null : slice.bytes.slice(slice.ends[i], slice.ends[i + 1]),
  };
}

function emptyMessage(absent: boolean): Fault {
  const message = absent ? "The message has no value (a tombstone)" : "The message is empty";
  return { code: "empty_message", message, path: "$", rule: "S1" };
}
