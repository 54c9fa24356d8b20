/** A Kafka or Redpanda cluster as the broker. */

import { getLogger } from "../../packages/logtape.ts";

import type {
  Broker,
  Chunk,
  ForgetReceipt,
  Message,
  PartitionOffsets,
  PublishReceipt,
  ReadOptions,
  ReadRange,
} from "../broker.ts";
import { checkMessages, checkRanges, checkTopic } from "../broker_arguments.ts";
import { DEFAULT_CHUNK_BYTES } from "../chunk_limits.ts";
import { missingPartition, missingTopic } from "../missing.ts";
import { drainPartition, type Waiting } from "./drain_partition.ts";
import { interleave } from "../interleave.ts";
import { type KafkaClient, type KafkaClientOptions, loadKafkaClient } from "./kafka_client.ts";
import type { KafkaCluster } from "./kafka_cluster.ts";
import { kafkaFailure } from "./kafka_failure.ts";
import { fetchRun } from "./fetch_run.ts";
import { realPause, withRetries } from "./retry_policy.ts";
import { KafkaPublisher } from "./kafka_publisher.ts";
import {
  createTopic,
  fetchOffsets,
  fetchSettings,
  findPartitions,
  type TopicSettings,
} from "./kafka_topic.ts";
import { splitSends } from "./split_sends.ts";

const CREATED_MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const log = getLogger(["ratalake", "broker"]);

/** About 45 seconds without a broker. */
const DEFAULT_PUBLISH_RETRIES = 12;
/** An offset commit from outside of the group. */
const NO_GENERATION = -1;
const BROKER_DECIDES = -1;

/** Where the cluster is, who we are, and what time it is. */
export interface KafkaBrokerOptions extends KafkaClientOptions {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Name of the producer, by which each publish is one transaction: its readers get all of it or nothing. */
  readonly transactionalId?: string | undefined;
  /**
   * `max.message.bytes` of topics that are created here; default 10 MiB. Existing topics keep theirs.
   * For tests, which would otherwise need messages of that size.
   */
  readonly maxMessageBytes?: number;
  /**
   * How often a send is tried again while the cluster is away; default 12, about 45 seconds.
   * For tests, which would otherwise wait as long.
   */
  readonly publishRetries?: number;
  /** How time passes while the broker answers empty or is away; for tests, which would otherwise wait half a minute. */
  readonly waiting?: Waiting;
}

/**
 * Connects to the cluster.
 *
 * Messages are sent by an idempotent producer, acknowledged by all replicas, compressed with zstd. Reading joins no
 * group. A message over the topic's `max.message.bytes` (before compression) is refused before anything is sent.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { type KafkaBrokerOptions, openKafkaBroker } from "./kafka_broker.ts";
 *
 * const options: KafkaBrokerOptions = { brokers: ["127.0.0.1:9"], clientId: "example", clock: Date.now };
 * // Nobody listens there; else `await using broker = await openKafkaBroker(options)`.
 * await assertRejects(() => openKafkaBroker(options), Error, "connection refused");
 * ```
 *
 * @throws {BrokerError} Within ten seconds when no broker answers; at once for a wrong password or certificate.
 */
export async function openKafkaBroker(options: KafkaBrokerOptions): Promise<Broker> {
  const address = options.brokers.join(",");
  try {
    const client = await loadKafkaClient(options);
    await proveConnection(client.probe);
    await client.cluster.connect();
    return new KafkaBroker(client, options);
  } catch (cause) {
    throw kafkaFailure("connect to", { address, password: options.sasl?.password }, cause);
  }
}

class KafkaBroker implements Broker {
  readonly label: string;
  readonly #cluster: KafkaCluster;
  readonly #publisher: KafkaPublisher;
  readonly #options: KafkaBrokerOptions;
  readonly #unkeyed = new Map<string, number>();
  readonly #settings = new Map<string, TopicSettings>();
  readonly #pause: (milliseconds: number) => Promise<void>;

