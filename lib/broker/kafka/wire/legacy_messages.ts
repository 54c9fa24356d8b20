/** Messages in the formats 0 and 1, which brokers before Kafka 4 still have in old topics. */

import type { LogRecord } from "../../broker.ts";
import { recordKey } from "../../lossless_text.ts";
import { ByteReader } from "./byte_reader.ts";
import type { RecordBatch } from "./record_batch.ts";
import { unpackRecords } from "./unpack_records.ts";

const NEWEST_FORMAT = 1;
const CODEC_BITS = 0x07;
const NO_PRODUCER = -1n;

/** One message of the old formats. */
interface LegacyMessage {
  readonly offset: bigint;
  readonly format: number;
  readonly codec: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** One entry of a log in an old format, which is a message or several that are packed together. */
export function readLegacyEntry(entry: Uint8Array): RecordBatch {
  const message = readMessage(new ByteReader(entry));
  return {
    // What is packed has its offsets inside; only the last one stands outside.
    firstOffset: message.codec === 0 ? message.offset : 0n,
    lastOffset: message.offset,
    producerId: NO_PRODUCER,
    isTransactional: false,
    isControl: false,
    readRecords: async () => message.codec === 0 ? [toRecord(message)] : await readPacked(message),
  };
}

async function readPacked({ offset, codec, value, format }: LegacyMessage): Promise<readonly LogRecord[]> {
  const reader = new ByteReader(await unpackRecords(codec, value ?? new Uint8Array()));
  const messages: LegacyMessage[] = [];
  while (reader.remaining > 0) messages.push(readMessage(reader));
  // Format 1 counts the offsets inside from the first message of the pack.
  const shift = format === 0 ? 0n : offset - (messages.at(-1)?.offset ?? 0n);
  return messages.map((message) => toRecord({ ...message, offset: message.offset + shift }));
}

function readMessage(reader: ByteReader): LegacyMessage {
  const offset = reader.int64();
  const message = new ByteReader(reader.bytes() ?? new Uint8Array());
  // The checksum, which the broker verifies.
  message.take(4);
  const format = message.int8();
  if (format < 0 || format > NEWEST_FORMAT) throw new RangeError(`message format ${format}`);
  const codec = message.int8() & CODEC_BITS;
  const timestampMs = format === 0 ? -1 : Number(message.int64());
  return { offset, format, codec, timestampMs, key: message.bytes(), value: message.bytes() };
}

function toRecord({ offset, timestampMs, key, value }: LegacyMessage): LogRecord {
  return { offset, timestampMs, ...recordKey(key), value, headers: {} };
}
