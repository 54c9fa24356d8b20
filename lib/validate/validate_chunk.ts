/**
 * Stage 3 of 7. Receives chunks of the log from the broker; hands every message to landing, rejections to
 * quarantine, and the timetable rows of accepted trains to standard. Each message is validated here and only here.
 */
import { hash } from "node:crypto";
import { checkTrain } from "./check_train.ts";
import { encodeColumns, type IpcPieces } from "./arrow_ipc.ts";
import { landingColumns } from "./landing_columns.ts";
import type { PackedChunk } from "./packed_chunk.ts";
import { decodeText, parseMessage } from "./parse_message.ts";
import type { Fault, Rejection } from "./rejection.ts";
import { RowColumns } from "./row_columns.ts";
import type { DriftCounts } from "./schema_drift.ts";

/** One accepted train of a chunk and where its rows stand in the chunk's rows. */
export interface TrainSpan {
  readonly departureDay: number;
  readonly trainNumber: number;
  readonly version: number;
  /** 64 bits over the message bytes. */
  readonly contentHash: bigint;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

/** What became of the messages of one chunk. */
export interface ChunkResult {
  readonly partition: number;
  readonly firstOffset: bigint;
  readonly nextOffset: bigint;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly spans: readonly TrainSpan[];
  readonly rejections: readonly Rejection[];
  readonly drift: DriftCounts;
  /** Seconds that validation took. */
  readonly seconds: number;
}

/** A validated chunk with its rows as Arrow IPC files; `rows` is null when no train was accepted. */
export interface EncodedChunk<Bytes = Uint8Array> extends ChunkResult {
  readonly landing: Bytes;
  readonly rows: Bytes | null;
}

interface OpenResult {
  readonly spans: TrainSpan[];
  readonly rejections: Rejection[];
  readonly drift: DriftCounts;
  /** 1 where the bytes are no UTF-8. */
  readonly undecodable: Uint8Array;
}

const columns = new RowColumns();

/** Validates all messages of a chunk; the pieces are valid until the next call. `topic` goes into the landing rows; `monotonic` returns milliseconds for the timing. */
export function validateChunk(
  chunk: PackedChunk,
  topic: string,
  monotonic: () => number,
): EncodedChunk<IpcPieces> {
  const started = monotonic();
  const messages = chunk.offsets.length;
  const result: OpenResult = {
    spans: [],
    rejections: [],
    drift: new Map(),
    undecodable: new Uint8Array(messages),
  };
  columns.clear();
  for (let i = 0; i < messages; i++) {
    const fault = validateMessage(chunk, i, result);
    if (fault !== null) result.rejections.push(rejectionOf(chunk, i, fault));
  }
  const { spans, rejections, drift, undecodable } = result;
  return {
    partition: chunk.partition,
    firstOffset: chunk.offsets[0] ?? chunk.nextOffset,
    nextOffset: chunk.nextOffset,
    messages,
    sizeBytes: chunk.bytes.length,
    landing: encodeColumns(landingColumns(chunk, topic, undecodable)),
    rows: columns.length > 0 ? encodeColumns(columns.toData()) : null,
    spans,
    rejections,
    drift,
    seconds: (monotonic() - started) / 1000,
  };
}

/** Appends the rows of message `i` when it is a train; else says why not. */
function validateMessage(chunk: PackedChunk, i: number, result: OpenResult): Fault | null {
  const bytes = chunk.bytes.subarray(chunk.ends[i], chunk.ends[i + 1]);
  if (bytes.length === 0) return emptyMessage(chunk.absent[i] === 1);
  const text = decodeText(bytes);
  if (text === null) {
    result.undecodable[i] = 1;
    return { code: "not_utf8", message: "The bytes are no UTF-8", path: "$", rule: "S1" };
  }
  const train = parseMessage(bytes, text, result.drift);
  if ("code" in train) return train;
  const times = checkTrain(train);
  if ("code" in times) return times;
  const digest = hash("sha1", bytes, "buffer");
  const place = {
    partition: chunk.partition,
    offset: chunk.offsets[i] ?? 0n,
    timestampMs: chunk.timestampsMs[i] ?? 0,
    hashLow: digest.readInt32LE(0),
    hashHigh: digest.readInt32LE(4),
  };
  result.spans.push({
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

function rejectionOf(chunk: PackedChunk, i: number, fault: Fault): Rejection {
  const fetchedAtMs = chunk.fetchedAtMs[i] ?? NaN;
  return {
    ...fault,
    partition: chunk.partition,
    offset: chunk.offsets[i] ?? 0n,
    timestampMs: chunk.timestampsMs[i] ?? 0,
    key: chunk.keys[i] ?? null,
    keyBytes: chunk.keyBytes.get(i) ?? null,
    fetchedAtMs: Number.isNaN(fetchedAtMs) ? null : fetchedAtMs,
    rawValue: chunk.absent[i] === 1 ? null : chunk.bytes.slice(chunk.ends[i], chunk.ends[i + 1]),
  };
}

function emptyMessage(absent: boolean): Fault {
  const message = absent ? "The message has no value (a tombstone)" : "The message is empty";
  return { code: "empty_message", message, path: "$", rule: "S1" };
}
