/** How far the tables are in one partition of the log. Pure. */
import type { PartitionOffsets } from "../broker/broker.ts";
import type { PartitionStatus } from "../report/status.ts";
import type { LakeTables } from "../tables/lake_tables.ts";
import { TopicTable } from "../tables/topic_table.ts";

/** Compares the offsets of the broker with those that landing and standard have noted; either may not be there. */
export function partitionStatus(
  { partition, earliest, end }: PartitionOffsets,
  { landing, standard }: Partial<LakeTables>,
  topic: string,
): PartitionStatus {
  const landed = landing && new TopicTable(landing, { name: "landing", topic });
  const merged = standard && new TopicTable(standard, { name: "standard", topic });
  // As for a read: a partition that was added to a known log began at 0.
  const isNoted = landed !== undefined && landed.startOffsets().size > 0;
  const next = landed?.nextOffsets().get(partition) ?? (isNoted ? 0n : earliest);
  // Version 0.1.0 noted no start: mostly it was 0.
  const start = landed?.startOffsets().get(partition) ?? (landed?.nextOffsets().has(partition) ? 0n : next);
  const { expired, gaps } = landed?.skippedOffsets(partition) ?? { expired: 0n, gaps: 0n };
  const unmerged = landed?.nextOffsets().has(partition)
    ? next - (merged?.nextOffsets().get(partition) ?? start)
    : 0n;
  const readable = next > earliest ? next : earliest;
  return {
    partition,
    waiting: Number(end > readable ? end - readable : 0n),
    landed: Number(next - start - expired - gaps),
    expired: Number(expired + (readable - next)),
    newlyExpired: Number(readable - next),
    gaps: Number(gaps),
    unmerged: Number(unmerged),
  };
}
