/** Names and places of the tables, for those who need no table. */

/** The tables by the names that the code gives them. */
export type TableName = "landing" | "quarantine" | "standard" | "batches" | "runs";

/** Where each table lies below the data folder. */
export const TABLE_PATHS: Readonly<Record<TableName, string>> = {
  landing: "landing_zone/trains_travel",
  quarantine: "quarantine_zone/trains_travel",
  standard: "standard_zone/trains_travel",
  batches: "quality_zone/batches",
  runs: "quality_zone/trains_travel",
};
