/** Checks of what callers pass to a broker; both brokers refuse the same things with the same messages. */

import { BrokerError, OffsetOutOfRangeError } from "../errors.ts";
import type { Message, PartitionOffsets, ReadRange } from "./broker.ts";
import { missingTopic } from "./missing.ts";

const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;
const MAX_PARTITIONS = 8191;

/** Throws a `BrokerError` unless the topic may be created like that on every broker. */
export function checkTopic(topic: string, partitions = 1): void {
  if (!TOPIC_NAME.test(topic) || topic === "." || topic === "..") {
    throw new BrokerError(
      `Cannot use topic ${JSON.stringify(topic)}: bad name, expected 1 to 249 of a-z A-Z 0-9 . _ -`,
    );
  }
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new BrokerError(
      `Cannot use topic "${topic}": ${partitions} partitions, expected a whole number from 1 to ${MAX_PARTITIONS}`,
    );
  }
}

/** Throws a `BrokerError` for the first message whose time no log can keep. */
export function checkMessages(topic: string, messages: readonly Message[]): void {
  for (const [index, { timestampMs }] of messages.entries()) {
    if (timestampMs === undefined || (Number.isSafeInteger(timestampMs) && timestampMs >= 0)) continue;
    throw new BrokerError(
      `Cannot publish to "${topic}": message ${index} has time ${timestampMs}, ` +
        "expected whole milliseconds since 1970",
    );
  }
}

/** The ranges that hold anything; throws an `OffsetOutOfRangeError` when one does not lie within the log. */
export function checkRanges(
  topic: string,
  ranges: readonly ReadRange[],
  offsets: readonly PartitionOffsets[],
): readonly ReadRange[] {
  if (offsets.length === 0) throw missingTopic("read", topic);
  return ranges.filter((range) => {
    const log = offsets.find(({ partition }) => partition === range.partition);
    if (log === undefined) throw outsideLog(topic, range, `the topic has ${offsets.length} partitions`);
    if (range.from === range.to) return false;
    if (range.from < log.earliest || range.from > range.to || range.to > log.end) {
      throw outsideLog(topic, range, `the log holds ${log.earliest} to ${log.end}`);
    }
    return true;
  });
}

function outsideLog(topic: string, { partition, from, to }: ReadRange, found: string): OffsetOutOfRangeError {
  return new OffsetOutOfRangeError(
    `Cannot read "${topic}" partition ${partition}: ${found}, expected offsets ${from} to ${to} ` +
      "(records expired before they were read, or the topic was created anew)",
  );
}
