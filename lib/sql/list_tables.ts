/** What may be asked: zones, tables, columns, rows, and a question that works. */
import { type DeltaTable, formatType, statsRows } from "../delta/mod.ts";
import { textGrid } from "../text/text_grid.ts";
import { foldLine, grouped, printable } from "../printable.ts";
import { type NamedTable, shortestName } from "./lake_names.ts";

/** A table that is there. */
export interface ListedTable extends NamedTable {
  readonly table: DeltaTable;
}

/** As a page for people. */
export function renderTables(tables: readonly ListedTable[], width: number | undefined): string {
  if (tables.length === 0) return "There are no tables yet: `deno task process` makes them.";
  return [...width === undefined ? [gridOf(tables)] : folded(tables, width), "", ...exampleOf(tables)].join(
    "\n",
  );
}

/** The same as one JSON object. */
export function tablesJson(tables: readonly ListedTable[]): string {
  return JSON.stringify(tables.map(({ zone, name, table: { snapshot } }) => ({
    zone,
    name,
    version: snapshot.version,
    rows: countedRows({ snapshot }),
    columns: snapshot.schema.fields.map(({ name, type }) => ({ name, type: formatType(type) })),
  })));
}

/** A line each, for other programs. */
function gridOf(tables: readonly ListedTable[]): string {
  const rows = tables.map((listed) => [shortestName(listed), rowsOf(listed), columnsOf(listed)]);
  return textGrid(["table", "rows", "columns"], rows, { width: undefined });
}

// On a terminal no column is cut off: a table that nobody can ask by its columns is not told.
function folded(tables: readonly ListedTable[], columns: number): readonly string[] {
  return tables.flatMap((listed) => [
    `${shortestName(listed)}, ${rowsOf(listed)} ${rowsOf(listed) === "1" ? "row" : "rows"}`,
    foldLine(`  ${columnsOf(listed)}`, { columns, indent: 2 }),
  ]);
}

function rowsOf({ table }: ListedTable): string {
  const rows = countedRows(table);
  return rows === null ? "?" : grouped(rows);
}

function columnsOf({ table: { snapshot } }: ListedTable): string {
  return snapshot.schema.fields.map(({ name, type }) => `${printable(name)} ${shortType(formatType(type))}`)
    .join(", ");
}

function shortType(type: string): string {
  return type.replace(/<.*/s, "");
}

/** By the log alone; null when a file does not say. */
function countedRows({ snapshot }: Pick<DeltaTable, "snapshot">): number | null {
  let rows = 0;
  for (const add of snapshot.files.values()) {
    const count = statsRows(add);
    if (count === undefined) return null;
    rows += count;
  }
  return rows;
}

function exampleOf(tables: readonly ListedTable[]): readonly string[] {
  const isThere = tables.some(({ name }) => name === "train_runs");
  if (!isThere) return ['Ask:  deno task sql "select count(*) from standard_zone.trains_travel"'];
  return [
    'Ask:  deno task sql "select trainType, count(*) as trains,',
    "                       avg(arrivalDelaySeconds) / 60 as minutesLate",
    '                     from train_runs group by trainType order by trains desc"',
  ];
}
