/** One fetch from one Kafka partition, as records. */

import type { LogRecord } from "../broker.ts";
import type { FetchedRun } from "./drain_partition.ts";
import type { KafkaCluster, WireMessage, WirePartition } from "./kafka_cluster.ts";

const READ_COMMITTED = 1;
const MAX_WAIT_MS = 200;

const decoder = new TextDecoder();

/** Where to fetch and how much. */
interface FetchOptions {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly maxBytes: number;
}

/** Fetches from the partition's leader; records of aborted transactions do not exist. */
export async function fetchRun(cluster: KafkaCluster, options: FetchOptions): Promise<FetchedRun> {
  const { topic, partition, offset, maxBytes } = options;
  // Looking for another topic may have dropped this one from what the cluster keeps up to date.
  await cluster.addTargetTopic(topic);
  const [nodeId = "-1"] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  const node = await cluster.findBroker({ nodeId });
  const { responses, clientSideThrottleTime = 0, throttleTime = 0 } = await node.fetch({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: MAX_WAIT_MS,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes }] }],
  });
  const found = responses[0]?.partitions[0] ?? { messages: [] };
  return {
    records: committedMessages(found).filter((message) => BigInt(message.offset) >= offset).map(toRecord),
    nextOffset: offsetAfter(found.messages, offset),
    throttled: clientSideThrottleTime > 0 || throttleTime > 0,
  };
}

function offsetAfter(messages: readonly WireMessage[], offset: bigint): bigint {
  const last = messages.at(-1);
  // A batch that begins before the requested offset may also end before it.
  return last === undefined || BigInt(last.offset) < offset ? offset : BigInt(last.offset) + 1n;
}

/** A producer's records from its aborted transaction's first offset up to the marker that ends it do not count. */
function committedMessages({ messages, abortedTransactions }: WirePartition): readonly WireMessage[] {
  const aborted = (abortedTransactions ?? []).toSorted((a, b) =>
    Number(BigInt(a.firstOffset) - BigInt(b.firstOffset))
  );
  const running = new Set<string>();
  let begun = 0;
  return messages.filter(({ offset, isControlRecord, batchContext }) => {
    for (
      let next = aborted[begun];
      next && BigInt(next.firstOffset) <= BigInt(offset);
      next = aborted[++begun]
    ) {
      running.add(next.producerId);
    }
    const producerId = batchContext?.producerId ?? "";
    // Each marker ends the producer's transaction, whichever way.
    if (isControlRecord) running.delete(producerId);
    return !isControlRecord && !(batchContext?.inTransaction && running.has(producerId));
  });
}

function toRecord({ offset, timestamp, key, value, headers }: WireMessage): LogRecord {
  return {
    offset: BigInt(offset),
    timestampMs: Number(timestamp),
    key: key && decoder.decode(key),
    // A plain view: kafkajs hands out Node's Buffers.
    value: value && new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
    headers: Object.fromEntries(Object.entries(headers).map(([name, bytes]) => [name, headerText(bytes)])),
  };
}

function headerText(bytes: WireMessage["headers"][string]): string {
  // A name may come several times; the last one counts.
  const last = Array.isArray(bytes) ? bytes.at(-1) : bytes;
  return typeof last === "string" ? last : decoder.decode(last);
}
