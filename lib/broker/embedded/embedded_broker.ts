/** The default broker: a durable log in one SQLite file, shared safely by several processes. */

import type { DatabaseSync } from "node:sqlite";

import type {
  Broker,
  Chunk,
  ForgetLimits,
  ForgetReceipt,
  Message,
  PartitionOffsets,
  PublishReceipt,
  ReadOptions,
  ReadRange,
} from "../broker.ts";
import { checkMessages, checkRanges, checkTopic } from "../broker_arguments.ts";
import { DEFAULT_CHUNK_BYTES, DEFAULT_CHUNK_RECORDS } from "../chunk_limits.ts";
import { missingPartition, missingTopic } from "../missing.ts";
import { appendRecords } from "./append_records.ts";
import { embeddedFailure } from "./embedded_failure.ts";
import { OpenedFiles } from "./opened_files.ts";
import { readPartition } from "./read_partition.ts";
import { applyRetention, type RetentionLimits, type RetentionResult } from "./apply_retention.ts";
import { openBrokerFile, viewBrokerFile } from "./broker_file.ts";
import { findPartitions, inTransaction, type PartitionRow, readLogId } from "./statements.ts";
import { type LockWait, REAL_LOCK_WAIT, untilUnlocked } from "./until_unlocked.ts";
import { interleave } from "../interleave.ts";

/** Where the log is and what time it is. */
export interface EmbeddedBrokerOptions {
  /** The file; it and its folder are created when they are missing. SQLite adds `-wal` and `-shm` beside it. */
  readonly path: string;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Looks and never writes; a file that is not there is an empty log. */
  readonly isReadOnly?: boolean;
  /**
   * Default true: what is acknowledged survives a power cut. False: only the end of the process; for tests, which
   * cut no power.
   */
  readonly isSynced?: boolean;
  /** Ends the wait for a lock that another process holds; without it the wait ends after ten seconds. */
  readonly signal?: AbortSignal | undefined;
  /** How time passes while a lock is awaited; for tests, which would otherwise wait ten seconds. */
  readonly lockWait?: LockWait;
}

/** The embedded broker's promise: all of {@linkcode Broker}, one publish is one transaction, and retention. */
export interface EmbeddedBroker extends Broker {
  /**
   * Deletes the records beyond the limits and raises the earliest offsets.
   * A read that is under way and reaches a deleted record rejects. No script calls it: Kafka does the same by itself,
   * so the pipeline must cope with it, and tests make it happen with this.
   */
  applyRetention(topic: string, limits: RetentionLimits): Promise<RetentionResult>;
}

/**
 * Opens the log; any number of processes may do so at the same time.
 *
 * @example
 * ```ts
 * import { type EmbeddedBroker, type EmbeddedBrokerOptions, openEmbeddedBroker } from "./embedded_broker.ts";
 *
 * const options: EmbeddedBrokerOptions = { path: `${await Deno.makeTempDir()}/broker.db`, clock: Date.now };
 * await using broker: EmbeddedBroker = await openEmbeddedBroker(options);
 * await broker.ensureTopic("trains-travel", 3);
 * await broker.publish("trains-travel", [{ key: "2025-02-17/1", value: new Uint8Array([123, 125]), headers: {} }]);
 * ```
 *
 * @throws {BrokerError} When the file is damaged, a folder, read-only, newer, or of another program.
 */
export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { path, signal, lockWait = REAL_LOCK_WAIT, isReadOnly = false, isSynced = true } = options;
  const wait = signal === undefined ? lockWait : { ...lockWait, signal };
  const open = isReadOnly ? viewBrokerFile : openBrokerFile;
  return new SqliteBroker(await open(path, wait, { isSynced }), { ...options, lockWait: wait });
}

/**
 * Logs whose files were taken away. Closing one would write its -wal into a log that others have gone on with, and delete
 * theirs: it stays open until the process ends.
 */
const abandoned: DatabaseSync[] = [];

class SqliteBroker implements EmbeddedBroker {
  readonly label: string;
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #clock: () => number;
  readonly #lockWait: LockWait;
  readonly #files: OpenedFiles;
  readonly #isReadOnly: boolean;

  constructor(
    database: DatabaseSync,
    { path, clock, lockWait = REAL_LOCK_WAIT, isReadOnly = false }: EmbeddedBrokerOptions,
  ) {
    this.label = `embedded ${path}`;
    this.#database = database;
    this.#path = path;
    this.#clock = clock;
    this.#lockWait = lockWait;
    this.#isReadOnly = isReadOnly;
    this.#files = new OpenedFiles(path);
  }

