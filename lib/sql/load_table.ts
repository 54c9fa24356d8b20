/** Brings the rows of a table into the engine: only the files and columns that the question needs. */
import { setImmediate } from "node:timers/promises";
import {
  type DataType,
  type DeltaTable,
  formatTime,
  frameRows,
  type Predicate,
  type ScannedFile,
  scannedFiles,
  scanTable,
  type StructField,
} from "../delta/mod.ts";
import { valueWriter } from "../text/json_text.ts";
import type { SqlInput } from "./column_inputs.ts";
import { readFileInputs } from "./file_inputs.ts";
import type { Inserter } from "./inserter.ts";
import type { SqlEngine } from "./sql_engine.ts";

/** What is needed of a table. */
export interface LoadOptions {
  /** The name that it has in the question. */
  readonly name: string;
  /** Columns that the question reads, in lower case. */
  readonly columns: ReadonlySet<string>;
  /** Rows that it may need; undefined for all. */
  readonly where: Predicate | undefined;
  readonly signal: AbortSignal | undefined;
}

/** So many rows are taken over before the event loop turns, and hears of Ctrl-C. */
const BATCH_ROWS = 16_384;

/** Reads the rows; in memory twice is one row group at most, or a plain file. */
export async function loadTable(
  engine: SqlEngine,
  table: DeltaTable,
  { name, columns, where, signal }: LoadOptions,
): Promise<void> {
  const fields = fieldsToRead(table.snapshot.schema.fields, columns);
  const inserter = engine.inserter(name, fields.map((field) => field.name));
  const loading = { table, fields, where, signal, inserter };
  for (const file of scannedFiles(table.snapshot, where)) {
    signal?.throwIfAborted();
    const isPlain = await loadPlain(loading, file);
    if (!isPlain) await loadFrames(loading, file);
    await setImmediate();
  }
  inserter.finish();
}

interface Loading extends Pick<LoadOptions, "where" | "signal"> {
  readonly table: DeltaTable;
  readonly fields: readonly StructField[];
  readonly inserter: Inserter;
}

/** False when the file has to be read as frames. */
async function loadPlain(
  { table, fields, where, signal, inserter }: Loading,
  file: ScannedFile,
): Promise<boolean> {
  const found = await readFileInputs(table, { file, fields, where });
  if (found === undefined) return false;
  const { rows, reads, isNeeded } = found;
  for (let row = 0; row < rows; row++) {
    if (row % BATCH_ROWS === BATCH_ROWS - 1) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    if (isNeeded(row)) { for (const read of reads) inserter.push(read(row)); }
  }
  return true;
}

async function loadFrames(
  { table, fields, where, signal, inserter }: Loading,
  { add }: ScannedFile,
): Promise<void> {
  const { snapshot, fileSource } = table;
  const alone = { snapshot: { ...snapshot, files: new Map([[add.path, add]]) }, fileSource };
  const readers = fields.map(({ name, type }) => ({ name, read: inputReader(type) }));
  const columns = fields.map(({ name }) => name);
  for await (const frame of scanTable(alone, { columns, where, batchRows: BATCH_ROWS })) {
    signal?.throwIfAborted();
    for (const row of frameRows(frame, fields)) {
      for (const { name, read } of readers) inserter.push(read(row[name]));
    }
    await setImmediate();
  }
}

// count(*) reads no column; one has to tell how many rows there are.
function fieldsToRead(all: readonly StructField[], columns: ReadonlySet<string>): readonly StructField[] {
  const wanted = all.filter(({ name }) => columns.has(name.toLowerCase()));
  return wanted.length > 0 ? wanted : all.slice(0, 1);
}

/** Times as texts of one length in UTC, whatever has parts as JSON. */
function inputReader(type: DataType): (value: unknown) => SqlInput {
  const read = plainReader(type);
  return (value) => value === null || value === undefined ? null : read(value);
}

function plainReader(type: DataType): (value: unknown) => SqlInput {
  if (typeof type !== "string") return valueWriter(type);
  if (type === "boolean") return (value) => value === true ? 1 : 0;
  if (type === "timestamp") return (value) => `${formatTime(value as bigint)}Z`;
  if (type === "timestamp_ntz") return (value) => formatTime(value as bigint);
  return type.startsWith("decimal") ? Number : (value) => value as SqlInput;
}
