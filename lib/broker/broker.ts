/** The promise that both brokers keep; `tests/contract/broker_contract.ts` names each part of it as a test step. */

/** One message to publish. Messages of one key go to one partition, chosen with Kafka's murmur2. */
export interface Message {
  /** Routing key; null spreads messages over the partitions. */
  readonly key: string | null;
  /** Message bytes; null is a tombstone. */
  readonly value: Uint8Array | null;
  /** Header names and UTF-8 values. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Creation time in milliseconds since 1970 UTC; the broker's clock when absent.
   * Logs delete by it: Kafka refuses times in the future and soon deletes what is older than its retention (7 days).
   */
  readonly timestampMs?: number;
}

/** One message as it stands in the log. */
export interface LogRecord {
  /** Its place in the partition; the first record has 0. */
  readonly offset: bigint;
  /**
   * Creation time in milliseconds since 1970 UTC, as the producer says: it may be negative, or beyond what a `Date`
   * or a table can hold, and is then rounded.
   */
  readonly timestampMs: number;
  /** As it was published; null when there is none, and when its bytes are no UTF-8. */
  readonly key: string | null;
  /** The bytes of a key that is no UTF-8; absent in every other record. */
  readonly keyBytes?: Uint8Array;
  /** Message bytes; null is a tombstone. */
  readonly value: Uint8Array | null;
  /**
   * Header names and UTF-8 values; of a name that comes several times the last value. A header without a value, or
   * whose name or value is no UTF-8, is left out.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** A run of records of one partition, in offset order; none where the broker says that the offsets hold none. */
export interface Chunk {
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** None when the chunk is a gap. */
  readonly records: readonly LogRecord[];
  /** The offset after the last record, and after any gap that follows it (transaction markers). */
  readonly nextOffset: bigint;
  /** Sum of the value bytes. */
  readonly sizeBytes: number;
}

/**
 * What the log of one partition holds: records with `earliest <= offset < end`. Not every offset has one: other
 * producers' transactions take some for themselves, and compaction leaves gaps anywhere. So a difference of offsets is
 * a number of offsets, never of messages.
 */
export interface PartitionOffsets {
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** Offset of the oldest record that is still there; `end` when none is. */
  readonly earliest: bigint;
  /** Offset that the next record will get, or a transaction marker. */
  readonly end: bigint;
}

/** From where to where to read one partition: `from <= offset < to`. */
export interface ReadRange {
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** First offset to read. */
  readonly from: bigint;
  /** Offset at which to stop; nothing is read when it equals `from`. */
  readonly to: bigint;
}

/** Options of {@linkcode Broker.read}. */
export interface ReadOptions {
  /** A chunk ends when its values reach this size; one larger message still comes, alone. Default 4 MiB. */
  readonly maxChunkBytes?: number;
  /** A chunk has at most so many records, however small they are. Default 4096. */
  readonly maxChunkRecords?: number;
}

/** What a broker may forget. */
export interface ForgetLimits {
  /** Per partition the first offset that has to stay; partitions that are not named stay whole. */
  readonly before: ReadonlyMap<number, bigint>;
  /** Milliseconds since 1970 UTC: younger messages stay. */
  readonly olderThanMs: number;
}

/** What a broker has forgotten. */
export interface ForgetReceipt {
  /** How many messages are gone. */
  readonly messages: number;
  /** Sum of their value bytes. */
  readonly sizeBytes: number;
}

/** What a publish did: all of it is on the broker's disk. */
export interface PublishReceipt {
  /** How many messages were published. */
  readonly messages: number;
  /** Sum of their value bytes. */
  readonly sizeBytes: number;
}

/**
 * A durable, partitioned, ordered log.
 *
 * All methods reject with a `BrokerError` that names the topic; its `retriable` says whether trying again may help.
 *
 * @example Publish, and read everything that is there
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBroker } from "./open_broker.ts";
 *
 * await using broker: Broker = await openBroker({
 *   path: `${await Deno.makeTempDir()}/broker.db`,
 *   clock: Date.now,
 * });
 * await broker.ensureTopic("trains", 1);
 * const value = new TextEncoder().encode('{"trainNumber":1}');
 * const message: Message = { key: "2025-02-17/1", value, headers: {} };
 * const receipt: PublishReceipt = await broker.publish("trains", [message]);
 * assertEquals(receipt, { messages: 1, sizeBytes: 17 });
 *
 * const offsets: readonly PartitionOffsets[] = await broker.topicOffsets("trains");
 * const ranges = offsets.map(({ partition, earliest, end }): ReadRange => ({ partition, from: earliest, to: end }));
 * const options: ReadOptions = { maxChunkBytes: 1_000_000 };
 * const chunks: readonly Chunk[] = await Array.fromAsync(broker.read("trains", ranges, options));
 * const records: readonly LogRecord[] = chunks.flatMap(({ records }) => records);
 * assertEquals(records.map(({ offset, key }) => [offset, key]), [[0n, "2025-02-17/1"]]);
 *
 * await broker.commitOffsets("readers", "trains", new Map([[0, 1n]]));
 * assertEquals(await broker.committedOffsets("readers", "trains"), new Map([[0, 1n]]));
 * ```
 */
export interface Broker extends AsyncDisposable {
  /** For messages and logs: "embedded data_files/broker.db" or "kafka localhost:19092". */
  readonly label: string;

  /** Creates the topic if it is missing. An existing topic keeps its partitions. */
  ensureTopic(topic: string, partitions: number): Promise<void>;

  /** Offsets of every partition in partition order; empty when the topic does not exist. */
  topicOffsets(topic: string): Promise<readonly PartitionOffsets[]>;

  /**
   * What names this log and no other of the same topic, whatever stands in it; null when the broker has no such name
   * (Kafka's client cannot ask for the id of a topic).
   */
  logId(topic: string): Promise<string | null>;

  /**
   * Appends all messages, in order within each partition, and returns once they are durable.
   * Any number and any total size is split as the broker needs. When it rejects, each message is in the log
   * once or not at all; a later publish is never swallowed.
   */
  publish(topic: string, messages: readonly Message[]): Promise<PublishReceipt>;

  /**
   * Reads the ranges to their ends, then stops; never waits for messages that come later.
   * Partitions are interleaved; within one partition chunks come in offset order without holes or repetition.
   * Leaving the loop early releases all that the read holds. Nothing is fetched far ahead of the consumer.
   * A range that the log does not hold (records expired, or the topic was created anew) rejects with an
   * `OffsetOutOfRangeError`; it is never cut short.
   * Offsets without a message are passed over; where a range ends with them, a last chunk without records says so.
   * What the broker does not show at all, though it was asked for half a minute (Kafka), is in no chunk: the chunks
   * then end before the range does.
   */
  read(topic: string, ranges: readonly ReadRange[], options?: ReadOptions): AsyncIterable<Chunk>;

  /**
   * Forgets messages that are below these offsets and older than this time, up to the first that is younger, and raises
   * the earliest offsets. A broker with a retention of its own (Kafka) leaves it to that.
   */
  forget(topic: string, limits: ForgetLimits): Promise<ForgetReceipt>;

  /** Commits how far a group is (for lag display only; Ratalake resumes from its tables). */
  commitOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void>;

  /** The offsets of {@linkcode Broker.commitOffsets} by partition; partitions without a commit are absent. */
  committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, bigint>>;
}
