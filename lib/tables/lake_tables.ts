/** The Delta tables of the lake by name and place, opened as they are, for reading alone. */
import { type DeltaTable, openTable, type Store, type TableOptions } from "../delta/mod.ts";

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

/** Opens all tables side by side. */
export async function openEach(open: (name: TableName) => Promise<DeltaTable>): Promise<LakeTables> {
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
