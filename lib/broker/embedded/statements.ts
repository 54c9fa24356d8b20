/** What the embedded broker's statements share: transactions, partitions and the ids of records. */

import type { DatabaseSync } from "node:sqlite";

/** Offsets fit into 40 bits; see the note at the schema. */
const OFFSETS_PER_PARTITION = 2 ** 40;

/** One row of the partition table. */
export interface PartitionRow {
  readonly id: number;
  readonly partition: number;
  readonly earliest: number;
  readonly end: number;
  /** Sum of the values that are kept. */
  readonly sizeBytes: number;
}

/** Runs the work in one transaction that no other writer can enter; an error undoes all of it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (cause) {
    // SQLite has already rolled back by itself after some errors, a full disk for one.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

/** The partitions of a topic in order; none when the topic does not exist. */
export function findPartitions(database: DatabaseSync, topic: string): readonly PartitionRow[] {
  const rows = database.prepare(
    `SELECT partition.* FROM partition JOIN topic ON topic.id = topic_id WHERE name = ? ORDER BY partition`,
  ).all(topic);
  return rows.map((row) => ({
    id: Number(row.id),
    partition: Number(row.partition),
    earliest: Number(row.earliest),
    end: Number(row.next_offset),
    sizeBytes: Number(row.size_bytes),
  }));
}

/** The name that the file got when it was made; null of a file of version 0.1.0 that nobody has written to since. */
export function readLogId(database: DatabaseSync): string | null {
  const isThere = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'log'").get();
  const row = isThere && database.prepare("SELECT id FROM log").get();
  return typeof row?.id === "string" ? row.id : null;
}

/** The id under which a record is kept. */
export function recordId(partitionId: number, offset: number): number {
  if (offset >= OFFSETS_PER_PARTITION) {
    throw new RangeError(`Cannot number a record: offset ${offset}, expected less than 2^40`);
  }
  return partitionId * OFFSETS_PER_PARTITION + offset;
}
