/** One fetch from one Kafka partition, as batches of records. */

import protocolErrors from "kafkajs/src/protocol/error.js";
import protocol from "kafkajs/src/protocol/requests/index.js";

import { BrokerError } from "../../errors.ts";
import type { LogRecord } from "../broker.ts";
import type { FetchedRun } from "./drain_partition.ts";
import type { KafkaCluster } from "./kafka_cluster.ts";
import { type FetchedPartition, type FetchResponse, readFetchResponse } from "./wire/fetch_response.ts";
import type { RecordBatch } from "./wire/record_batch.ts";
import { splitBatches } from "./wire/split_batches.ts";

const FETCH = 1;
const READ_COMMITTED = 1;
/**
 * How long the broker may take. Records that are there come at once; but Redpanda answers empty, without an error,
 * when its disk takes longer than this.
 */
const MAX_WAIT_MS = 5000;

/** Where to fetch and how much. */
interface FetchOptions {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly maxBytes: number;
}

/** Fetches from the partition's leader; records of aborted transactions do not exist. */
export async function fetchRun(cluster: KafkaCluster, options: FetchOptions): Promise<FetchedRun> {
  const { topic, partition, offset } = options;
  const { clientSideThrottleTime, throttleTime, partitions } = await askLeader(cluster, options);
  const found = partitions.find((each) => each.partition === partition);
  const place = `"${topic}" partition ${partition}`;
  const batches = found === undefined ? [] : wholeBatches(found, place, offset);
  return {
    batches: committedBatches(batches, found?.aborted ?? []).map((batch) => named(batch, place)),
    // A batch that begins before the requested offset may also end before it.
    nextOffset: batches.reduce((next, { lastOffset }) => lastOffset < next ? next : lastOffset + 1n, offset),
    throttled: clientSideThrottleTime > 0 || throttleTime > 0,
  };
}

async function askLeader(
  cluster: KafkaCluster,
  { topic, partition, offset, maxBytes }: FetchOptions,
): Promise<FetchResponse> {
  // Looking for another topic may have dropped this one from what the cluster keeps up to date.
  await cluster.addTargetTopic(topic);
  const [nodeId = "-1"] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  const node = await cluster.findBroker({ nodeId });
  const { request, requestTimeout } = node.lookupRequest(FETCH, protocol.requests.Fetch)({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: MAX_WAIT_MS,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes }] }],
  });
  const decode = (payload: Uint8Array) => Promise.resolve(readFetchResponse(payload, request.apiVersion));
  try {
    return await node.connectionPool.send({ request, requestTimeout, response: { decode, parse: refuse } });
  } catch (cause) {
    if (cause instanceof Error && cause.name === "KafkaJSConnectionClosedError") await node.disconnect();
    throw cause;
  }
}

/** Turns the broker's error numbers into errors. */
function refuse(response: FetchResponse): Promise<FetchResponse> {
  const codes = [response.errorCode, ...response.partitions.map(({ errorCode }) => errorCode)];
  const code = codes.find((each) => each !== 0);
  if (code === undefined) return Promise.resolve(response);
  return Promise.reject(protocolErrors.createErrorFromCode(code));
}

function wholeBatches({ bytes }: FetchedPartition, place: string, offset: bigint): readonly RecordBatch[] {
  try {
    return splitBatches(bytes);
  } catch (cause) {
    throw damaged(place, offset, cause);
  }
}

/** A producer's batches from its aborted transaction's first offset up to the marker that ends it do not count. */
function committedBatches(
  batches: readonly RecordBatch[],
  abortedTransactions: FetchedPartition["aborted"],
): readonly RecordBatch[] {
  const aborted = abortedTransactions.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const running = new Set<bigint>();
  let begun = 0;
  return batches.filter(({ lastOffset, isControl, isTransactional, producerId }) => {
    for (let next = aborted[begun]; next && next.firstOffset <= lastOffset; next = aborted[++begun]) {
      running.add(next.producerId);
    }
    // Each marker ends the producer's transaction, whichever way.
    if (isControl) running.delete(producerId);
    return !isControl && !(isTransactional && running.has(producerId));
  });
}

/** The batch with errors that say where it stands. */
function named(batch: RecordBatch, place: string): RecordBatch {
  const { firstOffset, readRecords } = batch;
  return {
    ...batch,
    readRecords: async () => {
      try {
        return guarded(await readRecords(), place, firstOffset);
      } catch (cause) {
        throw damaged(place, firstOffset, cause);
      }
    },
  };
}

function* guarded(records: Iterable<LogRecord>, place: string, firstOffset: bigint): Generator<LogRecord> {
  try {
    yield* records;
  } catch (cause) {
    throw damaged(place, firstOffset, cause);
  }
}

function damaged(place: string, offset: bigint, cause: unknown): BrokerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BrokerError(
    `Cannot read ${place}: the records from offset ${offset} cannot be unpacked (${reason}), ` +
      "expected records as Kafka's producers send them",
    { cause },
  );
}
