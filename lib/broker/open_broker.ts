/** Opens the broker that is configured: the embedded one, or Kafka. */

import type { Broker } from "./broker.ts";
import { openEmbeddedBroker } from "./embedded/embedded_broker.ts";
import type { KafkaClientOptions } from "./kafka/kafka_client.ts";

export type { KafkaClientOptions };

/** Both choices at once, as the configuration has them. */
export interface BrokerOptions {
  /** The embedded broker's file; used when there is no Kafka. */
  readonly path: string;
  /** The cluster, when one is to be used. */
  readonly kafka?: KafkaClientOptions | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Opens the embedded broker's file for reading alone, and creates none. Default false. */
  readonly isReadOnly?: boolean;
  /** See `KafkaBrokerOptions`; the embedded broker publishes all or nothing anyway. */
  readonly transactionalId?: string | undefined;
  /** Ends the wait for the embedded broker's file while another process holds it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens Kafka when it is configured, else the embedded broker. Nothing of Kafka is loaded for the embedded one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type BrokerOptions, type KafkaClientOptions, openBroker } from "./open_broker.ts";
 *
 * // { brokers: ["localhost:19092"], clientId: "example" } leads to the Redpanda of compose.yaml.
 * const kafka: KafkaClientOptions | undefined = undefined;
 * const options: BrokerOptions = {
 *   path: `${await Deno.makeTempDir()}/broker.db`,
 *   kafka,
 *   clock: Date.now,
 * };
 * await using broker = await openBroker(options);
 * await broker.ensureTopic("trains", 3);
 * assertEquals((await broker.topicOffsets("trains")).length, 3);
 * ```
 *
 * @throws {BrokerError} When the broker's file cannot be used, or the cluster does not answer.
 */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { path, kafka, clock, transactionalId, signal, isReadOnly = false } = options;
  if (kafka === undefined) return await openEmbeddedBroker({ path, clock, signal, isReadOnly });
  const { openKafkaBroker } = await import("./kafka/kafka_broker.ts");
  return await openKafkaBroker({ ...kafka, clock, transactionalId });
}
