/** Decides which trains of a batch win, by the rule "the newest version wins whole". Pure. */
import type { TrainSpan } from "../validate/validate_chunk.ts";

/** What the table, or the batch so far, holds of one train. */
export interface TrainState {
  readonly version: number;
  readonly contentHash: bigint;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** Timetable rows. */
  readonly rowCount: number;
}

/** A train of the batch that is to be written: span `span` of slice `slice`. */
export interface Winner {
  readonly slice: number;
  readonly span: TrainSpan;
}

/**
 * Messages of one Kafka partition by what became of them, and the rows that this adds and removes.
 * Conflicts are counted beside accepted or stale, not instead.
 */
export interface MergeCounts {
  accepted: number;
  duplicate: number;
  stale: number;
  conflict: number;
  rowsAdded: number;
  rowsRemoved: number;
}

/** The decisions for one batch. */
export interface MergePlan {
  readonly winners: ReadonlyMap<number, Winner>;
  readonly counts: ReadonlyMap<number, MergeCounts>;
}

const NO_COUNTS: MergeCounts = {
  accepted: 0,
  duplicate: 0,
  stale: 0,
  conflict: 0,
  rowsAdded: 0,
  rowsRemoved: 0,
};

type Verdict = "accepted" | "duplicate" | "stale";

/** One number per (departureDate, trainNumber); train numbers have at most five digits. */
export function trainKey(departureDay: number, trainNumber: number): number {
  return departureDay * 100_000 + trainNumber;
}

/**
 * Goes through the spans in log order; `held` tells what the table has of a train key.
 * Counts are kept per Kafka partition. A train accepted twice in one batch counts twice and is written once,
 * so that the counts do not depend on where batches end.
 */
export function planMerge(
  slices: readonly (readonly TrainSpan[])[],
  held: (key: number) => TrainState | undefined,
): MergePlan {
  const winners = new Map<number, Winner>();
  const counts = new Map<number, MergeCounts>();
  slices.forEach((spans, slice) => {
    for (const span of spans) {
      const key = trainKey(span.departureDay, span.trainNumber);
      const tally = tallyOf(counts, span.partition);
      const current = winners.get(key)?.span ?? held(key);
      const verdict = judge(current, span);
      tally[verdict]++;
      if (verdict !== "duplicate" && current?.version === span.version) tally.conflict++;
      if (verdict === "accepted") winners.set(key, { slice, span });
    }
  });
  for (const [key, { span }] of winners) {
    const tally = tallyOf(counts, span.partition);
    tally.rowsAdded += span.rowCount;
    tally.rowsRemoved += held(key)?.rowCount ?? 0;
  }
  return { winners, counts };
}

function judge(current: TrainState | undefined, incoming: TrainState): Verdict {
  if (current === undefined || incoming.version > current.version) return "accepted";
  if (incoming.version < current.version) return "stale";
  if (incoming.contentHash === current.contentHash) return "duplicate";
  return isLater(incoming, current) ? "accepted" : "stale";
}

/** Log order; across partitions, where the log has none, the message time decides, then the partition number. */
function isLater(a: TrainState, b: TrainState): boolean {
  if (a.partition === b.partition) return a.offset > b.offset;
  return a.timestampMs === b.timestampMs ? a.partition > b.partition : a.timestampMs > b.timestampMs;
}

function tallyOf(counts: Map<number, MergeCounts>, partition: number): MergeCounts {
  const tally = counts.get(partition) ?? { ...NO_COUNTS };
  counts.set(partition, tally);
  return tally;
}
