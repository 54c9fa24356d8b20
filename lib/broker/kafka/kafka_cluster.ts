/** The part of kafkajs' inner cluster that the broker uses; kafkajs itself has no types for it. */

import type { FetchResponse } from "./wire/fetch_response.ts";

/** A request of the Kafka protocol as kafkajs has it ready. */
interface PreparedRequest {
  readonly request: { readonly apiVersion: number };
  readonly requestTimeout: number;
}

/** What a fetch asks for. */
interface FetchRequest {
  readonly isolationLevel: number;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly TopicPartitions<
    { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }
  >[];
}

interface TopicPartitions<T> {
  readonly topic: string;
  readonly partitions: readonly T[];
}

/** One broker of the cluster; most methods are one request of the Kafka protocol. */
interface KafkaNode {
  /** The newest version of a request that both sides know. */
  lookupRequest(apiKey: number, definitions: object): (request: FetchRequest) => PreparedRequest;
  readonly connectionPool: {
    send(
      call: PreparedRequest & {
        readonly response: {
          readonly decode: (payload: Uint8Array) => Promise<FetchResponse>;
          readonly parse: (response: FetchResponse) => Promise<FetchResponse>;
        };
      },
    ): Promise<FetchResponse>;
  };
  disconnect(): Promise<void>;
  createTopics(request: {
    readonly topics: readonly {
      readonly topic: string;
      readonly numPartitions: number;
      readonly replicationFactor: number;
      readonly configEntries: readonly { readonly name: string; readonly value: string }[];
    }[];
    readonly timeout: number;
  }): Promise<unknown>;
  describeConfigs(request: {
    readonly resources: readonly {
      readonly type: number;
      readonly name: string;
      readonly configNames: readonly string[];
    }[];
  }): Promise<{
    readonly resources: readonly {
      readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[];
    }[];
  }>;
  offsetCommit(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
    readonly retentionTime: number;
    readonly topics: readonly TopicPartitions<
      { readonly partition: number; readonly offset: string; readonly metadata: string | null }
    >[];
  }): Promise<unknown>;
  offsetFetch(request: {
    readonly groupId: string;
    readonly topics: readonly TopicPartitions<{ readonly partition: number }>[];
  }): Promise<{
    readonly responses: readonly {
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }>;
}

/** The part of kafkajs' Cluster that the broker uses. */
export interface KafkaCluster {
  readonly targetTopics: Set<string>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(node: { readonly nodeId: string }): Promise<KafkaNode>;
  findControllerBroker(): Promise<KafkaNode>;
  findGroupCoordinator(group: { readonly groupId: string }): Promise<KafkaNode>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
  findLeaderForPartitions(
    topic: string,
    partitions: readonly number[],
  ): Readonly<Record<string, readonly number[]>>;
  fetchTopicsOffset(
    topics:
      readonly (TopicPartitions<{ readonly partition: number }> & { readonly fromBeginning: boolean })[],
  ): Promise<readonly TopicPartitions<{ readonly partition: number; readonly offset: string }>[]>;
}
