/**
 * Merges messages that leave quarantine, as if they had never been in it. The newest version of the newest epoch wins
 * whatever the order, but where a train is there in the very version, the order in the log decides: such trains are merged
 * anew from all of their messages of the version.
 */
import { commitComputed, type SetTransaction, type Snapshot } from "../delta/mod.ts";
import { markAction } from "../tables/log_marks.ts";
import { releaseAction, releaseNumber } from "../tables/release_mark.ts";
import type { TopicTable } from "../tables/topic_table.ts";
import type { TrainSpan } from "../validate/validate_chunk.ts";
import { mergeChange, type MergeTrainsOptions } from "./merge_trains.ts";
import { type TrainState } from "./plan_merge.ts";
import { heldTrains, type MergeInput, stageMerge } from "./stage_merge.ts";

/** What is merged, now that it is known what the table holds of the trains. */
export interface ReleasedInput extends MergeInput {
  /** Keys of trains of which the input has all messages that decide. */
  readonly anew: ReadonlySet<number>;
  /** Partitions of which all messages that the table has come to were looked at. */
  readonly partitions: readonly number[];
  /** True of the messages that are released; others are there to decide. */
  readonly isCounted: (span: TrainSpan) => boolean;
}

/** What a release needs beside the table. */
export interface MergeReleasedOptions extends MergeTrainsOptions {
  readonly number: bigint;
  /** The release that the table has to be at. */
  readonly after: bigint;
  readonly spans: readonly TrainSpan[];
  readonly inputOf: (held: ReadonlyMap<number, TrainState>, snapshot: Snapshot) => Promise<ReleasedInput>;
}

/** Commits the rows and the number of the release; "overtaken" when another process has released something. */
export async function mergeReleased(
  standard: TopicTable,
  { number, after, spans, inputOf, describeCommit, ...options }: MergeReleasedOptions,
): Promise<{ readonly version: number } | "overtaken"> {
  let isOvertaken = false;
  const outcome = await commitComputed(standard.delta, async (snapshot) => {
    isOvertaken = releaseNumber(standard, snapshot) !== after;
    if (isOvertaken) return undefined;
    const merge = { table: standard.delta, ...options };
    const input = await inputOf(await heldTrains(spans, snapshot, merge), snapshot);
    const staged = await stageMerge(input, snapshot, { ...merge, ...input });
    return {
      ...mergeChange(staged, await describeCommit(staged)),
      txns: [releaseAction(standard, number), ...marksOf(standard, input.partitions, snapshot)],
    };
  }, { isFresh: true });
  return isOvertaken || outcome.status === "conflict" ? "overtaken" : { version: outcome.version };
}

/**
 * How far the table is, once more: a batch of these partitions that comes between makes the commit fail, also one of
 * nothing but duplicates, which changes no row and yet may decide.
 */
function marksOf(
  standard: TopicTable,
  partitions: readonly number[],
  snapshot: Snapshot,
): readonly SetTransaction[] {
  const next = standard.nextOffsets(snapshot);
  return partitions.flatMap((partition) => {
    const value = next.get(partition);
    return value === undefined ? [] : [markAction({ kind: "next", partition, value }, standard)];
  });
}
