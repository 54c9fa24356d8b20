/** Topics of a Kafka cluster: creating them, their partitions, offsets and limits. */

import type { PartitionOffsets } from "../broker.ts";
import type { KafkaCluster } from "./kafka_cluster.ts";
import { deepest } from "./kafka_failure.ts";

const TOPIC_RESOURCE = 2;
/** As many copies of each message as the cluster is set up for. */
const CLUSTER_DECIDES = -1;
const CREATE_TIMEOUT_MS = 10_000;
/** What brokers accept by default, and what we stay below when the limit may not be looked up. */
const ASSUMED_MAX_MESSAGE_BYTES = 1_000_000;

/** How to create a topic. */
interface TopicOptions {
  readonly partitions: number;
  readonly maxMessageBytes: number;
}

/** Creates the topic; one that somebody else has just created is fine. */
export async function createTopic(
  cluster: KafkaCluster,
  topic: string,
  options: TopicOptions,
): Promise<void> {
  const { partitions, maxMessageBytes } = options;
  const controller = await cluster.findControllerBroker();
  const configEntries = [{ name: "max.message.bytes", value: String(maxMessageBytes) }];
  try {
    await controller.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor: CLUSTER_DECIDES, configEntries }],
      timeout: CREATE_TIMEOUT_MS,
    });
  } catch (cause) {
    if (!isProtocolError(cause, "TOPIC_ALREADY_EXISTS")) throw cause;
  }
}

/** Earliest offset and end of every partition; the end is where transactions that still run begin. */
export async function fetchOffsets(
  cluster: KafkaCluster,
  topic: string,
): Promise<readonly PartitionOffsets[]> {
  const partitions = (await findPartitions(cluster, topic)).map((partition) => ({ partition }));
  if (partitions.length === 0) return [];
  const [earliest, end] = await Promise.all([true, false].map(async (fromBeginning) => {
    const [found] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    return new Map(found?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }));
  return partitions.map(({ partition }) => ({
    partition,
    earliest: earliest?.get(partition) ?? 0n,
    end: end?.get(partition) ?? 0n,
  }));
}

/** Partition numbers in order; none when the topic does not exist. Asks the cluster each time. */
export async function findPartitions(cluster: KafkaCluster, topic: string): Promise<readonly number[]> {
  if (!await loadTopic(cluster, topic)) {
    // The one that is missing may be another topic that was used before and has been deleted.
    cluster.targetTopics.clear();
    if (!await loadTopic(cluster, topic)) return [];
  }
  return cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId).toSorted((a, b) =>
    a - b
  );
}

/** Size of the largest message that the topic accepts. */
export async function fetchMaxMessageBytes(cluster: KafkaCluster, topic: string): Promise<number> {
  const name = "max.message.bytes";
  const controller = await cluster.findControllerBroker();
  try {
    const { resources } = await controller.describeConfigs({
      resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: [name] }],
    });
    const entry = resources[0]?.configEntries.find(({ configName }) => configName === name);
    return Number(entry?.configValue) || ASSUMED_MAX_MESSAGE_BYTES;
  } catch (cause) {
    // Users that may only read and write topics may not look at their settings.
    if (isProtocolError(cause, "TOPIC_AUTHORIZATION_FAILED")) return ASSUMED_MAX_MESSAGE_BYTES;
    throw cause;
  }
}

async function loadTopic(cluster: KafkaCluster, topic: string): Promise<boolean> {
  try {
    await cluster.addTargetTopic(topic);
    await cluster.refreshMetadata();
    return true;
  } catch (cause) {
    if (isProtocolError(cause, "UNKNOWN_TOPIC_OR_PARTITION")) return false;
    throw cause;
  }
}

function isProtocolError(thrown: unknown, type: string): boolean {
  const cause = deepest(thrown);
  return cause instanceof Error && "type" in cause && cause.type === type;
}
