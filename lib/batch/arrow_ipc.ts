/** Arrow columns to the bytes of an Arrow IPC file, which polars reads without another conversion. */
import { type Data, Field, makeData, RecordBatch, RecordBatchFileWriter, Schema, Struct } from "apache-arrow";

/** Encodes columns of equal length; the bytes are a copy, the column buffers may be reused. */
export function encodeColumns(columns: Readonly<Record<string, Data>>): Uint8Array {
  const children = Object.values(columns);
  const names = Object.keys(columns);
  const fields = children.map((child, i) => new Field(names[i] ?? "", child.type, true));
  const length = children[0]?.length ?? 0;
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  const batch = new RecordBatch(new Schema(fields), data);
  return RecordBatchFileWriter.writeAll([batch]).toUint8Array(true);
}
