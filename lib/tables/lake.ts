/** The lake: all tables of the pipeline, opened together. */
import { type DeltaTable, openTable, type Store, type TableOptions } from "../delta/mod.ts";
import { BATCHES_SCHEMA } from "./batch_record.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "./message_schemas.ts";
import { openLakeTable, type TableDefinition } from "./open_lake_table.ts";
import { RUNS_SCHEMA } from "./run_record.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "./standard_schema.ts";
import { TopicTable } from "./topic_table.ts";

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

const DEFINITIONS: Readonly<Record<TableName, TableDefinition>> = {
  landing: { schema: LANDING_SCHEMA },
  quarantine: { schema: QUARANTINE_SCHEMA },
  standard: { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] },
  batches: { schema: BATCHES_SCHEMA },
  runs: { schema: RUNS_SCHEMA },
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
}

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
  const { topic } = options;
  const { landing, quarantine, standard, batches, runs } = await openEach((name) =>
    openLakeTable(storeOf(TABLE_PATHS[name]), DEFINITIONS[name], options)
  );
  return {
    topic,
    landing: new TopicTable(landing, { name: "landing", topic }),
    // Not every batch has a rejection, and after a crash quarantine may be ahead of a smaller batch.
    quarantine: new TopicTable(quarantine, { name: "quarantine", topic, isSparse: true }),
    standard: new TopicTable(standard, { name: "standard", topic }),
    batches: new TopicTable(batches, { name: "batches", topic }),
    runs,
  };
}

/** The Delta tables by their names. */
export type LakeTables = Readonly<Record<TableName, DeltaTable>>;

/**
 * Opens the tables as they are, for reading alone: creates nothing and adds nothing.
 *
 * @throws {TableNotFoundError} when one of them is not there
 */
export async function openLakeTables(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<LakeTables> {
  return await openEach((name) => openNamed(storeOf(TABLE_PATHS[name]), options));
}

async function openEach(open: (name: TableName) => Promise<DeltaTable>): Promise<LakeTables> {
  const [landing, quarantine, standard, batches, runs] = await Promise.all([
    open("landing"),
    open("quarantine"),
    open("standard"),
    open("batches"),
    open("runs"),
  ]);
  return { landing, quarantine, standard, batches, runs };
}

async function openNamed(store: Store, options: TableOptions): Promise<DeltaTable> {
  try {
    return await openTable(store, options);
  } catch (cause) {
    // What the system says of a folder that is a file, or of a disk that fails, does not name the table.
    const isPlain = cause instanceof Error && !cause.message.startsWith("Cannot ");
    throw isPlain ? new Error(`Cannot open the table "${store.label}"`, { cause }) : cause;
  }
}

/** The Delta tables of an open lake. */
export function lakeTables(lake: Lake): LakeTables {
  const { landing, quarantine, standard, batches, runs } = lake;
  return {
    landing: landing.delta,
    quarantine: quarantine.delta,
    standard: standard.delta,
    batches: batches.delta,
    runs,
  };
}

/** Reads what other processes have committed. */
export async function updateLake(lake: Lake): Promise<void> {
  await Promise.all(Object.values(lakeTables(lake)).map((table) => table.update()));
}
