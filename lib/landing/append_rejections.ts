/**
 * Stage 4b of 7. Receives the rejections of a batch from validate; hands them, with their bytes and the reason, to the
 * quarantine table.
 */
import type { Rejection } from "../validate/rejection.ts";
import { appendFile, type CommitOutcome, type DeltaTable, type SetTransaction } from "../delta/mod.ts";

/** What the append needs beside the rejections. */
export interface QuarantineOptions {
  readonly topic: string;
  readonly transactions: readonly SetTransaction[];
  /** Tags for the data file: the quality stage's counts of these rejections. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Appends the rejections in one commit that carries the transactions. */
export async function appendRejections(
  table: DeltaTable,
  rejections: readonly Rejection[],
  { topic, transactions, tags }: QuarantineOptions,
): Promise<CommitOutcome> {
  const add = await table.stageRows(rejections.map((rejection) => quarantineRow(rejection, topic)), { tags });
  return await appendFile(table, add, { txns: transactions, rows: rejections.length });
}

function quarantineRow(rejection: Rejection, topic: string): Readonly<Record<string, unknown>> {
  return {
    rawValue: rejection.rawValue,
    reasonCode: rejection.code,
    message: rejection.message.toWellFormed(),
    jsonPath: rejection.path.toWellFormed(),
    stage: "batch",
    ruleId: rejection.rule,
    kafkaMessageTimestamp: new Date(rejection.timestampMs),
    kafkaTopic: topic,
    kafkaPartition: rejection.partition,
    kafkaOffset: BigInt(rejection.offset),
    messageKey: rejection.key?.toWellFormed() ?? null,
    fetchedAt: rejection.fetchedAtMs === null ? null : new Date(rejection.fetchedAtMs),
  };
}
