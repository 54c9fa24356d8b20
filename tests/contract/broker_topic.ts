/** What the steps of the broker contract share: messages, bytes, and reading a whole topic. */

import type { Broker, Chunk, LogRecord, Message, ReadOptions, ReadRange } from "../../lib/broker/broker.ts";

const encoder = new TextEncoder();

/** One promise: its sentence, and the check that tries to break it on a topic of its own. */
export interface BrokerPromise {
  readonly name: string;
  readonly check: (broker: Broker, topic: string) => Promise<void>;
}

/** A small message. */
export function message(key: string | null, value = "{}"): Message {
  return { key, value: encoder.encode(value), headers: {} };
}

/** A value as text. */
export function text(value: Uint8Array | null): string {
  return new TextDecoder().decode(value ?? undefined);
}

/** Bytes that no codec makes smaller, the same in every run. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed + 0x9e3779b9;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return state >>> 24;
  });
}

/** True when both are the same bytes; far quicker than a deep comparison. */
export function sameBytes(found: Uint8Array | null | undefined, expected: Uint8Array | undefined): boolean {
  if (!found || !expected || found.length !== expected.length) return false;
  return found.every((byte, index) => byte === expected[index]);
}

/** Ranges over all that the topic holds now. */
export async function wholeTopic(broker: Broker, topic: string): Promise<readonly ReadRange[]> {
  const offsets = await broker.topicOffsets(topic);
  return offsets.map(({ partition, earliest, end }) => ({ partition, from: earliest, to: end }));
}

/** All chunks of the whole topic. */
export async function readChunks(
  broker: Broker,
  topic: string,
  options: ReadOptions = {},
): Promise<readonly Chunk[]> {
  return await Array.fromAsync(broker.read(topic, await wholeTopic(broker, topic), options));
}

/** All records of the whole topic or of some partitions, partition after partition as they came. */
export async function readAll(
  broker: Broker,
  topic: string,
  partitions?: readonly number[],
): Promise<readonly LogRecord[]> {
  const ranges = await wholeTopic(broker, topic);
  const matching = ranges.filter(({ partition }) =>
    partitions === undefined || partitions.includes(partition)
  );
  const chunks = await Array.fromAsync(broker.read(topic, matching));
  return chunks.flatMap(({ records }) => records);
}
