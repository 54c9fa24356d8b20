/** Appends messages to the broker file. */

import type { DatabaseSync } from "node:sqlite";

import type { Message, PublishReceipt } from "../broker.ts";
import { choosePartition } from "../choose_partition.ts";
import { missingTopic } from "../missing.ts";
import { findPartitions, inTransaction, prepareOnce, recordId } from "./statements.ts";

/** The end of one partition while a transaction fills it. */
interface Tail {
  readonly id: number;
  next: number;
  sizeBytes: number;
}

/** What {@linkcode appendRecords} needs beside the messages. */
interface AppendOptions {
  readonly topic: string;
  /** Timestamp of messages that have none. */
  readonly nowMs: number;
}

/** Appends all messages in one transaction: all of them are in the log, or none is. */
export function appendRecords(
  database: DatabaseSync,
  messages: readonly Message[],
  { topic, nowMs }: AppendOptions,
): PublishReceipt {
  return inTransaction(database, () => {
    const tails = readTails(database, topic);
    const before = tails.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const insert = prepareOnce(database, "INSERT INTO record VALUES (?, ?, ?, ?, ?)");
    const topicRow = prepareOnce(database, "SELECT unkeyed & 0x7fffffff AS turn FROM topic WHERE name = ?")
      .get(topic);
    let unkeyed = Number(topicRow?.turn);
    for (const message of messages) {
      const chosen = choosePartition(message.key, { partitions: tails.length, unkeyedBefore: unkeyed });
      if (message.key === null) unkeyed++;
      insertRecord(insert, { message, tail: tails[chosen], nowMs });
    }
    prepareOnce(database, "UPDATE topic SET unkeyed = ? WHERE name = ?").run(unkeyed, topic);
    saveTails(database, tails);
    const sizeBytes = tails.reduce((sum, tail) => sum + tail.sizeBytes, -before);
    return { messages: messages.length, sizeBytes };
  });
}

function readTails(database: DatabaseSync, topic: string): readonly Tail[] {
  const rows = findPartitions(database, topic);
  if (rows.length === 0) throw missingTopic("publish to", topic);
  return rows.map(({ id, end, sizeBytes }) => ({ id, next: end, sizeBytes }));
}

interface Insertion {
  readonly message: Message;
  readonly tail: Tail | undefined;
  readonly nowMs: number;
}

function insertRecord(insert: ReturnType<typeof prepareOnce>, { message, tail, nowMs }: Insertion): void {
  if (tail === undefined) throw new RangeError("Cannot append: the chosen partition does not exist");
  const { key, value, headers, timestampMs = nowMs } = message;
  const keyCell = key?.includes("\0") ? new TextEncoder().encode(key) : key;
  const headerCell = Object.keys(headers).length === 0 ? null : JSON.stringify(headers);
  insert.run(recordId(tail.id, tail.next), timestampMs, keyCell, headerCell, value);
  tail.next++;
  tail.sizeBytes += value?.length ?? 0;
}

function saveTails(database: DatabaseSync, tails: readonly Tail[]): void {
  const update = prepareOnce(database, "UPDATE partition SET next_offset = ?, size_bytes = ? WHERE id = ?");
  for (const { id, next, sizeBytes } of tails) update.run(next, sizeBytes, id);
}
