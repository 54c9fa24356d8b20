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

/** How often to look for a topic that is not there, with this between, before that is believed. */
const MOST_LOOKS = 5;
const LOOK_PAUSE_MS = 250;

/** Waits so many milliseconds. */
type Pause = (milliseconds: number) => Promise<void>;

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
  pause?: Pause,
): Promise<readonly PartitionOffsets[]> {
  const partitions = (await findPartitions(cluster, topic, pause)).map((partition) => ({ partition }));
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

/**
 * Partition numbers in order; none when the topic does not exist. Asks the cluster each time, and with a `pause` a few
 * times more before it says so: a broker may not have heard yet of a topic that is there.
 */
export async function findPartitions(
  cluster: KafkaCluster,
  topic: string,
  pause?: Pause,
): Promise<readonly number[]> {
  for (let looks = 1; !await loadTopic(cluster, topic); looks++) {
    // The one that is missing may be another topic that was used before and has been deleted.
    cluster.targetTopics.clear();
    if (looks >= 2) {
      if (pause === undefined || looks === MOST_LOOKS) return [];
      await pause(LOOK_PAUSE_MS);
    }
  }
  return cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId).toSorted((a, b) =>
    a - b
  );
}

/** What the topic's settings say about its messages. */
export interface TopicSettings {
  /** Size of the largest that it accepts. */
  readonly maxMessageBytes: number;
  /** True when Redpanda answers before they are on its disk. */
  readonly isWriteCached: boolean;
}

/** Looks up the settings; what may not be looked up is assumed. */
export async function fetchSettings(cluster: KafkaCluster, topic: string): Promise<TopicSettings> {
  // Kafka knows no write caching and leaves it out of its answer.
  const configNames = ["max.message.bytes", "write.caching"];
  const controller = await cluster.findControllerBroker();
  try {
    const { resources } = await controller.describeConfigs({
      resources: [{ type: TOPIC_RESOURCE, name: topic, configNames }],
    });
    const values = new Map(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    return {
      maxMessageBytes: Number(values.get("max.message.bytes")) || ASSUMED_MAX_MESSAGE_BYTES,
      isWriteCached: values.get("write.caching") === "true",
    };
  } catch (cause) {
    // Users that may only read and write topics may not look at their settings.
    if (isProtocolError(cause, "TOPIC_AUTHORIZATION_FAILED")) {
      return { maxMessageBytes: ASSUMED_MAX_MESSAGE_BYTES, isWriteCached: false };
    }
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
