import type { TableName } from "./pipeline_folder.ts";

/** What names a row of each table. */
export const TABLE_KEYS: Readonly<Record<TableName, readonly string[]>> = {
  landing: ["kafkaTopic", "kafkaPartition", "kafkaOffset"],
  quarantine: ["kafkaTopic", "kafkaPartition", "kafkaOffset"],
  standard: ["departureDate", "trainNumber", "rowNumber"],
  batches: ["topic", "partition", "offsetFrom"],
  runs: ["run_id"],
  results: ["run_id", "rule_id", "segment"],
  train_runs: ["departureDate", "trainNumber"],
  leg_delays: ["departureDate", "trainNumber", "leg"],
  station_days: ["departureDate", "stationShortCode", "trainCategory"],
};

/** The tables in a fixed order. */
export const TABLE_NAMES = Object.keys(TABLE_KEYS) as readonly TableName[];
