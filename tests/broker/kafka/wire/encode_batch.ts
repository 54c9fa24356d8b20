/** Record batches as a producer would make them, odd ones too: the inverse of lib/broker/kafka/wire, for tests. */

const encoder = new TextEncoder();

/** A record of a batch; text stands for its UTF-8. */
export interface SentRecord {
  readonly key?: string | Uint8Array | null;
  readonly value?: string | Uint8Array | null;
  readonly headers?: readonly (readonly [string | Uint8Array, string | Uint8Array | null])[];
  readonly timestampMs?: bigint;
  /** Where it stands; one after the record before it when absent. */
  readonly offset?: number;
}

/** What a batch says beside its records. */
export interface BatchOptions {
  readonly firstOffset?: bigint;
  /** Larger than the records' own where compaction took the last ones. */
  readonly lastOffsetDelta?: number;
  readonly attributes?: number;
  readonly producerId?: bigint;
  readonly count?: number;
  /** Compresses the records; the codec's number stands in `attributes`. */
  readonly pack?: (records: Uint8Array) => Uint8Array;
  readonly maxTimestampMs?: bigint;
}

/** One batch of format 2. */
export function encodeBatch(records: readonly SentRecord[], options: BatchOptions = {}): Uint8Array {
  const { firstOffset = 0n, attributes = 0, producerId = -1n, pack = (bytes) => bytes } = options;
  const firstMs = records[0]?.timestampMs ?? 0n;
  const packed = pack(concat(records.map((record, index) => encodeRecord(record, index, firstMs))));
  const body = concat([
    // Leader epoch, format, checksum.
    new Uint8Array(4),
    Uint8Array.of(2),
    new Uint8Array(4),
    int16(attributes),
    int32(options.lastOffsetDelta ?? Math.max(records.length - 1, 0)),
    int64(firstMs),
    int64(options.maxTimestampMs ?? firstMs),
    int64(producerId),
    int16(0),
    int32(-1),
    int32(options.count ?? records.length),
    packed,
  ]);
  return concat([int64(firstOffset), int32(body.length), body]);
}

function encodeRecord(record: SentRecord, index: number, firstMs: bigint): Uint8Array {
  const { key = null, value = null, headers = [], timestampMs = firstMs, offset = index } = record;
  const body = concat([
    Uint8Array.of(0),
    varint(timestampMs - firstMs),
    varint(BigInt(offset)),
    varBytes(key),
    varBytes(value),
    varint(BigInt(headers.length)),
    ...headers.flatMap(([name, text]) => [varBytes(name), varBytes(text)]),
  ]);
  return concat([varint(BigInt(body.length)), body]);
}

/** A signed number in zigzag, seven bits to a byte. */
export function varint(value: bigint): Uint8Array {
  let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const bytes: number[] = [];
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(left)]);
}

function varBytes(content: string | Uint8Array | null): Uint8Array {
  if (content === null) return varint(-1n);
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  return concat([varint(BigInt(bytes.length)), bytes]);
}

export function int16(value: number): Uint8Array {
  return numberBytes(2, (view) => view.setInt16(0, value));
}

export function int32(value: number): Uint8Array {
  return numberBytes(4, (view) => view.setInt32(0, value));
}

export function int64(value: bigint): Uint8Array {
  return numberBytes(8, (view) => view.setBigInt64(0, value));
}

function numberBytes(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}

/** The parts one after another. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
