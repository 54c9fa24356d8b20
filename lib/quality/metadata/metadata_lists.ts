/** What rules know of the world beside the trains: the lists of the API's metadata, as far as rules ask for them. */
import { hash } from "node:crypto";
import type { Row } from "../../delta/mod.ts";
import type { MetadataName } from "../../tables/table_paths.ts";

/** A station; a coordinate that is not known is NaN. */
export interface Station {
  readonly uicCode: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** The lists; one that is missing is empty, and no rule that needs it is asked. */
export interface MetadataLists {
  /** By short code. */
  readonly stations: ReadonlyMap<string, Station>;
  readonly operators: ReadonlySet<string>;
  readonly train_types: ReadonlySet<string>;
  readonly train_categories: ReadonlySet<string>;
  /** Ids by level; codes are not unique. */
  readonly causes: Readonly<Record<CauseLevel, ReadonlySet<number>>>;
}

type CauseLevel = "category" | "detailed" | "third";

/** What a rule may need: a list, or coordinates of stations. */
export type MetadataNeed = MetadataName | "coordinates";

/** The lists with what they are and why others are not there. */
export interface Metadata {
  readonly lists: MetadataLists;
  /** Of each that is there a name of its content, as far as rules ask for it: other content, other name. */
  readonly contents: Readonly<Partial<Record<MetadataNeed, string>>>;
  /** Of each that is not there, why, and what a user can do. */
  readonly missing: Readonly<Partial<Record<MetadataNeed, string>>>;
}

/** Of each table what rules ask for. */
export const METADATA_COLUMNS: Readonly<Record<MetadataName, readonly string[]>> = {
  stations: ["stationShortCode", "stationUICCode", "latitude", "longitude"],
  operators: ["operatorShortCode"],
  train_types: ["name"],
  train_categories: ["name"],
  causes: ["level", "id"],
};

/** What a user does about a list that is not there, or cannot be used. */
export const WAY_OUT = "run `deno task fetch --metadata`, then `deno task process`";

/** The lists out of the rows of their tables, or why there are none; pure. */
export function metadataOf(tables: Readonly<Record<MetadataName, readonly Row[] | string>>): Metadata {
  const contents: Partial<Record<MetadataNeed, string>> = {};
  const missing: Partial<Record<MetadataNeed, string>> = {};
  for (const [name, rows] of Object.entries(tables)) {
    if (typeof rows === "string") missing[name as MetadataName] = rows;
    else contents[name as MetadataName] = contentName(rows, METADATA_COLUMNS[name as MetadataName]);
  }
  const lists = listsOf((name) => typeof tables[name] === "string" ? [] : tables[name]);
  const isPlaced = [...lists.stations.values()].some(({ latitude, longitude }) =>
    !Number.isNaN(latitude + longitude)
  );
  if (isPlaced && contents.stations !== undefined) contents.coordinates = contents.stations;
  else missing.coordinates = missing.stations ?? `the stations have no coordinates: ${WAY_OUT}`;
  return { lists, contents, missing };
}

const NOTHING = `there is no metadata yet: ${WAY_OUT}`;

/** Nothing is known: what a lake is without a fetch of the metadata. */
export const NO_METADATA: Metadata = metadataOf({
  stations: NOTHING,
  operators: NOTHING,
  train_types: NOTHING,
  train_categories: NOTHING,
  causes: NOTHING,
});

function listsOf(rowsOf: (name: MetadataName) => readonly Row[]): MetadataLists {
  const causes = rowsOf("causes");
  const idsOf = (level: CauseLevel) =>
    new Set(causes.filter((row) => row.level === level).map(({ id }) => numberOf(id)));
  return {
    stations: stationsOf(rowsOf("stations")),
    operators: textsOf(rowsOf("operators"), "operatorShortCode"),
    train_types: textsOf(rowsOf("train_types"), "name"),
    train_categories: textsOf(rowsOf("train_categories"), "name"),
    causes: { category: idsOf("category"), detailed: idsOf("detailed"), third: idsOf("third") },
  };
}

function stationsOf(rows: readonly Row[]): ReadonlyMap<string, Station> {
  return new Map(rows.flatMap((row) => {
    const { stationShortCode: code, stationUICCode, latitude, longitude } = row;
    if (typeof code !== "string") return [];
    const place = { latitude: numberOf(latitude), longitude: numberOf(longitude) };
    return [[code, { uicCode: numberOf(stationUICCode), ...place }] as const];
  }));
}

function textsOf(rows: readonly Row[], name: string): ReadonlySet<string> {
  return new Set(rows.map((row) => row[name]).filter((value) => typeof value === "string"));
}

/** Longs come as bigints. */
function numberOf(value: unknown): number {
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : NaN;
}

/** The order of the rows does not matter, nor what stands in other columns. */
function contentName(rows: readonly Row[], columns: readonly string[]): string {
  const lines = rows.map((row) => JSON.stringify(columns.map((name) => spelled(row[name])))).sort();
  return hash("sha1", lines.join("\n")).slice(0, 12);
}

function spelled(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
