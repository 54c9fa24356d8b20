/** The two tables with one row per message: landing, which has them all, and quarantine, which has the rejected ones. */
import { type DataType, tableSchema } from "../delta/mod.ts";

const FIRST_TIME_MS = Date.parse("0001-01-01T00:00:00Z");
/** A whole second, as microseconds of that size have no odd digits. */
const LAST_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Where a message stood in the log, and when it was written and fetched. Exactly one of `messageKey` and
 * `messageKeyBytes` has the key of a message that has one: the bytes when they are no UTF-8. So different keys are
 * never the same here.
 */
const MESSAGE_COLUMNS: Readonly<Record<string, DataType>> = {
  kafkaMessageTimestamp: "timestamp",
  kafkaTopic: "string",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  messageKey: "string",
  fetchedAt: "timestamp",
  messageKeyBytes: "binary",
};

/**
 * Key: (kafkaTopic, kafkaPartition, kafkaOffset). `jsonValue` is the message as it was received, null when its bytes
 * are no UTF-8. The first two columns are those of the replaced system.
 */
export const LANDING_SCHEMA = tableSchema({ jsonValue: "string", ...MESSAGE_COLUMNS });

/** Key: (kafkaTopic, kafkaPartition, kafkaOffset). `rawValue` is the message's bytes, null for a tombstone. */
export const QUARANTINE_SCHEMA = tableSchema({
  rawValue: "binary",
  reasonCode: "string",
  message: "string",
  jsonPath: "string",
  stage: "string",
  ruleId: "string",
  ...MESSAGE_COLUMNS,
});

/**
 * A producer may write any 64 bits as the time of a message; tables and their readers know the years 1 to 9999. A time
 * beyond them lands as the nearest that they know, -1 (which some clients write for "none") as the millisecond before
 * 1970, no number as 1970.
 */
export function withinCalendar(milliseconds: number): number {
  return Math.min(Math.max(Math.trunc(milliseconds) || 0, FIRST_TIME_MS), LAST_TIME_MS);
}
