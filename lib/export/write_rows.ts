/** The rows of a table in a format that travels alone: with its licence, and a note that the data was changed. */
import { setImmediate } from "node:timers/promises";
import { type DeltaTable, frameRows, type Row, scanTable, writeParquet } from "../delta/mod.ts";
import { cellWriter } from "../text/cell_text.ts";
import { csvLine } from "../text/csv_line.ts";
import { rowWriter } from "../text/json_text.ts";
import { geometryText, type Position } from "./geometry.ts";

/** What is said of the data wherever it goes. */
export type Notes = Readonly<Record<string, string>>;

/** Rows of one row group of Parquet, and of what is in memory. */
const GROUP_ROWS = 50_000;

/** Batches of rows; between them the event loop turns, and hears of Ctrl-C. */
async function* batchesOf(
  table: DeltaTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  const { fields } = table.snapshot.schema;
  let rows: Row[] = [];
  for await (const frame of scanTable(table, { batchRows: GROUP_ROWS })) {
    signal?.throwIfAborted();
    for (const row of frameRows(frame, fields)) rows.push(row);
    if (rows.length >= GROUP_ROWS) {
      yield rows;
      rows = [];
    }
    await setImmediate();
  }
  if (rows.length > 0) yield rows;
}

/** As Parquet; the notes are in its key-value metadata. */
export function asParquet(
  table: DeltaTable,
  notes: Notes,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  return writeParquet(batchesOf(table, signal), table.snapshot.schema, notes);
}

/** As CSV (RFC 4180); an empty field is null, an empty text is `""`. */
export async function* asCsv(table: DeltaTable, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const writers = table.snapshot.schema.fields.map(({ name, type }) => ({ name, write: cellWriter(type) }));
  yield encoder.encode(csvLine(writers.map(({ name }) => name)));
  for await (const rows of batchesOf(table, signal)) {
    const lines = rows.map((row) => csvLine(writers.map(({ name, write }) => write(row[name]))));
    yield encoder.encode(lines.join(""));
  }
}

/** What places rows on the map. */
interface Placing {
  readonly columns: readonly string[];
  readonly positions: ReadonlyMap<unknown, Position>;
}

/** As one GeoJSON FeatureCollection (RFC 7946); the notes are members of it. */
export async function* asGeoJson(
  table: DeltaTable,
  { columns, positions, notes }: Placing & { readonly notes: Notes },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const write = rowWriter(table.snapshot.schema.fields);
  const head = JSON.stringify({ type: "FeatureCollection", ...notes }).slice(0, -1);
  yield encoder.encode(`${head},"features":[`);
  let before = "\n";
  for await (const rows of batchesOf(table, signal)) {
    const features = rows.map((row) =>
      `{"type":"Feature","geometry":${geometryText(row, columns, positions)},"properties":${write(row)}}`
    );
    yield encoder.encode(before + features.join(",\n"));
    before = ",\n";
  }
  yield encoder.encode("\n]}\n");
}
