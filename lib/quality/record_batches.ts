/** Keeps `quality_zone/batches` complete: one row per batch and topic-partition that standard has taken in. */
import { appendFile, type DeltaTable } from "../delta/mod.ts";
import { isNext, takenIn, transactionsOf } from "../tables/offset_progress.ts";
import { type BatchRecord, batchRow, recordsOfMetrics } from "../tables/batch_record.ts";
import { countBatches } from "./count_batch_rows.ts";
import { countsTag } from "../tables/counts.ts";

/** A record and the standard version that it describes. */
interface Recorded {
  readonly record: BatchRecord;
  readonly standardVersion: number;
}

/** What the accounting is completed from. */
export interface BatchTables {
  readonly batches: DeltaTable;
  readonly standard: DeltaTable;
}

/** Appends the records of one standard commit, if another process that saw the commit has not done so. */
export async function recordBatches(
  tables: BatchTables,
  records: readonly BatchRecord[],
  standardVersion: number,
): Promise<void> {
  const topic = records[0]?.topic;
  if (topic === undefined) return;
  const ranges = records.map(({ partition, offsetFrom, offsetTo }) => ({
    partition,
    from: offsetFrom,
    to: offsetTo,
  }));
  const recorded = records.map((record) => ({ record, standardVersion }));
  const isWanted = isNext(tables.batches, "batches", { topic, ranges });
  if (isWanted && await appendRecords(tables.batches, recorded)) return;
  await restoreBatches(tables, topic);
}

/**
 * Completes the table from the log of the standard table, after a crash between the two commits or beside another
 * process. A lost race is looked at again: the winner may have noted only a part.
 */
export async function restoreBatches(tables: BatchTables, topic: string): Promise<void> {
  for (;;) {
    const missing = await findMissing(tables, topic);
    if (missing.length === 0 || await appendRecords(tables.batches, missing)) return;
    await tables.batches.update();
  }
}

/** Records that the standard table has and the batches table has not, the oldest first. */
async function findMissing({ batches, standard }: BatchTables, topic: string): Promise<readonly Recorded[]> {
  const taken = takenIn(batches, "batches", topic);
  const behind = [...takenIn(standard, "standard", topic)].filter(([p, next]) => (taken.get(p) ?? 0) < next);
  if (behind.length === 0) return [];
  const missing: Recorded[] = [];
  const open = new Map(behind.map(([partition]) => [partition, taken.get(partition) ?? 0]));
  for (const { version, commitInfo } of await standard.history({ limit: Infinity })) {
    for (const record of recordsOfMetrics(commitInfo.operationMetrics)) {
      const since = record.topic === topic ? open.get(record.partition) : undefined;
      if (since === undefined) continue;
      if (record.offsetTo > since) missing.push({ record, standardVersion: version });
      if (record.offsetFrom <= since) open.delete(record.partition);
    }
    if (open.size === 0) break;
  }
  return missing.reverse();
}

/** False when another process was faster. */
async function appendRecords(batches: DeltaTable, recorded: readonly Recorded[]): Promise<boolean> {
  const records = recorded.map(({ record }) => record);
  const add = await batches.stageRows(
    recorded.map(({ record, standardVersion }) => batchRow(record, standardVersion)),
    { tags: countsTag(countBatches(records)) },
  );
  const ends = new Map(records.map((record) => [record.partition, record.offsetTo]));
  const ranges = [...ends].map(([partition, to]) => ({ partition, from: 0, to }));
  const outcome = await appendFile(batches, add, {
    txns: transactionsOf("batches", records[0]?.topic ?? "", ranges),
    rows: records.length,
  });
  return outcome.status === "committed";
}
