/** An answer in one of several formats. */
import { setImmediate } from "node:timers/promises";
import { frameOf, type StructType } from "../delta/mod.ts";
import { csvLine } from "../text/csv_line.ts";
import { rowPage } from "../inspect/row_page.ts";
import { cellOf, fileFields, jsonOf, rowValueOf, type TypedColumn } from "./answer_values.ts";
import type { SqlValue } from "./sql_engine.ts";
import type { SQL_FORMATS } from "./sql_formats.ts";

/** Columns and rows. */
export interface Answer {
  readonly columns: readonly TypedColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** How it is written. */
export interface WriteAnswerOptions {
  readonly format: (typeof SQL_FORMATS)[number];
  /** Rows that are written at most. */
  readonly limit: number;
  /** Of the terminal; undefined when the answer goes elsewhere. */
  readonly width: number | undefined;
}

/** The answer as bytes, in pieces. */
export async function* writeAnswer(
  answer: Answer,
  { format, limit, width }: WriteAnswerOptions,
): AsyncGenerator<Uint8Array> {
  const mayBeMore = answer.rows.length > limit;
  const rows = mayBeMore ? answer.rows.slice(0, limit) : answer.rows;
  const shown = { columns: distinctNames(answer.columns), rows };
  if (format === "parquet") {
    yield parquetOf(shown);
    return;
  }
  const encoder = new TextEncoder();
  const texts = format === "table" ? [page(shown, { mayBeMore, width })] : inPieces(WRITERS[format](shown));
  for (const text of texts) {
    yield encoder.encode(text);
    // Signals are heard when the event loop turns.
    await setImmediate();
  }
}

const WRITERS = { csv, json, ndjson } as const;

function* csv({ columns, rows }: Answer): Generator<string> {
  yield csvLine(columns.map(({ name }) => name));
  for (const row of rows) yield csvLine(columns.map((column, at) => cellOf(row[at] ?? null, column)));
}

function* ndjson(answer: Answer): Generator<string> {
  for (const object of objects(answer)) yield `${object}\n`;
}

function* json(answer: Answer): Generator<string> {
  let before = "[";
  for (const object of objects(answer)) {
    yield `${before}\n${object}`;
    before = ",";
  }
  yield before === "[" ? "[]\n" : "\n]\n";
}

function* objects({ columns, rows }: Answer): Generator<string> {
  const heads = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  for (const row of rows) {
    yield `{${columns.map((column, at) => (heads[at] ?? "") + jsonOf(row[at] ?? null, column)).join(",")}}`;
  }
}

/** What a page says beside the rows. */
interface PageOptions extends Pick<WriteAnswerOptions, "width"> {
  readonly mayBeMore: boolean;
}

function page({ columns, rows }: Answer, { mayBeMore, width }: PageOptions): string {
  const cells = rows.map((row) => columns.map((column, at) => cellOf(row[at] ?? null, column) ?? "null"));
  const names = columns.map(({ name }) => name);
  const advice = "name those you want in the question";
  return `${rowPage({ names, rows: cells, total: undefined, mayBeMore, advice }, width)}\n`;
}

function parquetOf({ columns, rows }: Answer): Uint8Array {
  const fields = fileFields(columns, rows);
  const schema: StructType = { type: "struct", fields };
  const objects = rows.map((row) =>
    Object.fromEntries(fields.map(({ name, type }, at) => [name, rowValueOf(row[at] ?? null, type)]))
  );
  return new Uint8Array(frameOf(objects, schema).writeParquet({ compression: "zstd" }));
}

/** Pieces of some 64 KiB: a write for each line would cost more than the line. */
function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** Two columns of a join may share a name; the second becomes "name_1", as in DuckDB. */
function distinctNames(columns: readonly TypedColumn[]): readonly TypedColumn[] {
  const used = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let number = 1; used.has(name); number++) name = `${column.name}_${number}`;
    used.add(name);
    return { ...column, name };
  });
}
