/** Worker thread: validates the chunks that come in, one message each way per chunk. */
import { type IpcPieces, joinPieces } from "./arrow_ipc.ts";
import { type EncodedChunk, validateChunk } from "./validate_chunk.ts";
import type { PackedChunk } from "./packed_chunk.ts";

/** What the worker is asked. */
export interface ValidateRequest {
  readonly chunk: PackedChunk;
  readonly topic: string;
  /** Memory of an earlier answer that nobody reads any more. */
  readonly spare: SharedArrayBuffer | undefined;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<ValidateRequest>) => void) | null;
  postMessage(message: EncodedChunk): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { chunk, topic, spare } }) => {
  scope.postMessage(intoShared(validateChunk(chunk, topic, () => performance.now()), spare));
};

/**
 * Puts the Arrow bytes into memory that both threads see. Transferring them would detach a buffer, and V8 then takes a
 * check into every typed array access of this thread, which made validation a fifth slower.
 */
function intoShared(validated: EncodedChunk<IpcPieces>, spare: SharedArrayBuffer | undefined): EncodedChunk {
  const { landing, rows } = validated;
  const sizeBytes = landing.sizeBytes + (rows?.sizeBytes ?? 0);
  const buffer = spare !== undefined && spare.byteLength >= sizeBytes
    ? spare
    : new SharedArrayBuffer(Math.ceil(sizeBytes * 1.25));
  return {
    ...validated,
    landing: joinPieces(landing, new Uint8Array(buffer, 0, landing.sizeBytes)),
    rows: rows && joinPieces(rows, new Uint8Array(buffer, landing.sizeBytes, rows.sizeBytes)),
  };
}
