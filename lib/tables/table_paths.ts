/** Names and places of the tables, for those who need no table. */

/** The tables by the names that the code gives them. */
export type TableName = "landing" | "quarantine" | "standard" | "batches" | "runs" | "results";

/** Where each table lies below the data folder. */
export const TABLE_PATHS: Readonly<Record<TableName, string>> = {
  landing: "landing_zone/trains_travel",
  quarantine: "quarantine_zone/trains_travel",
  standard: "standard_zone/trains_travel",
  batches: "quality_zone/batches",
  runs: "quality_zone/trains_travel",
  results: "quality_zone/rule_results",
};

/** The tables of what the API says about trains in general: `fetch --metadata` fills them, from no topic. */
export type MetadataName = "stations" | "operators" | "train_types" | "train_categories" | "causes";

/** Where each of them lies below the data folder. */
export const METADATA_PATHS: Readonly<Record<MetadataName, string>> = {
  stations: "standard_zone/stations",
  operators: "standard_zone/operators",
  train_types: "standard_zone/train_types",
  train_categories: "standard_zone/train_categories",
  causes: "standard_zone/causes",
};

/** The tables of what trains, legs and stations came to: `process` works them out of the standard table. */
export type AnalysisName = "train_runs" | "leg_delays" | "station_days";

/** Where each of them lies below the data folder. */
export const ANALYSIS_PATHS: Readonly<Record<AnalysisName, string>> = {
  train_runs: "analysis_zone/train_runs",
  leg_delays: "analysis_zone/leg_delays",
  station_days: "analysis_zone/station_days",
};

/** The tables that `process` keeps, all of them. */
export type ProcessTable = TableName | AnalysisName;

/** Where each of them lies below the data folder. */
export const PROCESS_PATHS: Readonly<Record<ProcessTable, string>> = {
  ...TABLE_PATHS,
  ...ANALYSIS_PATHS,
};

/** All that is ours: what may be deleted, and where nothing else may lie. */
export const ALL_TABLE_PATHS: readonly string[] = [
  ...Object.values(PROCESS_PATHS),
  ...Object.values(METADATA_PATHS),
];
