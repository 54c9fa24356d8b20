/**
 * Puts released messages where they stand in the log. A later message of the same train and version may have come to
 * the tables first: which of them is to stay depends on all messages of that version, so these are read from landing.
 */
import { readMessages } from "../../landing/read_messages.ts";
import { readRejectedPlaces } from "../../landing/read_rejected_records.ts";
import type { Snapshot } from "../../delta/mod.ts";
import type { ReleasedInput } from "../../standard/merge_released.ts";
import { isSameRank, trainKey, type TrainState } from "../../standard/plan_merge.ts";
import type { Lake } from "../../tables/lake.ts";
import { rejectionId } from "../../tables/rejection_id.ts";
import type { OffsetRange } from "../../tables/topic_table.ts";
import type { TrainSpan, ValidatedChunk } from "../../validate/validate_chunk.ts";
import { validateChunks } from "../../validate/validate_chunks.ts";

/** What is released, and against what. */
export interface OrderOptions {
  readonly lake: Lake;
  readonly chunks: readonly ValidatedChunk[];
  /** What the standard table has of the trains, in this snapshot. */
  readonly held: ReadonlyMap<number, TrainState>;
  readonly snapshot: Snapshot;
  readonly monotonic: () => number;
}

/** A message with the rows that it is a part of. */
interface Entry {
  readonly rows: ValidatedChunk["rows"];
  readonly span: TrainSpan;
}

/** The messages in log order, with those that decide beside them. */
export async function orderReleased(options: OrderOptions): Promise<ReleasedInput> {
  const { chunks, held } = options;
  const own = chunks.flatMap(entriesOf);
  const contested = own.filter(({ span }) => isSameRank(held.get(keyOf(span)), span));
  const isOwn = new Set(own.map(({ span }) => rejectionId(span)));
  const ranges = rangesOf(contested, options);
  const others = (await readContested(contested, ranges, options)).filter(({ span }) =>
    !isOwn.has(rejectionId(span))
  );
  const known = new Set([...isOwn, ...others.map(({ span }) => rejectionId(span))]);
  // A message that landing cannot give any more stays what its train is compared with.
  const anew = new Set(
    contested.map(({ span }) => keyOf(span)).filter((key) => {
      const state = held.get(key);
      return state !== undefined && known.has(rejectionId(state));
    }),
  );
  const entries = [...own, ...others.filter(({ span }) => anew.has(keyOf(span)))].sort(inLogOrder);
  return {
    rows: entries.map(({ rows }) => rows),
    spans: entries.map(({ span }) => [span]),
    anew,
    partitions: ranges.map(({ partition }) => partition),
    isCounted: (span) => isOwn.has(rejectionId(span)),
  };
}

/** Messages of the contested versions that the standard table has decided about. */
async function readContested(
  contested: readonly Entry[],
  ranges: readonly OffsetRange[],
  { lake, monotonic }: OrderOptions,
): Promise<readonly Entry[]> {
  if (ranges.length === 0) return [];
  // The standard table may have moved on since they were read.
  await Promise.all([lake.landing, lake.quarantine].map(({ delta }) => delta.update()));
  // All contested messages of a train have the rank of what the table has of it.
  const ranks = new Map(contested.map(({ span }) => [keyOf(span), span]));
  const rejected = await readRejectedPlaces(lake.quarantine, ranges);
  // By no policy: what the standard table has come to and quarantine has not is let through.
  const chunks = validateChunks(readMessages(lake, ranges), { topic: lake.topic, aheadBytes: 0, monotonic });
  const found: Entry[] = [];
  for await (const chunk of chunks) {
    const mine = entriesOf(chunk).filter(({ span }) =>
      isSameRank(ranks.get(keyOf(span)), span) && !rejected.has(rejectionId(span))
    );
    for (const entry of mine) found.push(entry);
  }
  return found;
}

/** From the first message that a train is contested with to where the standard table ends. */
function rangesOf(
  contested: readonly Entry[],
  { lake, held, snapshot }: OrderOptions,
): readonly OffsetRange[] {
  const ends = lake.standard.nextOffsets(snapshot);
  const firsts = new Map<number, bigint>();
  for (const { span } of contested) {
    for (const { partition, offset } of [span, held.get(keyOf(span)) ?? span]) {
      const first = firsts.get(partition);
      if (first === undefined || offset < first) firsts.set(partition, offset);
    }
  }
  return [...firsts].map(([partition, from]) => ({ partition, from, to: ends.get(partition) ?? from }));
}

function entriesOf({ rows, spans }: ValidatedChunk): readonly Entry[] {
  return spans.map((span) => ({ rows, span }));
}

function keyOf({ departureDay, trainNumber }: TrainSpan): number {
  return trainKey(departureDay, trainNumber);
}

function inLogOrder({ span: a }: Entry, { span: b }: Entry): number {
  return a.partition - b.partition || Number(a.offset - b.offset);
}