  ensureTopic(topic: string, partitions: number): Promise<void> {
    return this.#change(`create topic "${topic}"`, () => {
      checkTopic(topic, partitions);
      if (findPartitions(this.#database, topic).length > 0) return;
      inTransaction(this.#database, () => createTopic(this.#database, topic, partitions));
    });
  }

  topicOffsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const action = `look up offsets of "${topic}"`;
    return this.#run(action, () => {
      // Who waits for news would wait for ever at a file that is gone.
      if (!this.#isReadOnly) this.#files.assertThere(action);
      return toOffsets(findPartitions(this.#database, topic));
    });
  }

  logId(topic: string): Promise<string | null> {
    return this.#run(`look up the id of "${topic}"`, () => readLogId(this.#database));
  }

  publish(topic: string, messages: readonly Message[]): Promise<PublishReceipt> {
    return this.#change(`publish to "${topic}"`, () => {
      checkTopic(topic);
      checkMessages(topic, messages);
      return appendRecords(this.#database, messages, { topic, nowMs: this.#clock() });
    });
  }

  async *read(topic: string, ranges: readonly ReadRange[], options: ReadOptions = {}): AsyncGenerator<Chunk> {
    const { maxChunkBytes = DEFAULT_CHUNK_BYTES, maxChunkRecords = DEFAULT_CHUNK_RECORDS } = options;
    const run = <T>(query: () => T) => this.#run(`read "${topic}"`, query);
    const rows = await run(() => findPartitions(this.#database, topic));
    const reads = checkRanges(topic, ranges, toOffsets(rows)).map((range) => {
      const partitionId = rows.find(({ partition }) => partition === range.partition)?.id ?? 0;
      return readPartition(this.#database, {
        topic,
        partitionId,
        range,
        maxChunkBytes,
        maxChunkRecords,
        run,
      });
    });
    yield* interleave(reads);
  }

  forget(topic: string, { before, olderThanMs }: ForgetLimits): Promise<ForgetReceipt> {
    return this.#change(`forget old messages of "${topic}"`, () => {
      const rows = findPartitions(this.#database, topic);
      if (rows.length === 0) throw missingTopic("forget old messages of", topic);
      const nowMs = this.#clock();
      const keepFrom = new Map(rows.map(({ partition }) => [partition, before.get(partition) ?? 0n]));
      return applyRetention(this.#database, {
        topic,
        nowMs,
        limits: { maxAgeMs: nowMs - olderThanMs, keepFrom },
      });
    });
  }

  commitOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    return this.#change(`commit offsets of group "${group}"`, () => {
      const rows = findPartitions(this.#database, topic);
      if (rows.length === 0) throw missingTopic("commit offsets of", topic);
      const upsert = this.#database.prepare("INSERT OR REPLACE INTO group_offset VALUES (?, ?, ?)");
      inTransaction(this.#database, () => {
        for (const [partition, offset] of offsets) {
          const row = rows.find((each) => each.partition === partition);
          if (row === undefined) throw missingPartition(topic, partition, rows.length);
          upsert.run(group, row.id, Number(offset));
        }
      });
    });
  }

  committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, bigint>> {
    return this.#run(`look up offsets of group "${group}"`, () => {
      const statement = this.#database.prepare(
        `SELECT partition, group_offset.next_offset FROM group_offset
         JOIN partition ON partition.id = partition_id JOIN topic ON topic.id = topic_id
         WHERE group_name = ? AND name = ? ORDER BY partition`,
      );
      statement.setReadBigInts(true);
      const rows = statement.all(group, topic);
      return new Map(rows.map((row) => [Number(row.partition), BigInt(String(row.next_offset))]));
    });
  }

  applyRetention(topic: string, limits: RetentionLimits): Promise<RetentionResult> {
    return this.#change(`delete old messages of "${topic}"`, () => {
      if (findPartitions(this.#database, topic).length === 0) {
        throw missingTopic("delete old messages of", topic);
      }
      return applyRetention(this.#database, { topic, nowMs: this.#clock(), limits });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#database.isOpen) return Promise.resolve();
    if (this.#isReadOnly || this.#files.areThere()) this.#database.close();
    else abandoned.push(this.#database);
    return Promise.resolve();
  }

  // Looked at before, so that nothing is written into the wrong file, and after, so that nothing lost is acknowledged.
  #change<T>(action: string, work: () => T): Promise<T> {
    return this.#run(action, () => {
      this.#files.assertThere(action);
      const result = work();
      this.#files.assertThere(action);
      return result;
    });
  }

  // Runs later in the same turn, so that a failure rejects and never throws at the call.
  async #run<T>(action: string, work: () => T): Promise<T> {
    await Promise.resolve();
    try {
      return await untilUnlocked(work, this.#lockWait);
    } catch (cause) {
      throw embeddedFailure(action, this.#path, cause);
    }
  }
}

function createTopic(database: DatabaseSync, topic: string, partitions: number): void {
  // Another process may have been quicker; its partitions stay.
  const created = database.prepare("INSERT OR IGNORE INTO topic (name) VALUES (?)").run(topic);
  if (created.changes === 0) return;
  const insert = database.prepare("INSERT INTO partition (topic_id, partition) VALUES (?, ?)");
  for (let partition = 0; partition < partitions; partition++) insert.run(created.lastInsertRowid, partition);
}

function toOffsets(rows: readonly PartitionRow[]): readonly PartitionOffsets[] {
  return rows.map(({ partition, earliest, end }) => ({
    partition,
    earliest: BigInt(earliest),
    end: BigInt(end),
  }));
}
