/** A batch: the validated chunks that go into the tables together, one commit per table. */
import type { OffsetRange } from "../tables/topic_table.ts";
import type { ValidatedChunk } from "./chunk_frames.ts";

/** Validated chunks in the order they were read. */
export interface Batch {
  readonly chunks: readonly ValidatedChunk[];
  /** One range per partition that has chunks here, in partition order. */
  readonly ranges: readonly OffsetRange[];
  readonly messages: number;
  readonly sizeBytes: number;
}

/** Options of {@linkcode collectBatches}. */
export interface CollectOptions {
  readonly maxBytes: number;
  /** Where each partition starts; later ranges follow each other without holes. */
  readonly resume: ReadonlyMap<number, bigint>;
  /** Called when a batch is done and nothing holds its frames any more. */
  readonly releaseMemory: () => Promise<void>;
}

/**
 * Collects validated chunks into batches of at least one chunk and at most about `maxBytes`.
 */
export async function* collectBatches(
  chunks: AsyncIterable<ValidatedChunk>,
  { maxBytes, resume, releaseMemory }: CollectOptions,
): AsyncGenerator<Batch> {
  const next = new Map(resume);
  let open: ValidatedChunk[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    if (open.length > 0 && sizeBytes + chunk.sizeBytes > maxBytes) {
      yield closeBatch(open, next);
      open = [];
      sizeBytes = 0;
      await releaseMemory();
    }
    open.push(chunk);
    sizeBytes += chunk.sizeBytes;
  }
  if (open.length > 0) yield closeBatch(open, next);
}

function closeBatch(chunks: readonly ValidatedChunk[], next: Map<number, bigint>): Batch {
  const partitions = [...new Set(chunks.map((chunk) => chunk.partition))].sort((a, b) => a - b);
  const ranges = partitions.map((partition) => {
    const mine = chunks.filter((chunk) => chunk.partition === partition);
    const from = next.get(partition) ?? mine[0]?.firstOffset ?? 0n;
    const to = mine.at(-1)?.nextOffset ?? from;
    next.set(partition, to);
    return { partition, from, to };
  });
  const messages = chunks.reduce((sum, chunk) => sum + chunk.messages, 0);
  return { chunks, ranges, messages, sizeBytes: chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0) };
}
