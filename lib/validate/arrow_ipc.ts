/** Arrow columns to the bytes of an Arrow IPC file, which polars reads without another conversion. */
import {
  AsyncByteQueue,
  type Data,
  Field,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
} from "apache-arrow";

/** The bytes of an IPC file in pieces; most are views into the column buffers and valid as long as these. */
export interface IpcPieces {
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
}

/** Encodes columns of equal length. */
export function encodeColumns(columns: Readonly<Record<string, Data>>): IpcPieces {
  const children = Object.values(columns);
  const names = Object.keys(columns);
  const fields = children.map((child, i) => new Field(names[i] ?? "", child.type, true));
  const length = children[0]?.length ?? 0;
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  const sink = new PieceSink();
  const writer = new RecordBatchFileWriter().reset(sink);
  writer.write(new RecordBatch(new Schema(fields), data));
  writer.finish();
  return sink;
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

/** Keeps what the writer writes, where the writer's own queue would join it into another copy. */
class PieceSink extends AsyncByteQueue implements IpcPieces {
  readonly pieces: Uint8Array[] = [];
  sizeBytes = 0;

  override write(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.sizeBytes += piece.length;
  }
}
