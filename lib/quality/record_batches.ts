/** Keeps `quality_zone/batches` complete: one row per batch and topic-partition that standard has taken in. */
import { appendFile, type DeltaTable } from "../delta/mod.ts";
import { takenIn, transactionsOf } from "../table_progress.ts";
import { type BatchRecord, batchRow, recordsOfMetrics } from "./batch_record.ts";
import { countBatches } from "./count_batch_rows.ts";
import { tallyTag } from "./tally.ts";

/** A record and the standard version that it describes. */
interface Recorded {
  readonly record: BatchRecord;
  readonly standardVersion: number;
}

/** Appends the records of one standard commit. Losing to a process that did the same is fine. */
export async function recordBatches(
  batches: DeltaTable,
  records: readonly BatchRecord[],
  standardVersion: number,
): Promise<void> {
  await appendRecords(batches, records.map((record) => ({ record, standardVersion })));
}

/** Completes the table from the log of the standard table, after a crash between the two commits. */
export async function restoreBatches(
  batches: DeltaTable,
  standard: DeltaTable,
  topic: string,
): Promise<number> {
  const taken = takenIn(batches, "batches", topic);
  const behind = [...takenIn(standard, "standard", topic)].filter(([p, next]) => (taken.get(p) ?? 0) < next);
  if (behind.length === 0) return 0;
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
  await appendRecords(batches, missing.reverse());
  return missing.length;
}

async function appendRecords(batches: DeltaTable, recorded: readonly Recorded[]): Promise<void> {
  const records = recorded.map(({ record }) => record);
  const [first] = records;
  if (first === undefined) return;
  const add = await batches.stageRows(
    recorded.map(({ record, standardVersion }) => batchRow(record, standardVersion)),
    {
      tags: tallyTag(countBatches(records)),
    },
  );
  const ends = new Map(records.map((record) => [record.partition, record.offsetTo]));
  const ranges = [...ends].map(([partition, to]) => ({ partition, from: 0, to }));
  await appendFile(batches, add, {
    txns: transactionsOf("batches", first.topic, ranges),
    rows: records.length,
  });
}
