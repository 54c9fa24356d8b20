/** The Delta tables of the lake by name and place, opened as they are, for reading alone. */
import type { DeltaTable, Store, TableOptions } from "../delta/mod.ts";
import { openTable, TableNotFoundError } from "../delta/reading.ts";
import {
  type AnalysisName,
  PROCESS_PATHS,
  type ProcessTable,
  TABLE_PATHS,
  type TableName,
} from "./table_paths.ts";

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

/** What there is of a lake. */
export interface FoundTables {
  readonly tables: Partial<LakeTables & Readonly<Record<AnalysisName, DeltaTable>>>;
  /** What was thrown for tables that are there and cannot be opened. */
  readonly faults: ReadonlyMap<ProcessTable, unknown>;
}

/** The tables that are there; one that cannot be opened hides no other. */
export async function findLakeTables(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<FoundTables> {
  const tables: Partial<Record<ProcessTable, DeltaTable>> = {};
  const faults = new Map<ProcessTable, unknown>();
  const names = Object.keys(PROCESS_PATHS) as ProcessTable[];
  const opened = await Promise.allSettled(
    names.map((name) => findNamed(storeOf(PROCESS_PATHS[name]), options)),
  );
  opened.forEach((result, at) => {
    const name = names[at];
    if (name === undefined) return;
    if (result.status === "rejected") faults.set(name, result.reason);
    else if (result.value !== null) tables[name] = result.value;
  });
  return { tables, faults };
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
