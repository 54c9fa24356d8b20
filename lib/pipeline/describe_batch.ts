/** The accounting of one batch, per partition: what was landed, and what became of it. Pure. */
import type { MergeCounts } from "../standard/plan_merge.ts";
import type { BatchRecord, StageSeconds } from "../tables/batch_record.ts";
import type { Counts } from "../tables/counts.ts";
import type { Lake } from "../tables/lake.ts";
import type { Batch } from "../validate/collect_batches.ts";
import { addDrift, type DriftCounts } from "../validate/schema_drift.ts";

/** What the batch itself does not say. */
export interface DescribeOptions {
  /** What standard decided, per Kafka partition; a partition without a train has none. */
  readonly counts: ReadonlyMap<number, MergeCounts>;
  readonly seconds: Omit<StageSeconds, "validate">;
  readonly lake: Pick<Lake, "topic" | "landing" | "quarantine">;
  /** What else was counted, per Kafka partition. */
  readonly measures: ReadonlyMap<number, Counts>;
}

const NO_COUNTS = { accepted: 0, duplicate: 0, stale: 0, conflict: 0, rowsAdded: 0, rowsRemoved: 0 };

/** One record per partition of the batch. */
export function describeBatch(
  { chunks, ranges }: Batch,
  { counts, seconds, measures, lake: { topic, landing, quarantine } }: DescribeOptions,
): readonly BatchRecord[] {
  const validate = chunks.reduce((sum, chunk) => sum + chunk.seconds, 0);
  return ranges.map(({ partition, from, to, messages, expired, gaps }) => {
    const mine = chunks.filter((chunk) => chunk.partition === partition);
    const sum = (count: (chunk: typeof mine[number]) => number) =>
      mine.reduce((total, chunk) => total + count(chunk), 0);
    return {
      topic,
      partition,
      offsetFrom: from,
      offsetTo: to,
      landed: messages,
      expired: Number(expired),
      gaps: Number(gaps),
      // Those too that quarantine had before the rules were others.
      quarantined: sum(({ messages, spans }) => messages - spans.length),
      sizeBytes: sum((chunk) => chunk.sizeBytes),
      ...(counts.get(partition) ?? NO_COUNTS),
      drift: mergeDrift(mine.map((chunk) => chunk.drift)),
      seconds: { validate, ...seconds },
      landingVersion: landing.delta.snapshot.version,
      quarantineVersion: quarantine.delta.snapshot.version,
      measures: measures.get(partition) ?? {},
    };
  });
}

function mergeDrift(counts: readonly DriftCounts[]): Readonly<Record<string, number>> {
  const sums: DriftCounts = new Map();
  for (const [name, count] of counts.flatMap((drift) => [...drift])) addDrift(sums, name, count);
  return Object.fromEntries(sums);
}
