/** The landing rows of a chunk as columns; the message bytes go in as they are, without decode and encode. */
import type { Column, Columns } from "../delta/mod.ts";
import { EpochColumn } from "./epoch_column.ts";
import { Int32Column, Int64Column } from "./number_columns.ts";
import type { PackedChunk } from "./packed_chunk.ts";
import { DictionaryColumn, Utf8Column } from "./text_columns.ts";

/** Columns of the landing table. `undecodable` is 1 where a message is no UTF-8: its jsonValue is null. */
export function landingColumns(
  chunk: PackedChunk,
  topic: string,
  undecodable: Uint8Array,
): Columns {
  const count = chunk.offsets.length;
  const topics = new DictionaryColumn();
  const partitions = new Int32Column();
  topics.append(topic, count);
  partitions.append(chunk.partition, count);
  return {
    jsonValue: jsonValues(chunk, undecodable),
    kafkaMessageTimestamp: timeColumn(chunk.timestampsMs),
    kafkaTopic: topics.toColumn(),
    kafkaPartition: partitions.toColumn(),
    kafkaOffset: {
      kind: "int64",
      length: count,
      present: null,
      halves: new Int32Array(chunk.offsets.buffer, chunk.offsets.byteOffset, count * 2),
    },
    messageKey: keyColumn(chunk.keys),
    fetchedAt: timeColumn(chunk.fetchedAtMs),
    messageKeyBytes: keyBytesColumn(chunk.keyBytes, count),
    sourceEpoch: epochColumn(chunk.sourceEpochs, count),
  };
}

/** The packed bytes themselves when every message has text, which is nearly always; else a copy with nulls. */
function jsonValues(chunk: PackedChunk, undecodable: Uint8Array): Column {
  const { bytes, ends, absent } = chunk;
  const length = absent.length;
  if (!absent.includes(1) && !undecodable.includes(1)) {
    return { kind: "bytes", length, present: null, ends, bytes };
  }
  const column = new Utf8Column();
  for (let i = 0; i < length; i++) {
    if (absent[i] === 1 || undecodable[i] === 1) column.appendNull();
    else column.append(bytes.subarray(ends[i], ends[i + 1]));
  }
  return column.toColumn();
}

function timeColumn(milliseconds: Float64Array): Column {
  const column = new Int64Column();
  column.appendAll(milliseconds.map((value) => value * 1000), milliseconds.length);
  return column.toColumn();
}

function epochColumn(epochs: Int32Array | null, count: number): Column {
  const column = new EpochColumn();
  if (epochs === null) column.appendNull(count);
  else for (const epoch of epochs) column.append(epoch);
  return column.toColumn();
}

function keyColumn(keys: readonly (string | null)[]): Column {
  const column = new Utf8Column();
  column.appendAll(keys, keys.length);
  return column.toColumn();
}

/** Nearly always nulls, so it is made without a buffer of its own. */
function keyBytesColumn(keyBytes: ReadonlyMap<number, Uint8Array>, length: number): Column {
  const ends = new Int32Array(length + 1);
  const present = new Uint8Array(length);
  const all = new Uint8Array(keyBytes.values().reduce((sum, bytes) => sum + bytes.length, 0));
  let end = 0;
  for (let i = 0; i < length && keyBytes.size > 0; i++) {
    const bytes = keyBytes.get(i);
    if (bytes !== undefined) {
      all.set(bytes, end);
      end += bytes.length;
      present[i] = 1;
    }
    ends[i + 1] = end;
  }
  return { kind: "bytes", length, present, ends, bytes: all };
}
