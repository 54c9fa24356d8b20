/** What has happened since a run: what it did not see, and what waits for the next one. */
import type { Broker, PartitionOffsets } from "../../broker/broker.ts";
import { BrokerError } from "../../errors.ts";
import { BATCHES_COUNTER } from "../../quality/batch_counter.ts";
import { sumPartitions } from "../../report/status.ts";
import type { SinceRun } from "../../report/build_report.ts";
import { countTable } from "../../tables/count_tags.ts";
import type { LakeTables } from "../../tables/lake_tables.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { TopicTable } from "../../tables/topic_table.ts";
import { partitionStatus } from "../partition_status.ts";

/** What a log says of itself. */
export interface AskedLog {
  readonly offsets: readonly PartitionOffsets[];
  /** It is not the log that filled the tables. */
  readonly isRefused: boolean;
}

/** Asks the log what there is, and whether `process` would take it. */
export async function askLog(broker: Broker, landing: TopicTable): Promise<AskedLog> {
  const offsets = await broker.topicOffsets(landing.topic);
  // Of those who report, few have a log that can be asked.
  const { checkTopic } = await import("../check_topic.ts");
  try {
    await checkTopic(landing, broker);
    return { offsets, isRefused: false };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return { offsets, isRefused: true };
  }
}

/** Compares the run with the tables as they are, and with the log where it can be asked (null: it cannot). */
export async function measureSince(
  tables: LakeTables,
  { account, topic }: RunRecord,
  log: AskedLog | null,
): Promise<SinceRun> {
  const { offsets: ingested = 0 } = await countTable(tables.batches, BATCHES_COUNTER);
  const isRefused = log?.isRefused ?? false;
  const partitions = (log?.offsets ?? []).map((each) => partitionStatus(each, tables, topic));
  return {
    ingested: Math.max(0, ingested - account.offsets),
    unmerged: unmergedOffsets(tables, topic),
    waiting: log === null || isRefused ? null : sumPartitions({ partitions }).waiting,
    isRefused,
  };
}

function unmergedOffsets({ landing, standard }: LakeTables, topic: string): number {
  const missing = new TopicTable(standard, { name: "standard", topic })
    .missingFrom(new TopicTable(landing, { name: "landing", topic }));
  return missing.reduce((sum, { from, to }) => sum + Number(to - from), 0);
}
