/** The epoch that a log itself tells: for whoever has lost, or never had, the publish state of it. */
import type { Broker, LogRecord } from "../../broker/broker.ts";
import { BrokerError, OffsetOutOfRangeError } from "../../errors.ts";
import { getLogger } from "../../packages/logtape.ts";
import { decodeSourceEpoch, TRAIN_HEADERS } from "../../train/train_message.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** Offsets that are looked at, of each partition. */
const LOOKED_AT = 64n;
/** Retention may take messages meanwhile. */
const ATTEMPTS = 3;

/**
 * The greatest epoch of the newest messages of each partition that are trains; 0 when there are none. Who may only write
 * to the topic is warned, and gets 0.
 */
export async function newestEpoch(broker: Broker, topic: string): Promise<number> {
  for (let attempt = 1;; attempt++) {
    try {
      return await lookAtEnds(broker, topic);
    } catch (error) {
      if (error instanceof OffsetOutOfRangeError && attempt < ATTEMPTS) continue;
      if (!(error instanceof BrokerError) || error.retriable) throw error;
      logger.warn(
        "Taking it that the source was never set up anew: nothing is recorded of topic {topic}, and its newest " +
          "messages, which would tell, cannot be read ({reason})",
        { topic, reason: error.message },
      );
      return 0;
    }
  }
}

async function lookAtEnds(broker: Broker, topic: string): Promise<number> {
  const ranges = (await broker.topicOffsets(topic)).filter(({ earliest, end }) => earliest < end)
    .map(({ partition, earliest, end }) => ({
      partition,
      from: end - earliest > LOOKED_AT ? end - LOOKED_AT : earliest,
      to: end,
    }));
  if (ranges.length === 0) return 0;
  let greatest = 0;
  for await (const { records } of broker.read(topic, ranges)) {
    greatest = records.reduce((most, record) => Math.max(most, epochOf(record)), greatest);
  }
  return greatest;
}

/** What others write into the topic says nothing. */
function epochOf({ headers }: LogRecord): number {
  return headers[TRAIN_HEADERS.schema] === TRAIN_HEADERS.schemaValue ? decodeSourceEpoch(headers) : 0;
}
