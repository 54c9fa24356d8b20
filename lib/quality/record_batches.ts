/** Keeps `quality_zone/batches` complete: one row per batch and topic-partition that standard has ingested. */
import { appendChange, commitComputed } from "../delta/mod.ts";
import { type BatchRecord, batchRow, recordsOfMetrics } from "../tables/batch_record.ts";
import { releaseAction, releaseNumber } from "../tables/release_mark.ts";
import type { Release } from "../tables/release_record.ts";
import type { IngestOutcome, OffsetRange, TopicTable } from "../tables/topic_table.ts";
import { batchesTag } from "./batch_counter.ts";

/** A record and the standard version that it describes. */
interface Recorded {
  readonly record: BatchRecord;
  readonly standardVersion: number;
}

/** What the accounting is completed from. */
export interface BatchTables {
  readonly batches: TopicTable;
  readonly standard: TopicTable;
}

/** Appends the records of one standard commit, if another process that saw the commit has not done so. */
export async function recordBatches(
  tables: BatchTables,
  records: readonly BatchRecord[],
  standardVersion: number,
): Promise<void> {
  const recorded = records.map((record) => ({ record, standardVersion }));
  const outcome = await appendRecords(tables.batches, recorded, rangesOf(recorded));
  if (outcome === "overtaken") await restoreBatches(tables);
}

/**
 * Completes the table from the log of the standard table, after a crash between the two commits or beside another
 * process. A lost race is looked at again: the winner may have recorded only a part.
 */
export async function restoreBatches(tables: BatchTables): Promise<void> {
  for (;;) {
    const missing = await findMissing(tables);
    // Where the standard table's log is cleaned away, what stood between is gone.
    const ranges = rangesOf(missing, tables.batches.nextOffsets());
    if (missing.length === 0 || await appendRecords(tables.batches, missing, ranges) !== "overtaken") return;
    await tables.batches.delta.update();
  }
}

/** Appends the counts of a release, once, whoever does it. */
export async function recordRelease(
  { batches }: Pick<BatchTables, "batches">,
  { number, records }: Release,
  standardVersion: number,
): Promise<void> {
  const attempt = () =>
    commitComputed(batches.delta, async (snapshot) => {
      if (releaseNumber(batches, snapshot) >= number) return undefined;
      const rows = records.map((record) => batchRow(record, standardVersion));
      const add = await batches.delta.stageRows(rows, { tags: batchesTag(records) });
      return {
        ...appendChange([add], rows.length, snapshot.metadata),
        txns: [releaseAction(batches, number)],
      };
    }, { isFresh: true });
  // Another process has recorded this one, or the one before, which is seen by looking again.
  while ((await attempt()).status === "conflict") await batches.delta.update();
}

/** Records that the standard table has and the batches table has not, the oldest first. */
async function findMissing({ batches, standard }: BatchTables): Promise<readonly Recorded[]> {
  const open = new Map(batches.missingFrom(standard).map(({ partition, from }) => [partition, from]));
  const missing: Recorded[] = [];
  if (open.size === 0) return missing;
  for (const { version, commitInfo } of await standard.delta.history({ limit: Infinity })) {
    for (const record of recordsOfMetrics(commitInfo.operationMetrics)) {
      const since = record.topic === standard.topic ? open.get(record.partition) : undefined;
      if (since === undefined) continue;
      if (record.offsetTo > since) missing.push({ record, standardVersion: version });
      if (record.offsetFrom <= since) open.delete(record.partition);
    }
    if (open.size === 0) break;
  }
  return missing.reverse();
}

async function appendRecords(
  batches: TopicTable,
  recorded: readonly Recorded[],
  ranges: readonly OffsetRange[],
): Promise<IngestOutcome> {
  return await batches.ingest(ranges, async ({ snapshot: { metadata } }) => {
    const rows = recorded.map(({ record, standardVersion }) => batchRow(record, standardVersion));
    const tags = batchesTag(recorded.map(({ record }) => record));
    const add = await batches.delta.stageRows(rows, { tags });
    return appendChange([add], rows.length, metadata);
  });
}

/** One range per partition, from where the table stands or else from the first record. */
function rangesOf(
  recorded: readonly Recorded[],
  next: ReadonlyMap<number, bigint> = new Map(),
): readonly OffsetRange[] {
  const ranges = new Map<number, OffsetRange>();
  for (const { record: { partition, offsetFrom, offsetTo } } of recorded) {
    const from = ranges.get(partition)?.from ?? next.get(partition) ?? offsetFrom;
    ranges.set(partition, { partition, from, to: offsetTo });
  }
  return [...ranges.values()];
}
