/** Sends to Kafka so that no record is ever swallowed. */

import { Buffer } from "node:buffer";

import type { Producer } from "kafkajs";

import type { Message } from "../broker.ts";
import { deepest } from "./kafka_failure.ts";
import type { KafkaClient } from "./kafka_client.ts";
import type { Send } from "./split_sends.ts";

const ALL_REPLICAS = -1;
/** An election of a controller takes a second or two. */
const CONTROLLER_PAUSE_MS = 1000;

/** How to send. */
interface PublisherOptions {
  /** Makes each publish one transaction; whoever uses the same name later ends the transactions of the one before. */
  readonly transactionalId?: string | undefined;
  /** How often a send is tried again before it is rejected. */
  readonly retries: number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** What to send. */
interface Publication {
  readonly topic: string;
  readonly sends: readonly Send[];
  /** Timestamp of messages that have none. */
  readonly nowMs: number;
}

/**
 * Owns the producer. One publish runs at a time.
 *
 * A rejected send is in doubt: the broker may have it and only the acknowledgement was lost. kafkajs then gives the
 * next records the same sequence numbers, and the broker takes those for repetitions and drops them silently. So
 * after any rejection the producer, its id and its connections are given up before anything else is sent.
 */
export class KafkaPublisher implements AsyncDisposable {
  readonly #client: KafkaClient;
  readonly #retries: number;
  readonly #transactionalId: string | undefined;
  readonly #pause: PublisherOptions["pause"];
  #producer: Producer | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: KafkaClient, { retries, pause, transactionalId }: PublisherOptions) {
    this.#client = client;
    this.#retries = retries;
    this.#transactionalId = transactionalId;
    this.#pause = pause;
  }

  /** Sends all, or rejects with the first failure; then each message is in the log once or not at all. */
  publish(publication: Publication): Promise<void> {
    const turn = this.#last.then(() => this.#publish(publication));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#discard();
  }

  async #publish(publication: Publication): Promise<void> {
    const producer = await this.#connect();
    if (this.#transactionalId !== undefined) return await this.#publishAtOnce(producer, publication);
    const { topic, sends, nowMs } = publication;
    const perPartition = Map.groupBy(sends, ({ partition }) => partition).values();
    // All of them are done before the producer may be discarded: a send that is still running must not meet a new one.
    const outcomes = await Promise.allSettled(
      perPartition.map(async (ordered) => {
        for (const send of ordered) await this.#send(producer, send, { topic, nowMs });
      }),
    );
    const failure = outcomes.find(({ status }) => status === "rejected");
    if (failure?.status !== "rejected") return;
    await this.#discard();
    throw failure.reason;
  }

  /** All or nothing. A new producer of this name ends what a failure, or a process that was killed, left open. */
  async #publishAtOnce(producer: Producer, { topic, sends, nowMs }: Publication): Promise<void> {
    try {
      const transaction = await producer.transaction();
      try {
        for (const send of sends) await this.#send(transaction, send, { topic, nowMs });
        await transaction.commit();
      } catch (cause) {
        await transaction.abort().catch(() => {});
        throw cause;
      }
    } catch (cause) {
      await this.#discard();
      throw cause;
    }
  }

  // One partition in each send: kafkajs repeats a send as a whole, and when leaders moved in between it would send
  // partitions that were already acknowledged once more.
  async #send(
    producer: Pick<Producer, "send">,
    send: Send,
    { topic, nowMs }: Omit<Publication, "sends">,
  ): Promise<void> {
    await producer.send({
      topic,
      acks: ALL_REPLICAS,
      compression: this.#client.compression,
      messages: send.messages.map((message) => toWire(message, send.partition, nowMs)),
    });
  }

  async #connect(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    for (let tries = 0;; tries++) {
      const producer = this.#client.createProducer(this.#retries, this.#transactionalId);
      try {
        await producer.connect();
        return this.#producer = producer;
      } catch (cause) {
        producer.disconnect().catch(() => {});
        if (tries === this.#retries || !mayComeBack(cause)) throw cause;
      }
      // Nothing was sent, so it may be tried again; kafkajs itself gives up at once.
      await this.#pause(CONTROLLER_PAUSE_MS);
    }
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect();
  }
}

/**
 * True while the cluster has no controller, which after a restart it says for a while (Redpanda), and when a broker
 * went away in the middle of an answer. Not when none can be reached: kafkajs tries that itself.
 */
function mayComeBack(thrown: unknown): boolean {
  const cause = deepest(thrown);
  if (!(cause instanceof Error)) return false;
  return /^KafkaJS(?:BrokerNotFound|MetadataNotLoaded|ConnectionClosedError)$/.test(cause.name);
}

function toWire({ key, value, headers, timestampMs }: Message, partition: number, nowMs: number) {
  return {
    partition,
    key,
    // kafkajs treats anything but a Buffer as text.
    value: value && Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers: { ...headers },
    timestamp: String(timestampMs ?? nowMs),
  };
}
