/** What becomes of an answer of the API: what is new goes to the broker, in order and in chunks. */
import type { Broker } from "../../broker/broker.ts";
import { compareToPublished, type PublishedVersions } from "../../digitraffic/published_versions.ts";
import type { IdentifiedTrain } from "./identified_trains.ts";
import { encodeTrainMessage, type TrainOrigin } from "../../train/train_message.ts";

/** Where the trains come from and go, and what is known of them. */
export interface PublishOptions {
  readonly origin: Omit<TrainOrigin, "sourceEpoch">;
  /** Of the log. */
  readonly sourceEpoch: number;
  readonly broker: Broker;
  readonly topic: string;
  /** What the topic has; nothing for all to be published. */
  readonly versions: PublishedVersions;
  /** Ends the publishing after the chunk under way. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk with how many of how many trains the broker has. */
  readonly onPublished?: ((sent: number, total: number) => void) | undefined;
  /** Messages are handed to the broker in chunks of about this many bytes. Default 4 MiB. */
  readonly chunkBytes?: number | undefined;
  /** Which of the new trains are published; by default all. */
  readonly isWanted?: (train: IdentifiedTrain) => boolean;
}

/** What became of an answer. */
export interface PublishedAnswer {
  /** What the broker has acknowledged, in order; also when `failure` came after it. */
  readonly sent: readonly IdentifiedTrain[];
  /** Left out because this version was published before. */
  readonly unchanged: number;
  /** Left out because a newer version was published before. */
  readonly older: number;
  /** Left out because nobody wants them. */
  readonly unwanted: number;
  /** New, but the signal or the failure came first. */
  readonly unpublished: number;
  /** Bytes of the published trains. */
  readonly sizeBytes: number;
  /** Why the broker did not take all of them; undefined when it did, or when the signal came. */
  readonly failure: unknown;
}

/**
 * Publishes the trains of an answer that are new or whose version rose. What names no train is published too: it is
 * validated, and kept, further on. Does not reject: what was sent has to be recorded whatever happened after it.
 */
export async function publishAnswer(
  trains: readonly IdentifiedTrain[],
  options: PublishOptions,
): Promise<PublishedAnswer> {
  const { new: all = [], unchanged = [], older = [] } = Object.groupBy(
    trains,
    ({ identity }) => compareToPublished(options.versions, identity),
  );
  const news = options.isWanted === undefined ? all : all.filter(options.isWanted);
  const sent: IdentifiedTrain[] = [];
  let failure: unknown;
  try {
    await publishChunks(news, sent, options);
  } catch (error) {
    failure = error;
  }
  return {
    sent,
    unchanged: unchanged.length,
    older: older.length,
    unwanted: all.length - news.length,
    unpublished: news.length - sent.length,
    sizeBytes: sent.reduce((sum, { bytes }) => sum + bytes.length, 0),
    failure,
  };
}

/** Publishes in order; `sent` grows by what the broker has acknowledged, also when a later chunk fails. */
async function publishChunks(
  news: readonly IdentifiedTrain[],
  sent: IdentifiedTrain[],
  { origin, sourceEpoch, broker, topic, signal, onPublished, chunkBytes = 4 * 1024 * 1024 }: PublishOptions,
): Promise<void> {
  while (sent.length < news.length && signal?.aborted !== true) {
    const chunk = takeChunk(news, sent.length, chunkBytes);
    await broker.publish(
      topic,
      chunk.map(({ bytes, identity, receivedMs: fetchedAtMs = origin.fetchedAtMs }) =>
        encodeTrainMessage(bytes, { identity, origin: { ...origin, fetchedAtMs, sourceEpoch } })
      ),
    );
    for (const one of chunk) sent.push(one);
    onPublished?.(sent.length, news.length);
  }
}

function takeChunk(
  news: readonly IdentifiedTrain[],
  from: number,
  chunkBytes: number,
): readonly IdentifiedTrain[] {
  let sizeBytes = 0;
  let to = from;
  while (to < news.length && (to === from || sizeBytes < chunkBytes)) {
    sizeBytes += news[to]?.bytes.length ?? 0;
    to++;
  }
  return news.slice(from, to);
}
