/** The Delta tables of the lake by name and place, opened as they are, for reading alone. */
import type { DeltaTable, Store, TableOptions } from "../delta/mod.ts";
import { openTable, TableNotFoundError } from "../delta/reading.ts";
import { ANALYSIS_PATHS, type AnalysisName, TABLE_PATHS, type TableName } from "./table_paths.ts";

/** Tables that every lake has; of the rest nothing that was there before may depend. */
type EssentialName = Exclude<TableName, "results">;

/** The Delta tables by their names. */
export type LakeTables = Readonly<Record<EssentialName, DeltaTable>> & { readonly results?: DeltaTable };

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

/** The results of the rules; null where no run has written any yet. */
export async function findRuleResults(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<DeltaTable | null> {
  return await findNamed(storeOf(TABLE_PATHS.results), options);
}

/** The tables that are there. */
export async function findLakeTables(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<Partial<LakeTables>> {
  const found = await Promise.all(
    Object.entries(TABLE_PATHS).map(async ([name, path]) => {
      const table = await findNamed(storeOf(path), options);
      return table === null ? [] : [[name, table]];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The analysis tables that are there. */
export async function findAnalysisTables(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<Partial<Readonly<Record<AnalysisName, DeltaTable>>>> {
  const found = await Promise.all(
    Object.entries(ANALYSIS_PATHS).map(async ([name, path]) => {
      const table = await findNamed(storeOf(path), options);
      return table === null ? [] : [[name, table]];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Opens the tables that every lake has side by side. */
export async function openEach(open: (name: EssentialName) => Promise<DeltaTable>): Promise<LakeTables> {
  const [landing, quarantine, standard, batches, runs] = await Promise.all([
    open("landing"),
    open("quarantine"),
    open("standard"),
    open("batches"),
    open("runs"),
  ]);
  return { landing, quarantine, standard, batches, runs };
}

async function findNamed(store: Store, options: TableOptions): Promise<DeltaTable | null> {
  try {
    return await openNamed(store, options);
  } catch (error) {
    if (error instanceof TableNotFoundError) return null;
    throw error;
  }
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
