/**
 * Stage 5 of 7. Receives validated chunks from validate; hands the newest version of each train to the standard table.
 * A merge reads and rewrites only the files that hold trains of the batch.
 */
import type { ValidatedChunk } from "../validate/chunk_frames.ts";
import type { CommitOutcome, SetTransaction } from "../delta/mod.ts";
import type { MergeCounts } from "./plan_merge.ts";
import { type MergeInput, stageMerge, type StageOptions } from "./stage_merge.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";

/** What a merge needs beside the chunks. */
export interface MergeOptions extends StageOptions {
  /** How far the commit takes each topic-partition. */
  readonly transactions: readonly SetTransaction[];
  /** Whether the table, as it stands now, still wants these chunks next. */
  readonly isNext: () => boolean;
  /** Further metrics of the commit, from the counts per Kafka partition: the batch's accounting. */
  readonly describeCommit: (counts: ReadonlyMap<number, MergeCounts>) => Readonly<Record<string, string>>;
}

/** How often a merge is computed again when other writers were faster. */
const ATTEMPT_LIMIT = 10;

/**
 * Merges the chunks in one commit. A merge that lost to a writer of other partitions is computed again;
 * one whose own offsets another process has taken in comes back as a conflict of kind "txn".
 */
export async function mergeTrains(
  chunks: readonly ValidatedChunk[],
  options: MergeOptions,
): Promise<CommitOutcome> {
  const input = {
    frames: chunks.map((chunk) => chunk.rows),
    spans: chunks.map((chunk) => chunk.spans),
  };
  for (let attempt = 1;; attempt++) {
    if (!options.isNext()) {
      return { status: "conflict", kind: "txn", version: options.table.snapshot.version };
    }
    const result = await tryMerge(input, options);
    if (result.status === "committed" || result.kind === "txn" || attempt === ATTEMPT_LIMIT) return result;
    await options.table.update();
  }
}

async function tryMerge(input: MergeInput, options: MergeOptions): Promise<CommitOutcome> {
  const { table } = options;
  const snapshot = table.snapshot;
  const staged = await stageMerge(input, snapshot, options);
  const result = await table.commit({
    operation: "MERGE",
    operationParameters: {
      matched: "the newest version of (departureDate, trainNumber) replaces all its rows",
    },
    operationMetrics: { ...rowMetrics(staged.counts), ...options.describeCommit(staged.counts) },
    adds: staged.adds,
    removes: staged.removes,
    txns: options.transactions,
    readSnapshot: snapshot,
    reads: { matches: (values) => staged.datesRead.has(values[STANDARD_PARTITION] ?? "") },
  });
  if (result.status === "conflict") await table.discard(staged.adds);
  return result;
}

/** The metrics' names are Spark's. */
function rowMetrics(counts: ReadonlyMap<number, MergeCounts>): Record<string, string> {
  const perPartition = [...counts.values()];
  const added = perPartition.reduce((sum, counts) => sum + counts.rowsAdded, 0);
  const removed = perPartition.reduce((sum, counts) => sum + counts.rowsRemoved, 0);
  return { numTargetRowsInserted: String(added), numTargetRowsDeleted: String(removed) };
}
