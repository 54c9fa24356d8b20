/** `table cat`: the rows of a version in one of several formats. */
import { pl } from "../packages/polars.ts";
import {
  type DeltaTable,
  emptyFrame,
  type Frame,
  frameRows,
  statsRows,
  type StructField,
} from "../delta/mod.ts";
import { setImmediate } from "node:timers/promises";
import { cellWriter } from "../text/cell_text.ts";
import { csvLine } from "../text/csv_line.ts";
import { rowWriter } from "../text/json_text.ts";
import { readFrames, type ReadFramesOptions, wantedFields } from "./read_frames.ts";
import type { RowFormat } from "./table_flags.ts";
import { rowPage } from "./row_page.ts";

/** Rows that the format "table" shows by default. */
export const SHOWN_ROWS = 20;

/** Which rows, and how wide the terminal is that they go to; undefined when they go elsewhere. */
export interface CatOptions extends ReadFramesOptions {
  readonly width: number | undefined;
}

type Frames = AsyncIterable<Frame>;

/**
 * The rows as bytes, in pieces. Text formats hold one data file in memory at a time; arrow and parquet hold the result,
 * and write maps as lists of key and value.
 */
export async function* catRows(
  table: DeltaTable,
  format: RowFormat,
  options: CatOptions,
): AsyncGenerator<Uint8Array> {
  const fields = wantedFields(table, options.columns);
  const frames = readFrames(table, options);
  if (format === "arrow" || format === "parquet") {
    const frame = await gather(frames, fields);
    yield new Uint8Array(format === "arrow" ? frame.writeIPC() : frame.writeParquet({ compression: "zstd" }));
    return;
  }
  const encoder = new TextEncoder();
  const texts = format === "table" ? page(table, options) : WRITERS[format](frames, fields);
  for await (const text of texts) {
    yield encoder.encode(text);
    // Signals are heard when the event loop turns.
    await setImmediate();
  }
}

const WRITERS = { ndjson, csv } as const;

async function* ndjson(frames: Frames, fields: readonly StructField[]): AsyncGenerator<string> {
  const write = rowWriter(fields);
  for await (const frame of frames) {
    yield* inPieces(frameRows(frame, fields), (row) => `${write(row)}\n`);
  }
}

async function* csv(frames: Frames, fields: readonly StructField[]): AsyncGenerator<string> {
  const cells = cellsOf(fields);
  yield csvLine(fields.map(({ name }) => name));
  for await (const frame of frames) yield* inPieces(frameRows(frame, fields), (row) => csvLine(cells(row)));
}

async function* page(table: DeltaTable, options: CatOptions): AsyncGenerator<string> {
  const fields = wantedFields(table, options.columns);
  const cells = cellsOf(fields);
  const rows: (readonly string[])[] = [];
  for await (const frame of readFrames(table, options)) {
    for (const row of frameRows(frame, fields)) rows.push(cells(row).map((cell) => cell ?? "null"));
  }
  const names = fields.map(({ name }) => name);
  const total = options.where === undefined ? countedRows(table) : undefined;
  yield `${rowPage({ names, rows, total, mayBeMore: rows.length >= options.limit }, options.width)}\n`;
}

// By the log alone; undefined when a file does not say.
function countedRows({ snapshot }: DeltaTable): number | undefined {
  let rows = 0;
  for (const add of snapshot.files.values()) {
    const count = statsRows(add);
    if (count === undefined) return undefined;
    rows += count;
  }
  return rows;
}

function cellsOf(fields: readonly StructField[]) {
  const writers = fields.map(({ name, type }) => ({ name, write: cellWriter(type) }));
  return (row: Readonly<Record<string, unknown>>) => writers.map(({ name, write }) => write(row[name]));
}

/** Pieces of some 64 KiB: a write for each line would cost more than the line. */
function* inPieces<T>(rows: Iterable<T>, write: (row: T) => string): Generator<string> {
  let piece = "";
  for (const row of rows) {
    piece += write(row);
    if (piece.length < 65_536) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

async function gather(frames: Frames, fields: readonly StructField[]): Promise<Frame> {
  const all = await Array.fromAsync(frames);
  const [first] = all;
  if (first === undefined) return emptyFrame(fields);
  return all.length === 1 ? first : pl.concat(all, { how: "vertical" });
}
