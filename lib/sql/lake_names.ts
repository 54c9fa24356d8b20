/** The tables of a lake under the names that a question may give them: zone.table, or the table alone where that is clear. */
import { ALL_TABLE_PATHS } from "../tables/table_paths.ts";

/** A table that may be asked. */
export interface NamedTable {
  readonly zone: string;
  readonly name: string;
  /** Below the data folder. */
  readonly path: string;
}

/** All tables of ours, in the order of their paths. */
export const NAMED_TABLES: readonly NamedTable[] = ALL_TABLE_PATHS.toSorted().map((path) => {
  const [zone = "", name = ""] = path.split("/");
  return { zone, name, path };
});

/** The tables of this name, in any zone; case does not matter, as in SQL. */
export function tablesNamed(name: string): readonly NamedTable[] {
  return NAMED_TABLES.filter((table) => isSame(table.name, name));
}

/** The table of a zone; undefined when there is none. */
export function tableIn(zone: string, name: string): NamedTable | undefined {
  return NAMED_TABLES.find((table) => isSame(table.zone, zone) && isSame(table.name, name));
}

/** How people name it: without its zone where that is clear. */
export function shortestName({ zone, name }: NamedTable): string {
  return tablesNamed(name).length === 1 ? name : `${zone}.${name}`;
}

/** How a table comes that is not there yet. */
export function wayTo({ zone, name }: NamedTable): string {
  return zone === "standard_zone" && name !== "trains_travel"
    ? "expected it after `deno task fetch --metadata`"
    : "expected it after `deno task process`";
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
