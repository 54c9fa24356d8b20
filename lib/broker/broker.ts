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
  readonly offset: bigint;
  /** Creation time in milliseconds since 1970 UTC. */
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A run of records of one partition, in offset order, never empty. */
export interface Chunk {
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The offset after the last record, and after any gap that follows it (transaction markers). */
  readonly nextOffset: bigint;
  /** Sum of the value bytes. */
  readonly sizeBytes: number;
}

/** What the log of one partition holds: records with `earliest <= offset < end`. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly earliest: bigint;
  readonly end: bigint;
}

/** From where to where to read one partition: `from <= offset < to`. */
export interface ReadRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Options of {@linkcode Broker.read}. */
export interface ReadOptions {
  /** A chunk ends when its values reach this size; one larger message still comes, alone. Default 4 MiB. */
  readonly maxChunkBytes?: number;
}

/** What a publish did: all of it is on the broker's disk. */
export interface PublishReceipt {
  readonly messages: number;
  readonly sizeBytes: number;
}

/**
 * A durable, partitioned, ordered log.
 *
 * All methods reject with a `BrokerError` that names the topic; `retriable` tells whether trying again may help.
 */
export interface Broker extends AsyncDisposable {
  /** For messages and logs: "embedded data_files/broker.db" or "kafka localhost:19092". */
  readonly label: string;

  /** Creates the topic if it is missing. An existing topic keeps its partitions. */
  ensureTopic(topic: string, partitions: number): Promise<void>;

  /** Offsets of every partition in partition order; empty when the topic does not exist. */
  topicOffsets(topic: string): Promise<readonly PartitionOffsets[]>;

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
   * A range that the log does not hold (records expired, or the topic was made anew) rejects; it is never cut short.
   */
  read(topic: string, ranges: readonly ReadRange[], options?: ReadOptions): AsyncIterable<Chunk>;

  /** Notes how far a group is (for lag display only; Ratalake resumes from its tables). */
  commitOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void>;

  /** What {@linkcode Broker.commitOffsets} noted; partitions without a note are absent. */
  committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, bigint>>;
}
