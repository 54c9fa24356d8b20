/** Runs the pipeline in this process on an embedded broker in a temporary folder and on any stores. */

import type { Broker, Message } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { MemoryStore, type Store } from "../../lib/delta/mod.ts";
import { openLake } from "../../lib/tables/lake.ts";
import type { ProcessSummary } from "../../lib/pipeline/process_summary.ts";
import { processTrains } from "../../lib/pipeline/process_trains.ts";
import type { PolicySource } from "../../lib/pipeline/report/read_limits.ts";
import { FIRST_ROUND_MS } from "./made_up_log.ts";

/** Topic of all these tests. */
export const TOPIC = "trains";

/** Gives the store of a table by its path below the data folder. */
export type StoreOf = (path: string) => Store;

/** How one run goes about it. */
export interface RunOptions {
  readonly broker: Broker;
  readonly storeOf: StoreOf;
  /** Rules ask the tables of metadata there; by default they are not looked for. */
  readonly withMetadata?: boolean;
  /** Small, so that a small log makes many chunks and batches. */
  readonly chunkBytes?: number;
  readonly maxBatchBytes?: number;
  readonly keepFilesMs?: number;
  readonly keepMessagesMs?: number;
  readonly signal?: AbortSignal;
  readonly topic?: string;
  /** The text of quality.yaml. */
  readonly policy?: string;
  /** When the run begins, milliseconds since 1970 UTC. */
  readonly startMs?: number;
  /** Milliseconds, for the timings; stands still by default. */
  readonly monotonic?: () => number;
  /** Tells the names of the files of several processes apart. */
  readonly name?: string;
  /** Called when frames may be freed: between batches, and between files that are counted again. */
  readonly onRelease?: () => void;
  /** Called after each batch with the offsets that still wait. */
  readonly onBatch?: (waiting: number) => void;
}

/** Stores in memory that outlive a run, as a folder does. */
export function memoryFolder(): StoreOf {
  const stores = new Map<string, Store>();
  return (path) => {
    const store = stores.get(path) ?? new MemoryStore({ label: path });
    stores.set(path, store);
    return store;
  };
}

/** Opens a broker with the messages in it; its file goes when it is closed. */
export async function brokerWith(messages: readonly Message[], partitions = 3): Promise<Broker> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-process-" });
  const broker = await openEmbeddedBroker({
    path: `${folder}/broker.db`,
    clock: () => FIRST_ROUND_MS,
    isSynced: false,
  });
  await broker.ensureTopic(TOPIC, partitions);
  await broker.publish(TOPIC, messages);
  return wrapBroker(broker, {
    [Symbol.asyncDispose]: async () => {
      await broker[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  });
}

let runs = 0;

/** One run of the pipeline, from opening the tables to its summary. */
export async function runProcess(options: RunOptions): Promise<ProcessSummary> {
  const { broker, storeOf, chunkBytes, maxBatchBytes = 60_000, signal, name = "run" } = options;
  const { topic = TOPIC, startMs = FIRST_ROUND_MS } = options;
  let looks = 0, ids = 0;
  const run = `${name}${runs++}`;
  const clock = () => startMs + looks++;
  const context = { clock, ids: () => `${run}-${ids++}`, backoff: () => Promise.resolve() };
  const lake = await openLake(storeOf, { topic, ...context });
  const input = {
    broker: chunkBytes === undefined ? broker : withChunks(broker, chunkBytes),
    lake,
    group: "test",
    ...(options.withMetadata === true ? { storeOf } : {}),
  };
  return await processTrains(input, {
    limits: {
      maxBatchBytes,
      ...(options.keepFilesMs === undefined ? {} : { keepFilesMs: options.keepFilesMs }),
      ...(options.keepMessagesMs === undefined ? {} : { keepMessagesMs: options.keepMessagesMs }),
    },
    surroundings: {
      clock,
      monotonic: options.monotonic ?? (() => 0),
      ids: context.ids,
      signal: signal ?? new AbortController().signal,
      releaseMemory: () => Promise.resolve(options.onRelease?.()),
    },
    ...(options.policy === undefined ? {} : { policyFile: policyFileOf(options.policy) }),
    ...(options.onBatch === undefined ? {} : { onBatch: (_, waiting) => options.onBatch?.(waiting) }),
  });
}

/** A quality.yaml with this text, and nothing beside it. */
export function policyFileOf(text: string): PolicySource {
  return {
    path: "lake/quality.yaml",
    read: (path) => Promise.resolve(path.endsWith("quality.yaml") ? text : null),
  };
}

/** The broker with smaller chunks. */
function withChunks(broker: Broker, maxChunkBytes: number): Broker {
  return wrapBroker(broker, { read: (topic, ranges) => broker.read(topic, ranges, { maxChunkBytes }) });
}

/** The broker with some of its methods replaced. */
export function wrapBroker(broker: Broker, replaced: Partial<Broker>): Broker {
  return {
    label: broker.label,
    ensureTopic: (topic, partitions) => broker.ensureTopic(topic, partitions),
    topicOffsets: (topic) => broker.topicOffsets(topic),
    logId: (topic) => broker.logId(topic),
    forget: (topic, limits) => broker.forget(topic, limits),
    publish: (topic, messages) => broker.publish(topic, messages),
    read: (topic, ranges, options) => broker.read(topic, ranges, options),
    commitOffsets: (group, topic, offsets) => broker.commitOffsets(group, topic, offsets),
    committedOffsets: (group, topic) => broker.committedOffsets(group, topic),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
    ...replaced,
  };
}
