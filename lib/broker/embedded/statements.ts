/** What the embedded broker's statements share: transactions, partitions and the ids of records. */

import type { DatabaseSync, StatementSync } from "node:sqlite";

import { BrokerError } from "../../errors.ts";
import { NEW_FILE_ADVICE } from "./embedded_failure.ts";
import { assertSchema } from "./broker_schema.ts";

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

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/**
 * The statement of a text, compiled once for each open file: that takes longer than to run it. Not to be iterated over,
 * as two could be at it at once.
 */
export function prepareOnce(database: DatabaseSync, sql: string): Omit<StatementSync, "iterate"> {
  const known = prepared.get(database) ?? new Map<string, StatementSync>();
  const statement = known.get(sql) ?? database.prepare(sql);
  prepared.set(database, known.set(sql, statement));
  return statement;
}

/** Runs the work in one transaction that no other writer can enter; an error undoes all of it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    // A trigger that somebody has added since the file was opened must not run.
    assertSchema(database);
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (cause) {
    // SQLite has already rolled back by itself after some errors, a full disk for one.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

/**
 * The partitions of a topic in order; none when the topic does not exist.
 *
 * @throws {BrokerError} When the numbers in the file cannot be those of a log.
 */
export function findPartitions(database: DatabaseSync, topic: string): readonly PartitionRow[] {
  assertSchema(database);
  const statement = prepareOnce(
    database,
    `SELECT partition.* FROM partition JOIN topic ON topic.id = topic_id WHERE name = ? ORDER BY partition`,
  );
  // A file from elsewhere may hold any 64 bits.
  statement.setReadBigInts(true);
  return statement.all(topic).map((row, index) => {
    const partition = {
      id: Number(row.id),
      partition: Number(row.partition),
      earliest: Number(row.earliest),
      end: Number(row.next_offset),
      sizeBytes: Number(row.size_bytes),
    };
    if (partition.partition === index && isLog(partition)) return partition;
    throw brokenLog(topic, partition);
  });
}

function isLog({ id, earliest, end, sizeBytes }: PartitionRow): boolean {
  const isPlace = id > 0 && id < Number.MAX_SAFE_INTEGER / OFFSETS_PER_PARTITION;
  return isPlace && earliest >= 0 && earliest <= end && end < OFFSETS_PER_PARTITION && sizeBytes >= 0;
}

function brokenLog(topic: string, { id, partition, earliest, end, sizeBytes }: PartitionRow): BrokerError {
  return new BrokerError(
    `Cannot use "${topic}" partition ${partition} in the broker file: found number ${id}, offsets ${earliest} to ` +
      `${end} and ${sizeBytes} bytes, expected those of a log; another program has changed the file: ` +
      NEW_FILE_ADVICE,
  );
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
