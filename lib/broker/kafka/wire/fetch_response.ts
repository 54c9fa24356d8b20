/** The answer to a fetch (versions 4 to 11). kafkajs has a reader of its own, which stops at headers without a value and hides batches that compaction emptied. */

import { ByteReader } from "./byte_reader.ts";

/** From which version on the answer has a field. */
const LOG_START_SINCE = 5;
const SESSION_SINCE = 7;
const CLIENT_WAITS_SINCE = 8;
const PREFERRED_REPLICA_SINCE = 11;

/** One partition in an answer. */
export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Batches of records, for `splitBatches`. */
  readonly bytes: Uint8Array;
}

/** A transaction whose records do not count, from its first offset to the marker that ends it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** What a broker answered. */
export interface FetchResponse {
  /** Milliseconds that the broker made us wait because of a quota. */
  readonly throttleTime: number;
  /** Milliseconds that the broker asks us to wait; kafkajs does, when it finds this name. */
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

/** @throws {RangeError} When the answer is not of that version. */
export function readFetchResponse(payload: Uint8Array, version: number): FetchResponse {
  const reader = new ByteReader(payload);
  const throttle = reader.int32();
  const errorCode = version >= SESSION_SINCE ? reader.int16() : 0;
  if (version >= SESSION_SINCE) reader.int32();
  const partitions = readList(reader, () => {
    reader.take(Math.max(reader.int16(), 0));
    return readList(reader, () => readPartition(reader, version));
  });
  const clientWaits = version >= CLIENT_WAITS_SINCE;
  return {
    throttleTime: clientWaits ? 0 : throttle,
    clientSideThrottleTime: clientWaits ? throttle : 0,
    errorCode,
    partitions: partitions.flat(),
  };
}

function readPartition(reader: ByteReader, version: number): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  // The high watermark and the last stable offset: the range to read was decided before.
  reader.take(8 + 8);
  if (version >= LOG_START_SINCE) reader.int64();
  const aborted = readList(reader, () => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  if (version >= PREFERRED_REPLICA_SINCE) reader.int32();
  return { partition, errorCode, aborted, bytes: reader.bytes() ?? new Uint8Array() };
}

// Not by a length that was read: an answer that claims a billion entries ends where its bytes end.
function readList<T>(reader: ByteReader, readEntry: () => T): readonly T[] {
  const entries: T[] = [];
  for (let left = reader.int32(); left > 0; left--) entries.push(readEntry());
  return entries;
}
