/** Splits a list of messages into sends that a Kafka broker accepts. */

import { BrokerError } from "../../errors.ts";
import type { Message } from "../broker.ts";
import { choosePartition } from "../choose_partition.ts";

/** One send becomes one record batch; kafkajs does not split, and brokers refuse batches over 1 MiB by default. */
const MAX_SEND_BYTES = 900_000;
/** What a record needs beside its key, value and headers, rounded up; the batch's own header included. */
const RECORD_OVERHEAD_BYTES = 70;

const encoder = new TextEncoder();

/** Messages of one partition that are sent together. */
export interface Send {
  readonly partition: number;
  readonly messages: readonly Message[];
}

/** What {@linkcode splitSends} needs beside the messages. */
interface SplitOptions {
  readonly topic: string;
  readonly partitions: number;
  /** How many messages without a key the topic got before. */
  readonly unkeyedBefore: number;
  /** The topic's `max.message.bytes`. */
  readonly maxMessageBytes: number;
}

/**
 * Sends in the order in which each partition needs them; a message over 900 kB is sent alone.
 *
 * @throws {BrokerError} Before anything is sent, when one message is larger than the topic accepts.
 */
export function splitSends(messages: readonly Message[], options: SplitOptions): readonly Send[] {
  const { partitions, maxMessageBytes } = options;
  let unkeyedBefore = options.unkeyedBefore;
  const open = new Map<
    number,
    { readonly partition: number; readonly messages: Message[]; sizeBytes: number }
  >();
  const sends: Send[] = [];
  for (const [index, message] of messages.entries()) {
    const sizeBytes = recordBytes(message);
    if (sizeBytes > maxMessageBytes) throw tooLarge(options, index, sizeBytes);
    const partition = choosePartition(message.key, { partitions, unkeyedBefore });
    if (message.key === null) unkeyedBefore++;
    const send = open.get(partition);
    if (send !== undefined && send.sizeBytes + sizeBytes <= Math.min(MAX_SEND_BYTES, maxMessageBytes)) {
      send.messages.push(message);
      send.sizeBytes += sizeBytes;
      continue;
    }
    const fresh = { partition, messages: [message], sizeBytes };
    open.set(partition, fresh);
    sends.push(fresh);
  }
  return sends;
}

function recordBytes({ key, value, headers }: Message): number {
  let sizeBytes = RECORD_OVERHEAD_BYTES + (value?.length ?? 0) + encoder.encode(key ?? "").length;
  for (const [name, text] of Object.entries(headers)) sizeBytes += encoder.encode(name + text).length + 10;
  return sizeBytes;
}

function tooLarge({ topic, maxMessageBytes }: SplitOptions, index: number, sizeBytes: number): BrokerError {
  return new BrokerError(
    `Cannot publish to "${topic}": message ${index} takes ${sizeBytes} bytes, expected at most ${maxMessageBytes} ` +
      "(max.message.bytes of the topic); nothing was sent",
  );
}
