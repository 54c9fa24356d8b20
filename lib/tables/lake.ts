/** The lake: all tables of the pipeline, opened together. */
import { CorruptLogError, type DeltaTable, type Store, type TableOptions } from "../delta/mod.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS, ANALYSIS_STATISTICS } from "./analysis_schemas.ts";
import { BATCHES_SCHEMA } from "./batch_record.ts";
import { type LakeTables, openEach } from "./lake_tables.ts";
import { ANALYSIS_PATHS, type AnalysisName, TABLE_PATHS, type TableName } from "./table_paths.ts";
import { LICENCE_LINE } from "./licence.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "./message_schemas.ts";
import { openLakeTable, type TableDefinition } from "./open_lake_table.ts";
import { RESULTS_SCHEMA } from "./rule_result_row.ts";
import { RUNS_SCHEMA } from "./run_record.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "./standard_schema.ts";
import { TopicTable } from "./topic_table.ts";

const DEFINITIONS: Readonly<Record<TableName, TableDefinition>> = {
  landing: { schema: LANDING_SCHEMA },
  quarantine: { schema: QUARANTINE_SCHEMA },
  standard: { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] },
  batches: { schema: BATCHES_SCHEMA },
  runs: { schema: RUNS_SCHEMA },
  results: { schema: RESULTS_SCHEMA },
};

/** The tables of the pipeline as one topic fills them. */
export interface Lake {
  readonly topic: string;
  readonly landing: TopicTable;
  readonly quarantine: TopicTable;
  readonly standard: TopicTable;
  readonly batches: TopicTable;
  /** One row per run, whatever the topic. */
  readonly runs: DeltaTable;
  /** One row per rule and run; absent where the lake is only looked at. */
  readonly results?: DeltaTable;
  /** What is worked out of the standard table; absent where the lake is only looked at. */
  readonly analysis?: AnalysisTables;
}

/** The analysis tables by their names. */
export type AnalysisTables = Readonly<Record<AnalysisName, DeltaTable>>;

/** What opening needs beside the stores. */
export interface LakeOptions extends TableOptions {
  readonly topic: string;
}

/**
 * Opens all tables, creates those that are missing and adds columns that older versions did not have; `storeOf` gives
 * the store of a path below the data folder.
 *
 * @throws {TypeError} when a table cannot be what it should be; see `openLakeTable`
 */
export async function openLake(storeOf: (path: string) => Store, options: LakeOptions): Promise<Lake> {
  const open = (name: TableName) =>
    openLakeTable(storeOf(TABLE_PATHS[name]), { ...DEFINITIONS[name], description: LICENCE_LINE }, options);
  const [tables, results, analysis] = await Promise.all([
    openEach(open),
    open("results"),
    openAnalysis(storeOf, options),
  ]);
  return { ...lakeOf({ ...tables, results }, options.topic), analysis };
}

/**
 * Opens the analysis tables, or creates them; throws as `openLake` does.
 *
 * @throws {Error} when the log of one is broken; the message has the way out that loses nothing
 */
export async function openAnalysis(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<AnalysisTables> {
  const open = (name: AnalysisName) => openMadeAgain(name, storeOf(ANALYSIS_PATHS[name]), options);
  const [train_runs, leg_delays, station_days] = await Promise.all([
    open("train_runs"),
    open("leg_delays"),
    open("station_days"),
  ]);
  return { train_runs, leg_delays, station_days };
}

async function openMadeAgain(name: AnalysisName, store: Store, options: TableOptions): Promise<DeltaTable> {
  try {
    return await openLakeTable(store, {
      schema: ANALYSIS_SCHEMAS[name],
      partitionColumns: [ANALYSIS_PARTITION],
      measured: ANALYSIS_STATISTICS[name],
      description: LICENCE_LINE,
    }, options);
  } catch (cause) {
    const way = "remove its folder: `deno task process` and `deno task analyse` make it again";
    if (cause instanceof CorruptLogError) {
      const found = "found a broken log, expected a whole one or none";
      throw new Error(`Cannot use the table "${store.label}": ${found}; ${way}`, { cause });
    }
    // Of another version, or with columns of somebody else.
    if (cause instanceof TypeError) throw new TypeError(`${cause.message}; ${way}`, { cause });
    throw cause;
  }
}

/** The lake of open tables, as they are. */
export function lakeOf(tables: LakeTables, topic: string): Lake {
  const { landing, quarantine, standard, batches, runs, results } = tables;
  return {
    ...topicTables({ landing, quarantine, standard }, topic),
    batches: new TopicTable(batches, { name: "batches", topic }),
    runs,
    ...(results && { results }),
  };
}

/** The tables that have messages of a topic, as the topic fills them. */
export function topicTables(
  { landing, quarantine, standard }: Pick<LakeTables, "landing" | "quarantine" | "standard">,
  topic: string,
): Pick<Lake, "topic" | "landing" | "quarantine" | "standard"> {
  return {
    topic,
    landing: new TopicTable(landing, { name: "landing", topic }),
    // Not every batch has a rejection, and after a crash quarantine may be ahead of a smaller batch.
    quarantine: new TopicTable(quarantine, { name: "quarantine", topic, isSparse: true }),
    standard: new TopicTable(standard, { name: "standard", topic }),
  };
}

/** The Delta tables of an open lake. */
export function lakeTables(lake: Lake): LakeTables {
  const { landing, quarantine, standard, batches, runs, results } = lake;
  return {
    landing: landing.delta,
    quarantine: quarantine.delta,
    standard: standard.delta,
    batches: batches.delta,
    runs,
    ...(results && { results }),
  };
}

/** Reads what other processes have committed. */
export async function updateLake(lake: Lake): Promise<void> {
  const tables = [...Object.values(lakeTables(lake)), ...Object.values(lake.analysis ?? {})];
  await Promise.all(tables.map((table) => table.update()));
}
