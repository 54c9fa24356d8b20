/** The landing rows of a chunk as Arrow columns; the message bytes go in as they are, without decode and encode. */
import type { Data } from "apache-arrow";
import { arrow } from "../packages/arrow.ts";
import { Int32Column, Int64Column } from "./number_columns.ts";
import type { PackedChunk } from "./packed_chunk.ts";
import { DictionaryColumn, Utf8Column } from "./text_columns.ts";

/** Columns of the landing table. `undecodable` is 1 where a message is no UTF-8: its jsonValue is null. */
export function landingColumns(
  chunk: PackedChunk,
  topic: string,
  undecodable: Uint8Array,
): Record<string, Data> {
  const count = chunk.offsets.length;
  const topics = new DictionaryColumn();
  const partitions = new Int32Column(new arrow.Int32());
  topics.append(topic, count);
  partitions.append(chunk.partition, count);
  return {
    jsonValue: jsonValues(chunk, undecodable),
    kafkaMessageTimestamp: timeColumn(chunk.timestampsMs),
    kafkaTopic: topics.toData(),
    kafkaPartition: partitions.toData(),
    kafkaOffset: arrow.makeData({
      type: new arrow.Int64(),
      length: count,
      nullCount: 0,
      data: chunk.offsets,
    }),
    messageKey: keyColumn(chunk.keys),
    fetchedAt: timeColumn(chunk.fetchedAtMs),
    messageKeyBytes: keyBytesColumn(chunk.keyBytes, count),
  };
}

/** The packed bytes themselves when every message has text, which is nearly always; else a copy with nulls. */
function jsonValues(chunk: PackedChunk, undecodable: Uint8Array): Data {
  const { bytes, ends, absent } = chunk;
  const length = absent.length;
  if (!absent.includes(1) && !undecodable.includes(1)) {
    return arrow.makeData({ type: new arrow.Utf8(), length, nullCount: 0, valueOffsets: ends, data: bytes });
  }
  const column = new Utf8Column();
  for (let i = 0; i < length; i++) {
    if (absent[i] === 1 || undecodable[i] === 1) column.appendNull();
    else column.append(bytes.subarray(ends[i], ends[i + 1]));
  }
  return column.toData();
}

function timeColumn(milliseconds: Float64Array): Data {
  const column = new Int64Column(new arrow.TimestampMicrosecond("UTC"));
  column.appendAll(milliseconds.map((value) => value * 1000), milliseconds.length);
  return column.toData();
}

function keyColumn(keys: readonly (string | null)[]): Data {
  const column = new Utf8Column();
  column.appendAll(keys, keys.length);
  return column.toData();
}

/** Nearly always nulls, so it is made without a buffer of its own. */
function keyBytesColumn(keyBytes: ReadonlyMap<number, Uint8Array>, length: number): Data {
  const valueOffsets = new Int32Array(length + 1);
  const nullBitmap = new Uint8Array((length + 7) >> 3);
  const data = new Uint8Array(keyBytes.values().reduce((sum, bytes) => sum + bytes.length, 0));
  let end = 0;
  for (let i = 0; i < length && keyBytes.size > 0; i++) {
    const bytes = keyBytes.get(i);
    if (bytes !== undefined) {
      data.set(bytes, end);
      end += bytes.length;
      nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
    }
    valueOffsets[i + 1] = end;
  }
  return arrow.makeData({
    type: new arrow.Binary(),
    length,
    nullCount: length - keyBytes.size,
    nullBitmap,
    valueOffsets,
    data,
  });
}
