/**
 * One batch of records in the format that brokers keep and send since Kafka 0.11 (message format 2).
 *
 * Each odd field has its landing here, so that no record ever stops a read:
 * - a key that is no UTF-8 has no text and keeps its bytes;
 * - a header whose value is null, or whose name or value is no UTF-8, is no header; of a name that comes several times
 *   the last one counts, and there may be any number of them, of any size;
 * - a time is any 64 bits (-1 means "none" to some clients); who keeps it knows where its calendar ends.
 *
 * @module
 */

import type { LogRecord } from "../../broker.ts";
import { losslessText, recordKey } from "../../lossless_text.ts";
import { ByteReader } from "./byte_reader.ts";
import type { RecordBatch } from "./record_batch.ts";
import { unpackRecords } from "./unpack_records.ts";

const CODEC_BITS = 0x07;
const IS_APPEND_TIME = 0x08;
const IS_TRANSACTIONAL = 0x10;
const IS_CONTROL = 0x20;
const NO_HEADERS: LogRecord["headers"] = Object.freeze({});

/** A batch of format 2, given with its head. */
export function readBatch(entry: Uint8Array): RecordBatch {
  const reader = new ByteReader(entry);
  const firstOffset = reader.int64();
  // Length, leader epoch, magic, checksum: the broker verifies it.
  reader.take(4 + 4 + 1 + 4);
  const attributes = reader.int16();
  const lastOffset = firstOffset + BigInt(reader.int32());
  const firstTimestampMs = Number(reader.int64());
  const maxTimestampMs = Number(reader.int64());
  const producerId = reader.int64();
  // The producer's epoch and sequence.
  reader.take(2 + 4);
  const count = reader.int32();
  const packed = reader.take(reader.remaining);
  const times = (attributes & IS_APPEND_TIME) === 0 ? firstTimestampMs : { all: maxTimestampMs };
  return {
    firstOffset,
    lastOffset,
    producerId,
    isTransactional: (attributes & IS_TRANSACTIONAL) !== 0,
    isControl: (attributes & IS_CONTROL) !== 0,
    readRecords: async () => {
      const bytes = count > 0 ? await unpackRecords(attributes & CODEC_BITS, packed) : new Uint8Array();
      return readRecords(bytes, { count, firstOffset, times });
    },
  };
}

/** What the records of a batch have in common. */
interface BatchFrame {
  readonly count: number;
  readonly firstOffset: bigint;
  /** The time that the records' own are counted from, or the one that all of them have. */
  readonly times: number | { readonly all: number };
}

function* readRecords(bytes: Uint8Array, { count, firstOffset, times }: BatchFrame): Generator<LogRecord> {
  const reader = new ByteReader(bytes);
  for (let index = 0; index < count; index++) {
    const record = new ByteReader(reader.varBytes() ?? new Uint8Array());
    // Attributes, which no version uses.
    record.int8();
    const afterFirstMs = record.varint();
    const offset = firstOffset + BigInt(record.varint());
    const key = recordKey(record.varBytes());
    const value = record.varBytes();
    const timestampMs = typeof times === "number" ? times + afterFirstMs : times.all;
    yield { offset, timestampMs, ...key, value, headers: readHeaders(record) };
  }
}

function readHeaders(reader: ByteReader): LogRecord["headers"] {
  const count = reader.varint();
  if (count <= 0) return NO_HEADERS;
  const headers = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const name = reader.varBytes();
    const value = reader.varBytes();
    const nameText = name && losslessText(name);
    const valueText = value && losslessText(value);
    if (nameText !== null && valueText !== null) headers.set(nameText, valueText);
  }
  // By entries: a header may be called __proto__.
  return Object.fromEntries(headers);
}
