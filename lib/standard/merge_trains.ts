/**
 * Stage 5 of 7. Receives validated chunks from validate; hands the newest version of each train to the standard table.
 *
 * Not the Delta library's `replaceGroups`: that reads every file that may hold a key, while the index of trains here
 * decides by version, content and place in the log which files are read at all, and counts what became of each message.
 */
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";
import type { IngestChange, IngestOutcome, TopicTable } from "../tables/topic_table.ts";
import type { Batch } from "../validate/collect_batches.ts";
import type { MergeCounts } from "./plan_merge.ts";
import { type MergeFindings, type StagedMerge, stageMerge, type StageMergeOptions } from "./stage_merge.ts";

/** What a merge needs beside the batch. */
export interface MergeTrainsOptions
  extends Pick<StageMergeOptions, "index" | "tags" | "onRows" | "trainsPerFile" | "recent"> {
  /** Further metrics of the commit, from what the merge has found: the batch's accounting. */
  readonly describeCommit: (
    found: MergeFindings,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

/** Merges the batch in one commit; one that lost to a writer of other partitions is computed again. */
export async function mergeTrains(
  standard: TopicTable,
  { chunks, ranges }: Batch,
  { describeCommit, ...options }: MergeTrainsOptions,
): Promise<IngestOutcome> {
  const input = { rows: chunks.map(({ rows }) => rows), spans: chunks.map(({ spans }) => spans) };
  return await standard.ingest(ranges, async ({ snapshot }) => {
    const staged = await stageMerge(input, snapshot, { table: standard.delta, ...options });
    return mergeChange(staged, await describeCommit(staged));
  });
}

/** The commit of a merge, without how far it goes in the log. */
export function mergeChange(staged: StagedMerge, metrics: Readonly<Record<string, string>>): IngestChange {
  return {
    operation: "MERGE",
    operationParameters: {
      matched: "the newest (sourceEpoch, version) of (departureDate, trainNumber) replaces all its rows",
    },
    operationMetrics: { ...rowMetrics(staged.counts), ...metrics },
    adds: staged.adds,
    removes: staged.removes,
    reads: { matches: (values) => staged.datesRead.has(values[STANDARD_PARTITION] ?? "") },
  };
}

/** The metrics' names are Spark's. */
function rowMetrics(counts: ReadonlyMap<number, MergeCounts>): Record<string, string> {
  const perPartition = [...counts.values()];
  const added = perPartition.reduce((sum, { rowsAdded }) => sum + rowsAdded, 0);
  const removed = perPartition.reduce((sum, { rowsRemoved }) => sum + rowsRemoved, 0);
  return { numTargetRowsInserted: String(added), numTargetRowsDeleted: String(removed) };
}
