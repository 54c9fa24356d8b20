/** Where rows lie on the map: a point for what is at a station, a line for what runs between two. */
import { UsageError } from "../errors.ts";

/** Longitude and latitude (WGS 84), as GeoJSON orders them. */
export type Position = readonly [longitude: number, latitude: number];
type Row = Readonly<Record<string, unknown>>;

/** Columns that name stations, by table; of `stations` itself none, it has the coordinates. */
const STATION_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  stations: [],
  station_days: ["stationShortCode"],
  leg_delays: ["fromStation", "toStation"],
  train_runs: ["origin", "destination"],
  "standard_zone/trains_travel": ["stationShortCode"],
};

/**
 * The columns that place the rows of a table.
 *
 * @throws {UsageError} when nothing places them
 */
export function placingColumns(
  { name, path }: { readonly name: string; readonly path: string },
): readonly string[] {
  const columns = STATION_COLUMNS[path] ??
    (Object.hasOwn(STATION_COLUMNS, name) ? STATION_COLUMNS[name] : undefined);
  if (columns !== undefined) return columns;
  throw new UsageError([
    `Cannot export "${path}" as geojson: found no column with a place, expected one of ` +
    Object.keys(STATION_COLUMNS).join(", "),
  ]);
}

/** A geometry as JSON: null where a station is not known, which GeoJSON calls unlocated. */
export function geometryText(
  row: Row,
  columns: readonly string[],
  positions: ReadonlyMap<unknown, Position>,
): string {
  const found = columns.length === 0
    ? [positionOf(row)]
    : columns.map((column) => positions.get(row[column]));
  const known = found.filter((position) => position !== undefined);
  if (known.length < found.length) return "null";
  const [first] = known;
  return known.length === 1
    ? JSON.stringify({ type: "Point", coordinates: first })
    : JSON.stringify({ type: "LineString", coordinates: known });
}

/** The position of a row of `stations`; undefined when it has none. */
export function positionOf({ longitude, latitude }: Row): Position | undefined {
  const isThere = Number.isFinite(longitude) && Number.isFinite(latitude);
  return isThere ? [Number(longitude), Number(latitude)] : undefined;
}
