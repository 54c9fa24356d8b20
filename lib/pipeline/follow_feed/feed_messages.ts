/** What a follower does with trains that come over MQTT: the same as with an answer of the API, only sooner. */
import type { MessageFeed } from "../../digitraffic/mqtt/mqtt_feed.ts";
import type { QueuedTrain } from "../../digitraffic/mqtt/train_queue.ts";
import { datesThatMatter } from "./feed_dates.ts";
import type { FeedLog } from "./feed_log.ts";
import type { OddTrains } from "./odd_trains.ts";
import { publishAnswer, type PublishedAnswer } from "./publish_answer.ts";

/** Where they go. */
interface MessagesOptions {
  readonly messages: MessageFeed;
  readonly log: FeedLog;
  readonly odd: OddTrains;
  readonly topic: string;
  readonly api: { readonly clock: () => number };
  readonly signal: AbortSignal;
  readonly chunkBytes?: number | undefined;
}

/** What became of the messages of a moment. */
export interface PublishedMessages extends PublishedAnswer {
  readonly trains: readonly QueuedTrain[];
  readonly cursor: number | null;
  readonly nowMs: number;
}

/**
 * Publishes what is new of them, of the dates of which changes are published; what the broker does not take goes back.
 * The cursor stays: that a train came says nothing of the others with its version.
 */
export async function publishMessages(
  trains: readonly QueuedTrain[],
  { messages, log, odd, topic, api, signal, chunkBytes }: MessagesOptions,
): Promise<PublishedMessages> {
  const nowMs = api.clock();
  const dates = new Set(datesThatMatter({ sinceMs: nowMs, nowMs }));
  const done = await publishAnswer(trains, {
    origin: { source: messages.source, fetchedAtMs: nowMs },
    ...{ broker: log.broker, topic, signal, chunkBytes, versions: log.versions },
    sourceEpoch: log.sourceEpoch,
    isWanted: (train) =>
      odd.isNew(train) && (train.identity === null || dates.has(train.identity.departureDate)),
  });
  log.add(done.sent);
  odd.add(done.sent);
  const sent = new Set<unknown>(done.sent);
  if (done.failure !== undefined) messages.putBack(trains.filter((train) => !sent.has(train)));
  return { ...done, trains, cursor: log.feed.cursor, nowMs };
}

/** Waits for one of both; true when it is not the news. Rejects with nothing. */
export async function awaitNews(messages: MessageFeed, waiting: Promise<unknown>): Promise<boolean> {
  const over = waiting.then(() => true, () => true);
  return await Promise.race([over, messages.news().then(() => false)]);
}
