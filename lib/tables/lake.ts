/** The tables of the pipeline, opened together. */
import { createTable, type DeltaTable, type Store, type TableOptions } from "../delta/mod.ts";
import { LANDING_SCHEMA } from "./landing_schema.ts";
import { BATCHES_SCHEMA } from "./batch_record.ts";
import { RUNS_SCHEMA } from "./run_record.ts";
import { QUARANTINE_SCHEMA } from "./quarantine_schema.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "./standard_schema.ts";

/** Where each table lies below the data folder. */
export const TABLE_PATHS = {
  landing: "landing_zone/trains_travel",
  quarantine: "quarantine_zone/trains_travel",
  standard: "standard_zone/trains_travel",
  batches: "quality_zone/batches",
  runs: "quality_zone/trains_travel",
} as const;

/** One open table per name of {@linkcode TABLE_PATHS}. */
export type PipelineTables = Readonly<Record<keyof typeof TABLE_PATHS, DeltaTable>>;

/**
 * A commit a minute makes 43,200 log files in the 30 days that Delta keeps them by default, which every opening has to
 * list. Removed data files stay for 7 days, so that is how long older versions can be read anyway.
 */
const configuration = { "delta.logRetentionDuration": "interval 7 days" } as const;

/** Opens all tables and creates those that are missing; `storeOf` gives the store of a path below the data folder. */
export async function openTables(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<PipelineTables> {
  const [landing, quarantine, standard, batches, runs] = await Promise.all([
    createTable(storeOf(TABLE_PATHS.landing), { schema: LANDING_SCHEMA, configuration }, options),
    createTable(storeOf(TABLE_PATHS.quarantine), { schema: QUARANTINE_SCHEMA, configuration }, options),
    createTable(storeOf(TABLE_PATHS.standard), {
      schema: STANDARD_SCHEMA,
      partitionColumns: [STANDARD_PARTITION],
      configuration,
    }, options),
    createTable(storeOf(TABLE_PATHS.batches), { schema: BATCHES_SCHEMA, configuration }, options),
    createTable(storeOf(TABLE_PATHS.runs), { schema: RUNS_SCHEMA, configuration }, options),
  ]);
  return { landing, quarantine, standard, batches, runs };
}

/** Takes in what other processes have committed. */
export async function updateTables(tables: PipelineTables): Promise<void> {
  await Promise.all(Object.values(tables).map((table) => table.update()));
}
