/** The two tables with one row per message: landing, which has them all, and quarantine, which has the rejected ones. */
import { type DataType, tableSchema } from "../delta/mod.ts";

/**
 * Where a message stood in the log, and when it was written and fetched. Exactly one of `messageKey` and
 * `messageKeyBytes` has the key of a message that has one: the bytes when they are no UTF-8. So different keys are
 * never the same here. `sourceEpoch` is what the header of that name says, null when it says 0 or nothing.
 */
const MESSAGE_COLUMNS: Readonly<Record<string, DataType>> = {
  kafkaMessageTimestamp: "timestamp",
  kafkaTopic: "string",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  messageKey: "string",
  fetchedAt: "timestamp",
  messageKeyBytes: "binary",
  sourceEpoch: "integer",
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
