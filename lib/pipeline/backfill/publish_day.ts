/** A day on its way from the API to the broker, a few megabytes at a time. */
import type { Broker, Message, PublishReceipt } from "../../broker/broker.ts";
import type { DigitrafficApi } from "../../digitraffic/digitraffic_api.ts";
import { retryWaitMs } from "../../digitraffic/retry_wait.ts";
import { BrokerError } from "../../errors.ts";
import { getLogger } from "../../packages/logtape.ts";
import type { ArrivingDay } from "../../digitraffic/history/fetch_days.ts";
import { encodeTrainMessage, identifyTrain } from "../../train/train_message.ts";

const logger = getLogger(["ratalake", "backfill"]);

/** About a minute of waits. */
const ATTEMPTS = 8;

/** How a day is published. */
export interface PublishDayOptions {
  readonly broker: Broker;
  readonly topic: string;
  /** Of the log. */
  readonly sourceEpoch: number;
  /** Clock and waits. */
  readonly api: Pick<DigitrafficApi, "clock" | "random" | "sleep">;
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
    const { messages, sizeBytes } = await publishPatiently(chunk.messages, options);
    counts.trains += messages;
    counts.sizeBytes += sizeBytes;
    Object.assign(chunk, { messages: [], sizeBytes: 0 });
    options.onPublished({ trains: messages, sizeBytes });
  };
  for await (const batch of trains) {
    // The message's own time stays the broker's: Kafka deletes messages by it, and an old one would be gone at once.
    const origin = { source, fetchedAtMs: options.api.clock(), sourceEpoch: options.sourceEpoch };
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

/** A broker that says that it may be there again later is asked again, by the waits of failed requests. */
async function publishPatiently(
  messages: readonly Message[],
  { broker, topic, api, signal }: PublishDayOptions,
): Promise<PublishReceipt> {
  for (let attempt = 1;; attempt++) {
    try {
      return await broker.publish(topic, messages);
    } catch (error) {
      if (!(error instanceof BrokerError) || !error.retriable || attempt === ATTEMPTS) throw error;
      const waitMs = retryWaitMs({ attempt }, { nowMs: api.clock(), random: api.random() });
      logger.warn("Publishing again in {seconds} s after {found} (attempt {attempt} of {attempts})", {
        seconds: Math.round(waitMs / 100) / 10,
        found: error.message,
        attempt: attempt + 1,
        attempts: ATTEMPTS,
      });
      await api.sleep(waitMs, signal);
    }
  }
}
