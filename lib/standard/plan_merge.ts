/** Decides which trains of a batch win, by the rule "the newest version of the newest epoch wins whole". Pure. */
import { compareRanks, type TrainRank } from "../train/train_rank.ts";
import type { TrainSpan } from "../validate/validate_chunk.ts";

/** What the table, or the batch so far, holds of one train. */
export interface TrainState extends TrainRank {
  readonly contentHash: bigint;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  /** Timetable rows. */
  readonly rowCount: number;
}

/** A train of the batch that is to be written: span `span` of chunk `chunk`. */
export interface Winner {
  readonly chunk: number;
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

/**
 * A newer version of a train after an older one of the same epoch: of the batch too, or, where `before` is null, of the
 * table. A source that was set up anew takes nothing back of what it said before: it knows nothing of that.
 */
export interface Renewal {
  readonly before: Winner | null;
  readonly after: Winner;
}

/** The decisions for one batch. */
export interface MergePlan {
  readonly winners: ReadonlyMap<number, Winner>;
  readonly counts: ReadonlyMap<number, MergeCounts>;
  /** In log order; a version with other content than before is none. */
  readonly renewals: readonly Renewal[];
  /** Messages with a lower version than one of their epoch before them, and nothing that shows that they were only late. */
  readonly backwards: readonly TrainSpan[];
}

const NO_COUNTS: MergeCounts = {
  accepted: 0,
  duplicate: 0,
  stale: 0,
  conflict: 0,
  rowsAdded: 0,
  rowsRemoved: 0,
};

type Outcome = "accepted" | "duplicate" | "stale";

/** One number per (departureDate, trainNumber); train numbers have at most five digits. */
export function trainKey(departureDay: number, trainNumber: number): number {
  return departureDay * 100_000 + trainNumber;
}

/** How a merge may differ from that of a batch. */
export interface PlanOptions {
  /** Keys of trains whose spans decide whatever the table has of them. */
  readonly anew?: ReadonlySet<number>;
  /** Which messages are counted; by default all. */
  readonly isCounted?: (span: TrainSpan) => boolean;
}

/**
 * Goes through the spans in log order; `held` says what the table has of a train key.
 * Counts are kept per Kafka partition. A train accepted twice in one batch counts twice and is written once,
 * so that the counts do not depend on where batches end.
 */
export function planMerge(
  chunks: readonly (readonly TrainSpan[])[],
  held: (key: number) => TrainState | undefined,
  { anew, isCounted = () => true }: PlanOptions = {},
): MergePlan {
  const winners = new Map<number, Winner>();
  const counts = new Map<number, MergeCounts>();
  const renewals: Renewal[] = [], backwards: TrainSpan[] = [];
  chunks.forEach((spans, chunk) => {
    for (const span of spans) {
      const key = trainKey(span.departureDay, span.trainNumber);
      const mine = countsOf(counts, span.partition);
      const before = winners.get(key);
      const current = before?.span ?? (anew?.has(key) ? undefined : held(key));
      const outcome = compareToHeld(current, span);
      const order = current === undefined ? 1 : compareRanks(span, current);
      const isConflict = outcome !== "duplicate" && order === 0;
      if (isCounted(span)) {
        mine[outcome]++;
        if (isConflict) mine.conflict++;
        if (current !== undefined && isBackwards(current, span)) backwards.push(span);
      }
      if (outcome !== "accepted") continue;
      const after = { chunk, span };
      winners.set(key, after);
      // The version of which a train is merged anew was compared when the first of its messages came.
      const isKnown = anew?.has(key) === true && isSameRank(held(key), span);
      if (order > 0 && current?.sourceEpoch === span.sourceEpoch && !isKnown) {
        renewals.push({ before: before ?? null, after });
      }
    }
  });
  for (const [key, { span }] of winners) {
    const mine = countsOf(counts, span.partition);
    mine.rowsAdded += span.rowCount;
    mine.rowsRemoved += held(key)?.rowCount ?? 0;
  }
  return { winners, counts, renewals, backwards };
}

/** Whether there is something, and it is of the same version of the same epoch. */
export function isSameRank(state: TrainRank | undefined, rank: TrainRank): boolean {
  return state !== undefined && compareRanks(state, rank) === 0;
}

function compareToHeld(current: TrainState | undefined, incoming: TrainState): Outcome {
  const order = current === undefined ? 1 : compareRanks(incoming, current);
  if (current === undefined || order > 0) return "accepted";
  if (order < 0) return "stale";
  if (incoming.contentHash === current.contentHash) return "duplicate";
  return isLater(incoming, current) ? "accepted" : "stale";
}

/**
 * A message that was fetched before the newer one was written came late, which is nobody's fault. Versions of different
 * epochs say nothing of each other.
 */
function isBackwards(current: TrainState, { sourceEpoch, version, fetchedAtMs }: TrainSpan): boolean {
  return sourceEpoch === current.sourceEpoch && version < current.version &&
    !(fetchedAtMs <= current.timestampMs);
}

/** Log order; across partitions, where the log has none, the message time decides, then the partition number. */
function isLater(a: TrainState, b: TrainState): boolean {
  if (a.partition === b.partition) return a.offset > b.offset;
  return a.timestampMs === b.timestampMs ? a.partition > b.partition : a.timestampMs > b.timestampMs;
}

function countsOf(counts: Map<number, MergeCounts>, partition: number): MergeCounts {
  const mine = counts.get(partition) ?? { ...NO_COUNTS };
  counts.set(partition, mine);
  return mine;
}
