/**
 * Up to which message it is known when trains were first seen. `train_runs` notes it in the way of the tables that take
 * messages in: a mark per partition and one for the releases of quarantine, whose messages come late. Pure.
 */
import type { DeltaTable, SetTransaction, Snapshot } from "../../delta/mod.ts";
import { markAction } from "../../tables/log_marks.ts";
import type { Lake } from "../../tables/lake.ts";
import { releaseAction, releaseNumber } from "../../tables/release_mark.ts";
import { type OffsetRange, TopicTable } from "../../tables/topic_table.ts";

/** What a run has looked at itself. */
export interface Seen {
  readonly ranges: readonly OffsetRange[];
  readonly releases: ReadonlySet<bigint>;
}

/** The table, as one that has come to a place in the log. */
function markedRuns({ topic }: Pick<Lake, "topic">, trainRuns: DeltaTable): TopicTable {
  return new TopicTable(trainRuns, { name: "train_messages", topic });
}

/**
 * Offsets that standard has and of which neither the table nor the run knows anything; all that standard has, where
 * messages have left quarantine unseen.
 */
export function unseenRanges(
  lake: Pick<Lake, "topic" | "standard">,
  trainRuns: DeltaTable,
  { ranges, releases }: Seen,
): readonly OffsetRange[] {
  const marked = markedRuns(lake, trainRuns);
  for (let number = releaseNumber(marked) + 1n; number <= releaseNumber(lake.standard); number++) {
    if (!releases.has(number)) return wholeLog(lake);
  }
  return marked.missingFrom(lake.standard).flatMap((missing) =>
    withoutRanges(missing, ranges.filter(({ partition }) => partition === missing.partition))
  );
}

/** All offsets that standard has come to. */
export function wholeLog({ standard }: Pick<Lake, "standard">): readonly OffsetRange[] {
  return [...standard.nextOffsets()].map(([partition, to]) => ({ partition, from: 0n, to }));
}

function withoutRanges(missing: OffsetRange, seen: readonly OffsetRange[]): readonly OffsetRange[] {
  const rest: OffsetRange[] = [];
  let { from } = missing;
  for (const range of seen.toSorted((a, b) => Number(a.from - b.from))) {
    if (range.from > from) rest.push({ ...missing, from, to: least(range.from, missing.to) });
    if (range.to > from) from = range.to;
  }
  if (from < missing.to) rest.push({ ...missing, from });
  return rest.filter((range) => range.from < range.to);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** What the table has to note once all is in it that standard has; a mark never goes back. */
export function marksUpTo(
  lake: Pick<Lake, "topic" | "standard">,
  trainRuns: DeltaTable,
): (snapshot: Snapshot) => readonly SetTransaction[] {
  const marked = markedRuns(lake, trainRuns);
  const ends = lake.standard.nextOffsets(), release = releaseNumber(lake.standard);
  return (snapshot) => {
    const known = marked.nextOffsets(snapshot);
    const next = [...ends].filter(([partition, value]) => value > (known.get(partition) ?? -1n))
      .map(([partition, value]) => markAction({ kind: "next", partition, value }, marked));
    return release > releaseNumber(marked, snapshot) ? [...next, releaseAction(marked, release)] : next;
  };
}
