/** Loads kafkajs, and opens its cluster, which can do more than its public classes. */

import { getLogger } from "../../packages/logtape.ts";
import type { LogEntry, Producer, SASLOptions } from "kafkajs";

import { BrokerError } from "../../errors.ts";
import { withoutSecrets } from "../../printable.ts";
import { openSocket, toKafkajs } from "./kafka_address.ts";
import type { KafkaCluster } from "./kafka_cluster.ts";
import { fixRequestQueueTimer } from "./request_queue_timer.ts";
import { steadyConnections } from "./steady_connection.ts";
import { zstdCodec } from "./zstd_codec.ts";

/** With the two retries this makes a wrong host fail within ten seconds. */
const CONNECTION_TIMEOUT_MS = 3000;
const CONNECT_RETRY = { retries: 2, initialRetryTime: 200, maxRetryTime: 1000 };
const SEND_WAITS = { initialRetryTime: 300, maxRetryTime: 5000 };
const READ_COMMITTED = 1;
const METADATA_MAX_AGE_MS = 300_000;

/** Who we are and where the cluster is. */
export interface KafkaClientOptions {
  /** `host:port` of some brokers of the cluster; they name the others. */
  readonly brokers: readonly string[];
  /** What the cluster's logs call this program. */
  readonly clientId: string;
  /** TLS with the system's certificate authorities (`true`) or with these PEM texts. */
  readonly ssl?: true | { readonly ca: string };
  /** Credentials; absent where the cluster needs none. */
  readonly sasl?: {
    /** One that the listener offers. */
    readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
    /** Name of the user. */
    readonly username: string;
    /** Never in a message, a log line or a cause. */
    readonly password: string;
  };
}

/** kafkajs, set up. Nothing is connected yet. */
export interface KafkaClient {
  readonly cluster: KafkaCluster;
  /** The same with a short timeout: large answers take longer than it waits. */
  readonly probe: KafkaCluster;
  /** A new idempotent producer with its own producer id and connections; with a name for transactions too. */
  readonly createProducer: (retries: number, transactionalId?: string) => Producer;
  /** kafkajs' number for the codec of sends. */
  readonly compression: number;
}

/** Loads kafkajs only now, so that runs with the embedded broker do not pay for it. */
export async function loadKafkaClient(options: KafkaClientOptions): Promise<KafkaClient> {
  const { brokers, clientId, ssl, sasl } = options;
  const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = await import("kafkajs");
  await fixRequestQueueTimer();
  steadyConnections();
  CompressionCodecs[CompressionTypes.ZSTD] = zstdCodec;
  const settings = {
    brokers: brokers.map(checkAddress),
    clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    socketFactory: openSocket,
    logLevel: logLevel.INFO,
    logCreator: () => logToLogTape,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: saslOptions(sasl) }),
  };
  return {
    cluster: createCluster(new Kafka({ ...settings, retry: CONNECT_RETRY })),
    probe: createCluster(
      new Kafka({ ...settings, retry: CONNECT_RETRY, requestTimeout: CONNECTION_TIMEOUT_MS }),
    ),
    compression: CompressionTypes.ZSTD,
    createProducer: (retries, transactionalId) =>
      // The retries of the connection count too: a send whose connection broke gives up when it cannot reconnect.
      new Kafka({ ...settings, retry: { retries, ...SEND_WAITS } }).producer({
        idempotent: true,
        ...(transactionalId === undefined ? {} : { transactionalId, maxInFlightRequests: 1 }),
        allowAutoTopicCreation: false,
        // Every message names its partition; this only keeps kafkajs from warning about its own choice.
        createPartitioner: () => ({ message }) => message.partition ?? 0,
      }),
  };
}

/**
 * kafkajs' consumer can only read as a member of a group: that costs a rebalance (3 s by the brokers' default) for
 * every read, needs rights on groups, and leaves groups behind after a crash. The cluster below it fetches directly.
 */
function createCluster(kafka: object): KafkaCluster {
  const name = Object.getOwnPropertySymbols(kafka).find(({ description }) =>
    description === "private:Kafka:createCluster"
  );
  const create: unknown = name === undefined ? undefined : Reflect.get(kafka, name);
  if (typeof create !== "function") {
    throw new BrokerError("Cannot use kafkajs: no cluster in it, expected 2.2.4");
  }
  return create({
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    isolationLevel: READ_COMMITTED,
  });
}

function checkAddress(address: string): string {
  if (/^(?:\[[0-9a-fA-F:.]+\]|[^:\s/@[\]]+):\d{1,5}$/.test(address)) return toKafkajs(address);
  throw new BrokerError(
    `Cannot use Kafka broker "${withoutSecrets(address)}": not understood, expected host:port`,
  );
}

function saslOptions(
  { mechanism, username, password }: NonNullable<KafkaClientOptions["sasl"]>,
): SASLOptions {
  if (mechanism === "plain") return { mechanism, username, password };
  if (mechanism === "scram-sha-256") return { mechanism, username, password };
  return { mechanism, username, password };
}

// kafkajs logs as an error what it then retries; whatever fails for good comes as a BrokerError anyway.
function logToLogTape({ namespace, log }: LogEntry): void {
  const { message, broker } = log;
  getLogger(["ratalake", "broker", "kafkajs"]).debug("{namespace}: {message}", {
    namespace,
    message,
    broker,
  });
}
