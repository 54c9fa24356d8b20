/** A batch: the judged slices that go into the tables together, one commit per table. */
import type { OffsetRange } from "../tables/offset_progress.ts";
import type { JudgedSlice } from "./chunk_frames.ts";

/** Judged slices in the order they were read. */
export interface Batch {
  readonly slices: readonly JudgedSlice[];
  /** One range per partition that has slices here, in partition order. */
  readonly ranges: readonly OffsetRange[];
  readonly messages: number;
  readonly sizeBytes: number;
}

/** Options of {@linkcode collectBatches}. */
export interface CollectOptions {
  readonly maxBytes: number;
  /** Where each partition starts; later ranges follow each other without holes. */
  readonly resume: ReadonlyMap<number, number>;
  /** Called when a batch is done and nothing holds its frames any more. */
  readonly settle: () => Promise<void>;
}

/**
 * Collects judged slices into batches of at least one slice and at most about `maxBytes`.
 */
export async function* collectBatches(
  slices: AsyncIterable<JudgedSlice>,
  { maxBytes, resume, settle }: CollectOptions,
): AsyncGenerator<Batch> {
  const next = new Map(resume);
  let open: JudgedSlice[] = [];
  let sizeBytes = 0;
  for await (const slice of slices) {
    if (open.length > 0 && sizeBytes + slice.sizeBytes > maxBytes) {
      yield closeBatch(open, next);
      open = [];
      sizeBytes = 0;
      await settle();
    }
    open.push(slice);
    sizeBytes += slice.sizeBytes;
  }
  if (open.length > 0) yield closeBatch(open, next);
}

function closeBatch(slices: readonly JudgedSlice[], next: Map<number, number>): Batch {
  const partitions = [...new Set(slices.map((slice) => slice.partition))].sort((a, b) => a - b);
  const ranges = partitions.map((partition) => {
    const mine = slices.filter((slice) => slice.partition === partition);
    const from = next.get(partition) ?? mine[0]?.firstOffset ?? 0;
    const to = mine.at(-1)?.nextOffset ?? from;
    next.set(partition, to);
    return { partition, from, to };
  });
  const messages = slices.reduce((sum, slice) => sum + slice.messages, 0);
  return { slices, ranges, messages, sizeBytes: slices.reduce((sum, slice) => sum + slice.sizeBytes, 0) };
}
