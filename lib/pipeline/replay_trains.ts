/** The pipeline from recorded answers to the broker: check each file, then publish all of it. */

import { getLogger } from "../packages/logtape.ts";
import type { Broker, Message } from "../broker/broker.ts";
import { findRecordings } from "../digitraffic/find_recordings.ts";
import {
  checkRecording,
  readRecording,
  type RecordedTrain,
  RecordingError,
} from "../digitraffic/read_recording.ts";
import { counted } from "../printable.ts";
import { encodeTrainMessage, identifyTrain, type TrainOrigin } from "../train/train_message.ts";

const logger = getLogger(["ratalake", "replay"]);

/** What a replay needs. */
export interface ReplayTrainsOptions {
  readonly broker: Broker;
  readonly topic: string;
  /** For a topic that has to be created. */
  readonly partitions: number;
  /** Recordings in the order of publishing: names of files, or patterns in which `*` is any part of a name. */
  readonly files: readonly string[];
  /** The broker's own files, which must not be read beside it. Default none. */
  readonly brokerFiles?: readonly string[];
  /** When the answers were fetched, milliseconds since 1970 UTC; it is the time of the messages too. */
  readonly fetchedAtMs: number;
  /** Ends the replay after the chunk under way. */
  readonly signal?: AbortSignal;
  /** Hears of a file when it is begun, and of how many of its trains the broker has. */
  readonly onProgress?: (path: string, published: number) => void;
  /** Hears of each file when it is done. */
  readonly onFile?: (file: ReplayedFile) => void;
  /** Messages are handed to the broker in chunks of about this many bytes. Default 4 MiB. */
  readonly chunkBytes?: number;
}

/** What became of one file. */
export interface ReplayedFile {
  readonly path: string;
  readonly published: number;
  /** Bytes of the published trains. */
  readonly sizeBytes: number;
  /** False when the signal or a fault came before its end. */
  readonly complete: boolean;
  /** What is wrong with it, null when nothing is; a file that was broken from the start has published nothing. */
  readonly fault: string | null;
}

/**
 * Publishes every train of every file, known or not, in order. A file is read through before any of it is published,
 * so that a broken one leaves nothing behind; the others go on.
 *
 * @returns One entry per file that was begun; files after the signal are missing.
 * @throws {UsageError} When a name means no file, or a file of the broker; nothing was published then.
 * @throws {BrokerError} When the broker does not take the messages.
 */
export async function replayTrains(options: ReplayTrainsOptions): Promise<readonly ReplayedFile[]> {
  const { broker, topic, partitions, signal, onFile } = options;
  const paths = await findRecordings(options.files, options.brokerFiles);
  await broker.ensureTopic(topic, partitions);
  const replayed: ReplayedFile[] = [];
  for (const path of paths) {
    if (signal?.aborted === true) break;
    const file = await replayFile(path, options);
    replayed.push(file);
    onFile?.(file);
  }
  return replayed;
}

/** One line for people: what was published of how many files. */
export function describeReplay(files: readonly ReplayedFile[]): string {
  const trains = files.reduce((sum, { published }) => sum + published, 0);
  const whole = counted(files.filter(({ complete }) => complete).length, "complete file");
  const broken = counted(files.filter(({ fault }) => fault !== null).length, "broken file");
  return `${counted(trains, "train")} from ${whole}; ${broken} skipped`;
}

async function replayFile(path: string, options: ReplayTrainsOptions): Promise<ReplayedFile> {
  const done = { path, published: 0, sizeBytes: 0, complete: false, fault: null };
  try {
    options.onProgress?.(path, 0);
    await checkRecording(path, options.signal ? { signal: options.signal } : {});
    for await (const trains of chunksOf(readRecording(path), options.chunkBytes ?? 4 * 1024 * 1024)) {
      if (options.signal?.aborted === true) return done;
      // The message's own time stays the broker's: Kafka deletes messages by it, and an old one would be gone at once.
      const origin = { source: sourceOf(path), fetchedAtMs: options.fetchedAtMs };
      const receipt = await options.broker.publish(
        options.topic,
        trains.map((train) => encode(train, origin)),
      );
      done.published += receipt.messages;
      done.sizeBytes += receipt.sizeBytes;
      options.onProgress?.(path, done.published);
    }
    return { ...done, complete: true };
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    logger.debug("Skipped {path}: {error}", { path, error });
    return { ...done, fault: error.message };
  }
}

/** Gathers what was read until a chunk is full; a chunk is never empty. */
async function* chunksOf(
  batches: AsyncIterable<readonly RecordedTrain[]>,
  chunkBytes: number,
): AsyncGenerator<readonly RecordedTrain[], void, undefined> {
  let chunk: RecordedTrain[] = [];
  let sizeBytes = 0;
  for await (const batch of batches) {
    for (const train of batch) {
      chunk.push(train);
      sizeBytes += train.bytes.length;
      if (sizeBytes < chunkBytes) continue;
      yield chunk;
      chunk = [];
      sizeBytes = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}

function encode(train: RecordedTrain, origin: TrainOrigin): Message {
  return encodeTrainMessage(train.bytes, { identity: identifyTrain(train), origin });
}

/** The file by its name alone: where it lies is nobody's business. */
function sourceOf(path: string): string {
  return `recording:${path.split(/[/\\]/).at(-1) ?? path}`;
}
