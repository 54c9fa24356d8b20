/** `deno task export`: one table at one version as a file for others. */
import { closestName } from "../text/closest_name.ts";
import type { OptionValues } from "../cli/options.ts";
import {
  type DeltaTable,
  frameRows,
  openTable,
  openTableAt,
  scanTable,
  type Store,
  TableNotFoundError,
  type TableOptions,
} from "../delta/mod.ts";
import { UsageError } from "../errors.ts";
import { isStandardOutput, openOutput, type Output, writeOutput } from "../inspect/output_file.ts";
import { NAMED_TABLES, type NamedTable, tableIn, tablesNamed, wayTo } from "../sql/lake_names.ts";
import { LICENCE_LINE } from "../tables/licence.ts";
import type { EXPORT_OPTIONS } from "./export_options.ts";
import { placingColumns, type Position, positionOf } from "./geometry.ts";
import { asCsv, asGeoJson, asParquet, type Notes } from "./write_rows.ts";

/** A call, and the process around it. */
export interface ExportCall {
  /** The table: zone/name, zone.name, or the name where that is clear. */
  readonly name: string;
  readonly flags: OptionValues<typeof EXPORT_OPTIONS>;
  readonly storeOf: (path: string) => Store;
  readonly options: TableOptions;
  readonly signal: AbortSignal | undefined;
  /** Standard output. */
  readonly out: Output;
  readonly isTerminal: boolean;
  /** Whether something is at a path. */
  readonly isThere: (path: string) => Promise<boolean>;
  /** Tells people what the file cannot. */
  readonly note: (line: string) => void;
}

/**
 * Writes the table.
 *
 * @throws {UsageError} when there is no such table or version, or the place is wrong: nothing was written
 */
export async function exportTable(call: ExportCall): Promise<void> {
  const { name, flags, signal } = call;
  const named = namedTable(name);
  const columns = flags.format === "geojson" ? placingColumns(named) : [];
  const file = await placeOf(call);
  const table = await openAsked(call, named, flags.version);
  const notes = notesOf(named, table);
  const positions = columns.length > 0 ? await stationPositions(call) : new Map<unknown, Position>();
  const pieces = {
    parquet: () => asParquet(table, notes, signal),
    csv: () => asCsv(table, signal),
    geojson: () => asGeoJson(table, { columns, positions, notes }, signal),
  }[flags.format]();
  await pour(pieces, file === undefined ? call.out : await openOutput(file), signal);
  if (flags.format !== "csv") return;
  if (file === undefined) call.note(LICENCE_LINE);
  else await writeOutput(`${file}-metadata.json`, new TextEncoder().encode(csvMetadata(file, table, notes)));
}

function namedTable(text: string): NamedTable {
  const [zone = "", name] = text.split(/[./]/);
  const found = name === undefined
    ? tablesNamed(zone)
    : [tableIn(zone, name)].filter((each) => each !== undefined);
  const [only, ...others] = found;
  const paths = (tables: readonly NamedTable[]) => tables.map(({ path }) => path);
  if (only !== undefined && others.length === 0) return only;
  if (others.length > 0) {
    throw new UsageError([
      `Cannot export "${text}": found it in several zones, expected one of ${paths(found).join(", ")}`,
    ]);
  }
  const known = name === undefined ? NAMED_TABLES.map((table) => table.name) : paths(NAMED_TABLES);
  const closest = closestName(text, known);
  const way = closest === undefined
    ? `expected one of ${paths(NAMED_TABLES).join(", ")}`
    : `did you mean "${closest}"?`;
  throw new UsageError([`Cannot export "${text}": found no such table, ${way}`]);
}

/** The file to write; undefined for standard output. */
async function placeOf(
  { flags: { out, force, format }, isTerminal, isThere }: ExportCall,
): Promise<string | undefined> {
  if (out === undefined || isStandardOutput(out)) {
    if (format !== "parquet" || !isTerminal) return undefined;
    throw new UsageError(['Cannot export parquet to a terminal: expected "--out" with a file']);
  }
  const place = new URL(out.replaceAll("%", "%25"), "file:///").pathname;
  const table = NAMED_TABLES.find(({ path }) => place.includes(`/${path}/`));
  if (table !== undefined) {
    throw new UsageError([
      `Cannot use "--out": found "${out}" in the folder of the table "${table.path}", expected a file elsewhere`,
    ]);
  }
  for (const path of format === "csv" ? [out, `${out}-metadata.json`] : [out]) {
    if (force || !await isThere(path)) continue;
    throw new UsageError([
      `Cannot use "--out": found "${path}" there already, expected a new file, or "--force"`,
    ]);
  }
  return out;
}

async function openAsked(
  { storeOf, options }: ExportCall,
  named: NamedTable,
  version?: number,
): Promise<DeltaTable> {
  const { path } = named;
  try {
    return version === undefined
      ? await openTable(storeOf(path), options)
      : await openTableAt(storeOf(path), { version }, options);
  } catch (error) {
    if (error instanceof TableNotFoundError) {
      throw new UsageError([`Cannot export "${path}": there is no such table yet, ${wayTo(named)}`], {
        cause: error,
      });
    }
    if (error instanceof RangeError && error.message.startsWith("Cannot ")) {
      throw new UsageError([error.message], { cause: error });
    }
    throw error;
  }
}

function notesOf({ path }: NamedTable, { snapshot }: DeltaTable): Notes {
  return { license: LICENCE_LINE, table: path, version: String(snapshot.version) };
}

async function stationPositions(call: ExportCall): Promise<ReadonlyMap<unknown, Position>> {
  const stations = NAMED_TABLES.find(({ name }) => name === "stations");
  const table = stations && await openAsked(call, stations).catch((cause) => {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError([
      "Cannot export as geojson: found no table of stations, expected it after `deno task fetch --metadata`",
    ], { cause });
  });
  const positions = new Map<unknown, Position>();
  if (table === undefined) return positions;
  for await (const frame of scanTable(table, { columns: ["stationShortCode", "longitude", "latitude"] })) {
    for (
      const row of frameRows(
        frame,
        table.snapshot.schema.fields.filter(({ name }) => frame.columns.includes(name)),
      )
    ) {
      const position = positionOf(row);
      if (position !== undefined) positions.set(row.stationShortCode, position);
    }
  }
  return positions;
}

async function pour(
  pieces: AsyncIterable<Uint8Array>,
  out: Output,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const bytes of pieces) {
      signal?.throwIfAborted();
      if (!await out.write(bytes)) break;
    }
    await out.finish();
  } catch (error) {
    await out.discard();
    throw error;
  }
}

/**
 * Metadata beside a CSV file, where W3C's "CSV on the Web" looks for it: a comment in the file itself would be a row to
 * every reader of RFC 4180, spreadsheets above all.
 */
function csvMetadata(file: string, { snapshot }: DeltaTable, { license, table, version }: Notes): string {
  const columns = snapshot.schema.fields.map(({ name }) => ({ name, titles: name }));
  return `${
    JSON.stringify(
      {
        "@context": "http://www.w3.org/ns/csvw",
        url: file.split(/[\\/]/).at(-1),
        "dc:license": "https://creativecommons.org/licenses/by/4.0/",
        "dc:rights": license,
        "dc:title": `${table}, version ${version}`,
        tableSchema: { columns },
      },
      null,
      2,
    )
  }\n`;
}
