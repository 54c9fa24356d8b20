/** `table cat`: the rows of a version in one of several formats. */
import pl from "nodejs-polars";
import { type DeltaTable, emptyFrame, type Frame, frameRows, type StructField } from "../delta/mod.ts";
import { cellWriter, csvLine } from "./cell_text.ts";
import { rowWriter } from "./json_text.ts";
import { readFrames, type ReadFramesOptions, wantedFields } from "./read_frames.ts";
import type { RowFormat } from "./table_flags.ts";
import { textGrid } from "./text_grid.ts";

/** Rows that the format "table" shows by default. */
export const SHOWN_ROWS = 20;

const CELL_WIDTH = 60;

type Frames = AsyncIterable<Frame>;

/**
 * The rows as bytes, in pieces. Text formats hold one data file in memory at a time; arrow and parquet hold the result,
 * and write maps as lists of key and value.
 */
export async function* catRows(
  table: DeltaTable,
  format: RowFormat,
  options: ReadFramesOptions,
): AsyncGenerator<Uint8Array> {
  const fields = wantedFields(table, options.columns);
  const frames = readFrames(table, options);
  if (format === "arrow" || format === "parquet") {
    const frame = await gather(frames, fields);
    yield new Uint8Array(format === "arrow" ? frame.writeIPC() : frame.writeParquet({ compression: "zstd" }));
    return;
  }
  const encoder = new TextEncoder();
  for await (const text of WRITERS[format](frames, fields)) yield encoder.encode(text);
}

const WRITERS = { ndjson, csv, table: grid } as const;

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

async function* grid(frames: Frames, fields: readonly StructField[]): AsyncGenerator<string> {
  const cells = cellsOf(fields);
  const rows: (readonly string[])[] = [];
  for await (const frame of frames) {
    for (const row of frameRows(frame, fields)) rows.push(cells(row).map((cell) => cell ?? "null"));
  }
  yield `${textGrid(fields.map(({ name }) => name), rows, { maxWidth: CELL_WIDTH })}\n`;
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
