/** The landing table: every message as it was received, good or bad. */
import { tableSchema } from "../delta/mod.ts";

/** Key: (kafkaTopic, kafkaPartition, kafkaOffset). The first two columns are those of the replaced system. */
export const LANDING_SCHEMA = tableSchema({
  jsonValue: "string",
  kafkaMessageTimestamp: "timestamp",
  kafkaTopic: "string",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  messageKey: "string",
  fetchedAt: "timestamp",
});
