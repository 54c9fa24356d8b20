/** Chooses the broker. */

import type { Broker } from "./broker.ts";
import { openEmbeddedBroker } from "./embedded/embedded_broker.ts";
import type { KafkaBrokerOptions } from "./kafka/kafka_broker.ts";

/** Both choices at once, as the configuration has them. */
export interface BrokerOptions {
  /** The embedded broker's file; used when there is no Kafka. */
  readonly path: string;
  /** The cluster, when one is to be used. */
  readonly kafka?: Omit<KafkaBrokerOptions, "clock"> | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
}

/**
 * Opens Kafka when it is configured, else the embedded broker. Nothing of Kafka is loaded for the embedded one.
 *
 * @throws {BrokerError} As the two brokers do.
 */
export async function openBroker({ path, kafka, clock }: BrokerOptions): Promise<Broker> {
  if (kafka === undefined) return await openEmbeddedBroker({ path, clock });
  const { openKafkaBroker } = await import("./kafka/kafka_broker.ts");
  return await openKafkaBroker({ ...kafka, clock });
}
