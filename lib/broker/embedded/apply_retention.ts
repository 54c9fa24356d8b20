/** Deletes old records of the embedded broker. */

import type { DatabaseSync } from "node:sqlite";

import { findPartitions, inTransaction, type PartitionRow, recordId } from "./statements.ts";

/** What to delete; without limits nothing is deleted. */
export interface RetentionLimits {
  /** Records older than this are deleted, up to the first that is younger. */
  readonly maxAgeMs?: number;
  /** Per partition: the oldest are deleted until the values that stay have at most this size together. */
  readonly maxPartitionBytes?: number;
  /** Per partition: offsets from here on always stay, for example those that are not in the tables yet. */
  readonly keepFrom?: ReadonlyMap<number, bigint>;
}

/** What was deleted. */
export interface RetentionResult {
  readonly messages: number;
  readonly sizeBytes: number;
}

interface RetentionOptions {
  readonly topic: string;
  readonly nowMs: number;
  readonly limits: RetentionLimits;
}

/** Deletes in one transaction and raises the earliest offsets; then the file shrinks by what became free. */
export function applyRetention(
  database: DatabaseSync,
  { topic, nowMs, limits }: RetentionOptions,
): RetentionResult {
  const result = inTransaction(database, () => {
    let messages = 0;
    let sizeBytes = 0;
    for (const row of findPartitions(database, topic)) {
      const keepFrom = Number(limits.keepFrom?.get(row.partition) ?? BigInt(row.end));
      const ends = [endByAge(database, row, nowMs - (limits.maxAgeMs ?? Infinity))];
      if (limits.maxPartitionBytes !== undefined) {
        ends.push(endBySize(database, row, limits.maxPartitionBytes));
      }
      const gone = deleteBefore(
        database,
        row,
        Math.min(ends.reduce((end, other) => Math.max(end, other)), keepFrom),
      );
      messages += gone.messages;
      sizeBytes += gone.sizeBytes;
    }
    return { messages, sizeBytes };
  });
  // all() and not exec(): each step frees one page, and exec() takes only the first.
  if (result.messages > 0) database.prepare("PRAGMA incremental_vacuum").all();
  return result;
}

function endByAge(database: DatabaseSync, row: PartitionRow, oldestMs: number): number {
  if (oldestMs === -Infinity) return row.earliest;
  const first = database.prepare(
    "SELECT id - ? AS offset FROM record WHERE id >= ? AND id < ? AND timestamp_ms >= ? ORDER BY id LIMIT 1",
  ).get(recordId(row.id, 0), recordId(row.id, row.earliest), recordId(row.id, row.end), oldestMs);
  return first === undefined ? row.end : Number(first.offset);
}

function endBySize(database: DatabaseSync, row: PartitionRow, maxBytes: number): number {
  const sizes = database.prepare(
    "SELECT ifnull(length(value), 0) AS size_bytes FROM record WHERE id >= ? AND id < ? ORDER BY id",
  ).iterate(recordId(row.id, row.earliest), recordId(row.id, row.end));
  let end = row.earliest;
  let kept = row.sizeBytes;
  if (kept <= maxBytes) return end;
  for (const size of sizes) {
    kept -= Number(size.size_bytes);
    end++;
    if (kept <= maxBytes) break;
  }
  return end;
}

function deleteBefore(database: DatabaseSync, row: PartitionRow, end: number): RetentionResult {
  if (end <= row.earliest) return { messages: 0, sizeBytes: 0 };
  const span = [recordId(row.id, row.earliest), recordId(row.id, end)] as const;
  const sum = database.prepare(
    "SELECT sum(length(value)) AS size_bytes FROM record WHERE id >= ? AND id < ?",
  );
  const sizeBytes = Number(sum.get(...span)?.size_bytes ?? 0);
  database.prepare("DELETE FROM record WHERE id >= ? AND id < ?").run(...span);
  database.prepare("UPDATE partition SET earliest = ?, size_bytes = size_bytes - ? WHERE id = ?")
    .run(end, sizeBytes, row.id);
  return { messages: end - row.earliest, sizeBytes };
}
