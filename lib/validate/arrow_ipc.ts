/** Arrow columns to the bytes of an Arrow IPC file, which polars reads without another conversion. */
import type { Data } from "apache-arrow";
import { arrow } from "../packages/arrow.ts";

/** The bytes of an IPC file in pieces; most are views into the column buffers and valid as long as these. */
export interface IpcPieces {
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
}

/** Encodes columns of equal length. */
export function encodeColumns(columns: Readonly<Record<string, Data>>): IpcPieces {
  const children = Object.values(columns);
  const names = Object.keys(columns);
  const fields = children.map((child, i) => new arrow.Field(names[i] ?? "", child.type, true));
  const length = children[0]?.length ?? 0;
  const data = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children });
  const pieces: Uint8Array[] = [];
  const sink = new arrow.AsyncByteQueue();
  // The writer's own queue would join the pieces into another copy.
  sink.write = (piece: Uint8Array) => void pieces.push(piece);
  const writer = new arrow.RecordBatchFileWriter().reset(sink);
  writer.write(new arrow.RecordBatch(new arrow.Schema(fields), data));
  writer.finish();
  return { pieces, sizeBytes: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}

/** Copies the pieces one after another into `target`, which has room for them. */
export function joinPieces({ pieces }: IpcPieces, target: Uint8Array): Uint8Array {
  let position = 0;
  for (const piece of pieces) {
    target.set(piece, position);
    position += piece.length;
  }
  return target;
}
