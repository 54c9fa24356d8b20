/** How long the messages of a batch took on their way, and when the source was asked for them. */
import { type Column, longsOf } from "../../delta/mod.ts";
import type { Counts } from "../../tables/counts.ts";
import { DelayHistogram } from "../../tables/delay_bins.ts";
import { MEASURES } from "../../tables/measures.ts";
import type { MergeFindings } from "../../standard/stage_merge.ts";
import type { Batch } from "../../validate/collect_batches.ts";
import type { TrainSpan, ValidatedChunk } from "../../validate/validate_chunk.ts";

const MINUTE_MS = 60_000;
/** Clocks differ. */
const EARLY_MS = -2 * MINUTE_MS;
/** What was published a day after it was fetched is a recording: when it was fetched says nothing of the way. */
const RECORDED_MS = 24 * 60 * MINUTE_MS;
/** What was published so soon after it was fetched came from the source at that moment. */
const LIVE_MS = 5 * MINUTE_MS;

/** Milliseconds since 1970 UTC. */
export interface BatchTimes {
  /** When landing had the messages. */
  readonly landedMs: number;
  /** When the standard table is about to have them. */
  readonly mergedMs: number;
}

/** What the batch itself does not say. */
export interface MeasureOptions {
  readonly found: MergeFindings;
  /** Of the messages with a lower version than one before them those that nobody had sent before. */
  readonly unsent: readonly TrainSpan[];
  /** When the newest messages before the batch were fetched; null when that is not known. */
  readonly newestPollMs: () => number | null;
  readonly times: BatchTimes;
}

/** The measures of the batch, per Kafka partition; the polls, which are of all partitions, are with the first. */
export function measureBatch(
  { chunks, ranges }: Pick<Batch, "chunks" | "ranges">,
  { found: { changes }, unsent, newestPollMs, times }: MeasureOptions,
): ReadonlyMap<number, Counts> {
  const polls = pollsOf(chunks);
  const ofPolls = polls.length === 0 ? {} : measurePolls(polls, newestPollMs());
  return new Map(ranges.map(({ partition }, i) => {
    const backwards = unsent.filter((span) => span.partition === partition).length;
    const mine = {
      ...measureDelays(chunks.filter((chunk) => chunk.partition === partition), times),
      ...(backwards > 0 && { [MEASURES.backwards]: backwards }),
      ...changes.get(partition)?.toCounts(),
      ...(i === 0 && ofPolls),
    };
    return [partition, mine] as const;
  }));
}

/** The delays of the messages of some chunks. */
function measureDelays(chunks: readonly ValidatedChunk[], { landedMs, mergedMs }: BatchTimes): Counts {
  const publishing = new DelayHistogram(), landing = new DelayHistogram();
  const merging = new DelayHistogram(), whole = new DelayHistogram();
  let messages = 0;
  eachMessage(chunks, (writtenMs, fetchedMs) => {
    messages++;
    // Of a message without a time, which lands as one before 1970, nobody knows how long it took.
    if (!(writtenMs >= 0)) return;
    const took = writtenMs - fetchedMs;
    const isFetched = took >= EARLY_MS && took <= RECORDED_MS;
    if (isFetched) publishing.add(took);
    landing.add(landedMs - writtenMs);
    whole.add(mergedMs - (isFetched ? fetchedMs : writtenMs));
  });
  if (messages > 0) merging.add(mergedMs - landedMs, messages);
  return {
    [MEASURES.messages]: messages,
    ...publishing.toCounts(MEASURES.publishing),
    ...landing.toCounts(MEASURES.landing),
    ...merging.toCounts(MEASURES.merging),
    ...whole.toCounts(MEASURES.whole),
  };
}

/** When the source was asked, as far as it had news, in rising order; recordings that are published again ask nobody. */
function pollsOf(chunks: readonly ValidatedChunk[]): readonly number[] {
  const polls = new Set<number>();
  let last = NaN;
  eachMessage(chunks, (writtenMs, fetchedMs) => {
    const took = writtenMs - fetchedMs;
    // The messages of one answer stand side by side.
    if (fetchedMs !== last && took >= EARLY_MS && took <= LIVE_MS) polls.add(last = fetchedMs);
  });
  return [...polls].sort((a, b) => a - b);
}

/** The times between the polls, from the newest before them on; earlier ones were counted with that. */
function measurePolls(polls: readonly number[], newestBeforeMs: number | null): Counts {
  const gaps = new DelayHistogram();
  let last = newestBeforeMs;
  for (const poll of polls) {
    if (last !== null && poll <= last) continue;
    if (last !== null) gaps.add(poll - last);
    last = poll;
  }
  return gaps.toCounts(MEASURES.polls);
}

function eachMessage(
  chunks: readonly ValidatedChunk[],
  visit: (writtenMs: number, fetchedMs: number) => void,
): void {
  for (const { landing, messages } of chunks) {
    const writtenAt = timesOf(landing.kafkaMessageTimestamp), fetchedAt = timesOf(landing.fetchedAt);
    for (let row = 0; row < messages; row++) visit(writtenAt(row), fetchedAt(row));
  }
}

/** Milliseconds; NaN where there is none. */
function timesOf(column: Column | undefined): (row: number) => number {
  if (column?.kind !== "int64") return () => NaN;
  const { present } = column, micros = longsOf(column);
  return (row) => present !== null && present[row] === 0 ? NaN : Number(micros[row] ?? 0n) / 1000;
}
