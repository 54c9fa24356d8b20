/** A batch: the validated chunks that go into the tables together, one commit per table. */
import type { OffsetRange, SkippedOffsets } from "../tables/topic_table.ts";
import type { ValidatedChunk } from "./validate_chunk.ts";
import { chunkWeight } from "./plan_validation.ts";
import { daysOf, splitByDates } from "./split_chunk.ts";

/** Offsets of one partition in one batch: to - from = messages + expired + gaps. */
export interface BatchRange extends OffsetRange, SkippedOffsets {
  readonly messages: number;
}

/** Validated chunks in the order they were read. */
export interface Batch {
  /** None when all that the log has to tell is that no message is there. */
  readonly chunks: readonly ValidatedChunk[];
  /** One range per partition that is covered here, in partition order. */
  readonly ranges: readonly BatchRange[];
  readonly messages: number;
  readonly sizeBytes: number;
}

/** Departure dates of one batch: each is a file to write, however few its trains are. */
const MAX_DATES = 64;

/** Options of {@linkcode collectBatches}. */
export interface CollectOptions {
  readonly maxBytes: number;
  /** Where each partition starts; later ranges follow each other without holes. */
  readonly resume: ReadonlyMap<number, bigint>;
  /**
   * Up to where each partition was read; looked at when all chunks are here. The last batch also covers what follows
   * its messages.
   */
  readonly ends: ReadonlyMap<number, bigint>;
  /** Offsets per partition that have expired; they come first. Other offsets without a message are gaps. */
  readonly expired: ReadonlyMap<number, bigint>;
  /** Called when a batch is done and nothing holds its rows any more. */
  readonly releaseMemory: () => Promise<void>;
}

/**
 * Collects validated chunks into batches of at least one chunk and at most about `maxBytes`, which tiny messages
 * fill by their number. Without a chunk there is
 * one batch where the partitions still have offsets to cover.
 */
export async function* collectBatches(
  chunks: AsyncIterable<ValidatedChunk>,
  { maxBytes, resume, ends, expired, releaseMemory }: CollectOptions,
): AsyncGenerator<Batch> {
  const progress: Progress = { next: new Map(resume), expired: new Map(expired) };
  let days: ReadonlySet<number> = new Set();
  let open: ValidatedChunk[] = [];
  let weight = 0;
  for await (const chunk of withFewDates(chunks)) {
    const allDays = days.union(daysOf(chunk));
    if (open.length > 0 && (weight + chunkWeight(chunk) > maxBytes || allDays.size > MAX_DATES)) {
      yield closeBatch(open, progress, new Map());
      open = [];
      weight = 0;
      await releaseMemory();
    }
    days = open.length === 0 ? daysOf(chunk) : allDays;
    open.push(chunk);
    weight += chunkWeight(chunk);
  }
  const last = closeBatch(open, progress, ends);
  if (last.ranges.length > 0) yield last;
}

async function* withFewDates(chunks: AsyncIterable<ValidatedChunk>): AsyncGenerator<ValidatedChunk> {
  for await (const chunk of chunks) yield* splitByDates(chunk, MAX_DATES);
}

/** How far the batches have come. */
interface Progress {
  readonly next: Map<number, bigint>;
  /** Expired offsets that no batch has covered yet. */
  readonly expired: Map<number, bigint>;
}

function closeBatch(
  chunks: readonly ValidatedChunk[],
  progress: Progress,
  ends: ReadonlyMap<number, bigint>,
): Batch {
  const open = [...ends].filter(([partition, end]) => (progress.next.get(partition) ?? end) < end);
  const partitions = new Set([
    ...chunks.map((chunk) => chunk.partition),
    ...open.map(([partition]) => partition),
  ]);
  const ranges = [...partitions].sort((a, b) => a - b).map((partition) => {
    const mine = chunks.filter((chunk) => chunk.partition === partition);
    return closeRange(partition, mine, progress, ends.get(partition));
  });
  const messages = chunks.reduce((sum, chunk) => sum + chunk.messages, 0);
  return { chunks, ranges, messages, sizeBytes: chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0) };
}

function closeRange(
  partition: number,
  chunks: readonly ValidatedChunk[],
  { next, expired }: Progress,
  end: bigint | undefined,
): BatchRange {
  const from = next.get(partition) ?? chunks[0]?.firstOffset ?? 0n;
  const to = end ?? chunks.at(-1)?.nextOffset ?? from;
  const messages = chunks.reduce((sum, chunk) => sum + chunk.messages, 0);
  const skipped = to - from - BigInt(messages);
  const open = expired.get(partition) ?? 0n;
  const gone = open < skipped ? open : skipped;
  next.set(partition, to);
  expired.set(partition, open - gone);
  return { partition, from, to, messages, expired: gone, gaps: skipped - gone };
}
