/** The quarantine table: messages that were not accepted, with their bytes and the reason. */
import { tableSchema } from "../delta/mod.ts";

/** Key: (kafkaTopic, kafkaPartition, kafkaOffset). */
export const QUARANTINE_SCHEMA = tableSchema({
  rawValue: "binary",
  reasonCode: "string",
  message: "string",
  jsonPath: "string",
  stage: "string",
  ruleId: "string",
  kafkaMessageTimestamp: "timestamp",
  kafkaTopic: "string",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  messageKey: "string",
  fetchedAt: "timestamp",
});
