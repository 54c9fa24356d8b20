/** Brings the rows of a table into the engine: only the files and columns that the question needs. */
import { setImmediate } from "node:timers/promises";
import {
  type DataType,
  type DeltaTable,
  formatTime,
  frameRows,
  type Predicate,
  scanTable,
  type StructField,
} from "../delta/mod.ts";
import { valueWriter } from "../text/json_text.ts";
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

type SqlInput = null | bigint | number | string | Uint8Array;

/** So many rows are taken over before the event loop turns, and hears of Ctrl-C. */
const BATCH_ROWS = 16_384;

/** Reads the rows; in memory twice is one row group at most. */
export async function loadTable(
  engine: SqlEngine,
  table: DeltaTable,
  { name, columns, where, signal }: LoadOptions,
): Promise<void> {
  const fields = fieldsToRead(table.snapshot.schema.fields, columns);
  const names = fields.map((field) => field.name);
  const readers = fields.map((field) => ({ name: field.name, read: inputReader(field.type) }));
  for await (const frame of scanTable(table, { columns: names, where, batchRows: BATCH_ROWS })) {
    signal?.throwIfAborted();
    engine.insert(name, names, inputs(frameRows(frame, fields), readers));
    await setImmediate();
  }
}

// count(*) reads no column; one has to tell how many rows there are.
function fieldsToRead(all: readonly StructField[], columns: ReadonlySet<string>): readonly StructField[] {
  const wanted = all.filter(({ name }) => columns.has(name.toLowerCase()));
  return wanted.length > 0 ? wanted : all.slice(0, 1);
}

function* inputs(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  readers: readonly { readonly name: string; readonly read: (value: unknown) => SqlInput }[],
): Generator<SqlInput[]> {
  for (const row of rows) yield readers.map(({ name, read }) => read(row[name]));
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
