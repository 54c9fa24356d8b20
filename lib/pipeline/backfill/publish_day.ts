/** A day on its way from the API to the broker, a few megabytes at a time. */
import type { Broker, Message } from "../../broker/broker.ts";
import type { ArrivingDay } from "../../digitraffic/history/fetch_days.ts";
import { encodeTrainMessage, identifyTrain } from "../../train/train_message.ts";

/** How a day is published. */
export interface PublishDayOptions {
  readonly broker: Broker;
  readonly topic: string;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Ends it between two chunks; the call rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Messages are handed to the broker in chunks of about this many bytes. */
  readonly chunkBytes: number;
  /** Hears of each chunk that the broker has. */
  readonly onPublished: (chunk: { readonly trains: number; readonly sizeBytes: number }) => void;
}

/** What was published of a day. */
export interface DayCounts {
  readonly trains: number;
  /** Of them with another departure date, or none. */
  readonly others: number;
  readonly sizeBytes: number;
}

/** Publishes all trains of a day, whatever their date. The next ones are asked for when the broker has these. */
export async function publishDay(
  { date, source, trains }: ArrivingDay,
  options: PublishDayOptions,
): Promise<DayCounts> {
  const counts = { trains: 0, others: 0, sizeBytes: 0 };
  const chunk: { messages: Message[]; sizeBytes: number } = { messages: [], sizeBytes: 0 };
  const publish = async () => {
    options.signal.throwIfAborted();
    const { messages, sizeBytes } = await options.broker.publish(options.topic, chunk.messages);
    counts.trains += messages;
    counts.sizeBytes += sizeBytes;
    Object.assign(chunk, { messages: [], sizeBytes: 0 });
    options.onPublished({ trains: messages, sizeBytes });
  };
  for await (const batch of trains) {
    // The message's own time stays the broker's: Kafka deletes messages by it, and an old one would be gone at once.
    const origin = { source, fetchedAtMs: options.clock() };
    for (const train of batch) {
      const identity = identifyTrain(train);
      if (identity?.departureDate !== date) counts.others++;
      chunk.messages.push(encodeTrainMessage(train.bytes, { identity, origin }));
      chunk.sizeBytes += train.bytes.length;
      if (chunk.sizeBytes >= options.chunkBytes) await publish();
    }
  }
  if (chunk.messages.length > 0) await publish();
  return counts;
}
