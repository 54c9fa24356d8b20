/** How a log is cut into chunks and batches, and whether a worker thread validates them: by what waits. Pure. */

/** Sizes in bytes of messages. */
export interface ValidationPlan {
  /** Of one batch, which is one commit per table. */
  readonly maxBatchBytes: number;
  readonly maxChunkBytes: number;
  /** What a worker validates ahead of the batch that is written; 0: no worker. */
  readonly aheadBytes: number;
}

/** What a message costs at least, however small it is: its place in columns, its rejection, its quarantine row. */
const MESSAGE_BYTES = 250;
/** Messages from which a worker thread pays for its start. */
const WORKER_MESSAGES = 2_000;
/** From here on larger chunks would only hold more memory. */
const MAX_CHUNKED_BYTES = 16_000_000;

/** What a chunk counts for in the bounds of what is in memory, in bytes. */
export function chunkWeight(
  { sizeBytes, messages }: { readonly sizeBytes: number; readonly messages: number },
): number {
  return Math.max(sizeBytes, messages * MESSAGE_BYTES);
}

/**
 * Plans for so many messages within a bound on what is in memory. While one half of it is written, a worker validates
 * the other.
 */
export function planValidation(messages: number, maxBytes: number): ValidationPlan {
  const inWorker = messages >= WORKER_MESSAGES;
  const maxBatchBytes = inWorker ? maxBytes / 2 : maxBytes;
  return {
    maxBatchBytes,
    maxChunkBytes: Math.ceil(Math.min(maxBatchBytes, MAX_CHUNKED_BYTES) / 4),
    aheadBytes: inWorker ? maxBatchBytes : 0,
  };
}
