/** Worker thread: judges the slices that come in, one message each way per slice. */
import { type IpcPieces, joinPieces } from "./arrow_ipc.ts";
import { type EncodedSlice, judgeSlice } from "./validate_chunk.ts";
import type { PackedSlice } from "./packed_chunk.ts";

/** What the worker is asked. */
export interface JudgeRequest {
  readonly slice: PackedSlice;
  readonly topic: string;
  /** Memory of an earlier answer that nobody reads any more. */
  readonly spare: SharedArrayBuffer | undefined;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<JudgeRequest>) => void) | null;
  postMessage(message: EncodedSlice): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { slice, topic, spare } }) => {
  scope.postMessage(intoShared(judgeSlice(slice, topic, () => performance.now()), spare));
};

/**
 * Puts the Arrow bytes into memory that both threads see. Transferring them would detach a buffer, and V8 then takes a
 * check into every typed array access of this thread, which made judging a fifth slower.
 */
function intoShared(judged: EncodedSlice<IpcPieces>, spare: SharedArrayBuffer | undefined): EncodedSlice {
  const { landing, rows } = judged;
  const sizeBytes = landing.sizeBytes + (rows?.sizeBytes ?? 0);
  const buffer = spare !== undefined && spare.byteLength >= sizeBytes
    ? spare
    : new SharedArrayBuffer(Math.ceil(sizeBytes * 1.25));
  return {
    ...judged,
    landing: joinPieces(landing, new Uint8Array(buffer, 0, landing.sizeBytes)),
    rows: rows && joinPieces(rows, new Uint8Array(buffer, landing.sizeBytes, rows.sizeBytes)),
  };
}
