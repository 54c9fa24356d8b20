/**
 * Stage 3 of 7. Receives chunks of the log from the broker; hands every message to landing, rejections to
 * quarantine, and the timetable rows of accepted trains to standard. Each message is validated here and only here.
 */
import { hash } from "node:crypto";
import type { Columns } from "../delta/mod.ts";
import type { TrainRank } from "../train/train_rank.ts";
import type { DriftRefusal, PlacedRefusal } from "./drift/refuse_drift.ts";
import { landingColumns } from "./landing_columns.ts";
import type { PackedChunk } from "./packed_chunk.ts";
import { QuarantineColumns } from "./quarantine_columns.ts";
import { readCarefully } from "./read_carefully.ts";
import type { Fault, Rejection } from "./rejection.ts";
import { RowColumns } from "./row_columns.ts";
import { TrainScanner } from "./scan/train_scanner.ts";
import type { DriftCounts } from "./schema_drift.ts";
import { createTrainValues, type TrainValues } from "./values/train_values.ts";

/** One accepted train of a chunk and where its rows stand in the chunk's rows. */
export interface TrainSpan extends TrainRank {
  readonly departureDay: number;
  readonly trainNumber: number;
  /** 64 bits over the message bytes. */
  readonly contentHash: bigint;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  /** NaN where the message does not say it. */
  readonly fetchedAtMs: number;
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
  readonly drift: DriftCounts;
  /** Seconds that validation took. */
  readonly seconds: number;
}

/**
 * What became of one chunk: all messages for landing, those that are no trains for quarantine (no columns when there
 * are none), and the timetable rows of accepted trains, null when there are none.
 */
export interface ValidatedChunk extends ChunkResult {
  readonly landing: Columns;
  readonly quarantine: Columns;
  readonly rows: Columns | null;
}

interface OpenResult {
  readonly columns: RowColumns;
  /** The train at hand; its room goes with the chunk, since a single message may need much. */
  readonly values: TrainValues;
  /** Fills `values`. Without it all messages would take the careful way, to the same end. */
  readonly scanner: TrainScanner;
  readonly spans: TrainSpan[];
  /** The rejections; made with the first of them. */
  quarantine: QuarantineColumns | null;
  readonly drift: DriftCounts;
  readonly refusal: PlacedRefusal | null;
  /** 1 where the bytes are no UTF-8. */
  readonly undecodable: Uint8Array;
}

/** One for all chunks, which are validated one after another; made with the first. */
let allColumns: RowColumns | undefined;
let allRejections: QuarantineColumns | undefined;

/** What goes along with a chunk. */
export interface ValidateChunkOptions {
  /** Goes into the landing rows. */
  readonly topic: string;
  /** Milliseconds, for the timing. */
  readonly monotonic: () => number;
  /** Which trains are kept out though the schema takes them; none by default. */
  readonly refusal?: PlacedRefusal | null;
}

/** Validates all messages of a chunk; the columns are valid until the next call. */
export function validateChunk(
  chunk: PackedChunk,
  { topic, monotonic, refusal = null }: ValidateChunkOptions,
): ValidatedChunk {
  const started = monotonic();
  const messages = chunk.offsets.length;
  const values = createTrainValues();
  const columns = allColumns ??= new RowColumns();
  columns.clear();
  const result: OpenResult = {
    columns,
    values,
    scanner: new TrainScanner(values, { givesUpAtNewValues: refusal?.values ?? false }),
    spans: [],
    quarantine: null,
    drift: new Map(),
    refusal,
    undecodable: new Uint8Array(messages),
  };
  for (let i = 0; i < messages; i++) {
    const fault = validateMessage(chunk, i, result);
    if (fault !== null) quarantineOf(result).append(rejectionOf(chunk, i, fault), topic);
  }
  const { spans, quarantine, drift, undecodable } = result;
  return {
    partition: chunk.partition,
    firstOffset: chunk.offsets[0] ?? chunk.nextOffset,
    nextOffset: chunk.nextOffset,
    messages,
    sizeBytes: chunk.bytes.length,
    landing: landingColumns(chunk, topic, undecodable),
    quarantine: quarantine?.toColumns() ?? {},
    rows: columns.length > 0 ? columns.toColumns() : null,
    spans,
    drift,
    seconds: (monotonic() - started) / 1000,
  };
}

/** Appends the rows of message `i` when it is a train; else says why not. */
function validateMessage(chunk: PackedChunk, i: number, result: OpenResult): Fault | null {
  const from = chunk.ends[i] ?? 0, to = chunk.ends[i + 1] ?? 0;
  if (from === to) return emptyMessage(chunk.absent[i] === 1);
  const { values, scanner, drift } = result;
  if (!scanner.scan(chunk.bytes, from, to, drift)) {
    const refusal = refusalAt(chunk, i, result);
    const fault = readCarefully(chunk.bytes.subarray(from, to), values, { drift, refusal });
    if (fault?.code === "not_utf8") result.undecodable[i] = 1;
    if (fault !== null) return fault;
  }
  result.spans.push(appendRows(chunk, i, result));
  return null;
}

/** Messages that were decided on before are not decided on again. */
function refusalAt(
  { partition, offsets }: PackedChunk,
  i: number,
  { refusal }: OpenResult,
): DriftRefusal | null {
  return refusal === null || (offsets[i] ?? 0n) < (refusal.from.get(partition) ?? 0n) ? null : refusal;
}

/** Takes the train in `values`, which message `i` brought. */
function appendRows(chunk: PackedChunk, i: number, { values, columns }: OpenResult): TrainSpan {
  const { train } = values;
  const digest = hash("sha1", chunk.bytes.subarray(chunk.ends[i], chunk.ends[i + 1]), "buffer");
  const span = {
    departureDay: train.of("departureDate").number(0) ?? 0,
    trainNumber: train.of("trainNumber").number(0) ?? 0,
    sourceEpoch: chunk.sourceEpochs?.[i] ?? 0,
    version: train.of("version").number(0) ?? 0,
    contentHash: digest.readBigInt64LE(0),
    partition: chunk.partition,
    offset: chunk.offsets[i] ?? 0n,
    timestampMs: chunk.timestampsMs[i] ?? 0,
    fetchedAtMs: chunk.fetchedAtMs[i] ?? NaN,
    firstRow: columns.length,
    rowCount: train.inside("timeTableRows").length,
  };
  columns.append(values, { ...span, hashLow: digest.readInt32LE(0), hashHigh: digest.readInt32LE(4) });
  return span;
}

function quarantineOf(result: OpenResult): QuarantineColumns {
  if (result.quarantine === null) {
    result.quarantine = allRejections ??= new QuarantineColumns();
    result.quarantine.clear();
  }
  return result.quarantine;
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
    sourceEpoch: chunk.sourceEpochs?.[i] ?? 0,
    rawValue: chunk.absent[i] === 1 ? null : chunk.bytes.subarray(chunk.ends[i], chunk.ends[i + 1]),
  };
}

function emptyMessage(absent: boolean): Fault {
  const message = absent ? "The message has no value (a tombstone)" : "The message is empty";
  return { code: "empty_message", message, path: "$", rule: "S1" };
}