  constructor(client: KafkaClient, options: KafkaBrokerOptions) {
    this.label = `kafka ${options.brokers.join(",")}`;
    this.#cluster = client.cluster;
    const pause = options.waiting?.pause ?? realPause;
    this.#publisher = new KafkaPublisher(client, {
      retries: options.publishRetries ?? DEFAULT_PUBLISH_RETRIES,
      transactionalId: options.transactionalId,
      pause,
    });
    this.#options = options;
    this.#pause = pause;
  }

  ensureTopic(topic: string, partitions: number): Promise<void> {
    const { maxMessageBytes = CREATED_MAX_MESSAGE_BYTES } = this.#options;
    return this.#run(`create topic "${topic}"`, async () => {
      checkTopic(topic, partitions);
      if ((await findPartitions(this.#cluster, topic)).length > 0) return;
      await createTopic(this.#cluster, topic, { partitions, maxMessageBytes });
      await this.#waitForTopic(topic);
    });
  }

  topicOffsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return this.#run(`look up offsets of "${topic}"`, () => fetchOffsets(this.#cluster, topic, this.#pause));
  }

  /** kafkajs speaks no version of Metadata that has topic ids, and not every Redpanda gives them. */
  logId(): Promise<null> {
    return Promise.resolve(null);
  }

  publish(topic: string, messages: readonly Message[]): Promise<PublishReceipt> {
    return this.#guard(`publish to "${topic}"`, async () => {
      checkTopic(topic);
      checkMessages(topic, messages);
      const sends = splitSends(messages, await this.#splitOptions(topic));
      const unkeyed = messages.filter(({ key }) => key === null).length;
      this.#unkeyed.set(topic, (this.#unkeyed.get(topic) ?? 0) + unkeyed);
      await this.#publisher.publish({ topic, sends, nowMs: this.#options.clock() });
      const sizeBytes = messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      return { messages: messages.length, sizeBytes };
    });
  }

  async *read(topic: string, ranges: readonly ReadRange[], options: ReadOptions = {}): AsyncGenerator<Chunk> {
    const { maxChunkBytes = DEFAULT_CHUNK_BYTES, maxChunkRecords } = options;
    const action = `read "${topic}"`;
    const expected = checkRanges(topic, ranges, await this.topicOffsets(topic));
    const { waiting } = this.#options;
    const left = new AbortController();
    const drains = expected.map((range) => {
      const { partition } = range;
      const fetch = (offset: bigint, maxBytes: number) =>
        this.#run(
          `${action} partition ${partition}`,
          () => fetchRun(this.#cluster, { topic, partition, offset, maxBytes }),
        );
      return drainPartition(fetch, {
        range,
        maxChunkBytes,
        ...(maxChunkRecords === undefined ? {} : { maxChunkRecords }),
        signal: left.signal,
        ...(waiting === undefined ? {} : { waiting }),
      });
    });
    try {
      yield* interleave(drains);
    } finally {
      left.abort();
    }
  }

  /** The topic's `retention.ms` decides. */
  forget(): Promise<ForgetReceipt> {
    return Promise.resolve({ messages: 0, sizeBytes: 0 });
  }

  commitOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    return this.#run(`commit offsets of group "${group}"`, async () => {
      const known = await findPartitions(this.#cluster, topic, this.#pause);
      if (known.length === 0) throw missingTopic("commit offsets of", topic);
      const unknown = offsets.keys().find((partition) => !known.includes(partition));
      if (unknown !== undefined) throw missingPartition(topic, unknown, known.length);
      const partitions = offsets.entries().map(([partition, offset]) => ({
        partition,
        offset: String(offset),
        metadata: null,
      }));
      const coordinator = await this.#cluster.findGroupCoordinator({ groupId: group });
      await coordinator.offsetCommit({
        groupId: group,
        groupGenerationId: NO_GENERATION,
        memberId: "",
        retentionTime: BROKER_DECIDES,
        topics: [{ topic, partitions: [...partitions] }],
      });
    });
  }

  committedOffsets(group: string, topic: string): Promise<ReadonlyMap<number, bigint>> {
    return this.#run(`look up offsets of group "${group}"`, async () => {
      const partitions = (await findPartitions(this.#cluster, topic)).map((partition) => ({ partition }));
      if (partitions.length === 0) return new Map();
      const coordinator = await this.#cluster.findGroupCoordinator({ groupId: group });
      const { responses } = await coordinator.offsetFetch({
        groupId: group,
        topics: [{ topic, partitions }],
      });
      const found = responses.flatMap((response) => response.partitions);
      const committed = found.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
      return new Map(committed.filter(([, offset]) => offset >= 0n).toSorted(([a], [b]) => a - b));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guard("disconnect", async () => {
      await this.#publisher[Symbol.asyncDispose]();
      await this.#cluster.disconnect();
    });
  }

  async #splitOptions(topic: string) {
    const partitions = await this.#retry(() => findPartitions(this.#cluster, topic, this.#pause));
    if (partitions.length === 0) throw missingTopic("publish to", topic);
    const { maxMessageBytes } = this.#settings.get(topic) ?? await this.#loadSettings(topic);
    const unkeyedBefore = this.#unkeyed.get(topic) ?? 0;
    return { topic, partitions: partitions.length, unkeyedBefore, maxMessageBytes };
  }

  async #loadSettings(topic: string): Promise<TopicSettings> {
    const settings = await this.#retry(() => fetchSettings(this.#cluster, topic));
    this.#settings.set(topic, settings);
    if (settings.isWriteCached) {
      log.warn(
        'Topic "{topic}" has write.caching=true: the broker answers before a message is on its disk, and a power cut ' +
          "loses what it answered; set write_caching_default to disabled, or write.caching=false on the topic",
        { topic },
      );
    }
    return settings;
  }

  // A topic is there for producers only when its partitions have leaders.
  async #waitForTopic(topic: string): Promise<void> {
    await this.#retry(async () => {
      if ((await fetchOffsets(this.#cluster, topic)).length > 0) return;
      throw Object.assign(missingTopic("use", topic), { retriable: true });
    });
  }

  #run<T>(action: string, work: () => Promise<T>): Promise<T> {
    return this.#guard(action, () => this.#retry(work));
  }

  #retry<T>(work: () => Promise<T>): Promise<T> {
    return withRetries(this.#cluster, work, this.#pause);
  }

  async #guard<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const scene = { address: this.#options.brokers.join(","), password: this.#options.sasl?.password };
      throw kafkaFailure(`${action} at`, scene, cause);
    }
  }
}

// To kafkajs a server that accepts and stays silent is connected; only a response proves more.
async function proveConnection(probe: KafkaCluster): Promise<void> {
  try {
    await probe.connect();
    await probe.refreshMetadata();
  } finally {
    await probe.disconnect();
  }
}
