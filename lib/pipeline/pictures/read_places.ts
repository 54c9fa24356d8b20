/** Where stations are and what they are called, where `fetch --metadata` has asked for it. */
import { shortStationName } from "../../answers/names/station_text.ts";
import type { StationPlace } from "../../answers/pictures/leg_rows.ts";
import { METADATA_PATHS } from "../../tables/table_paths.ts";
import { type AnswerSource, openKnown } from "../answers/read_analysis.ts";

/** Stations by their codes. */
export interface KnownStations {
  readonly places: ReadonlyMap<string, StationPlace>;
  /** Without the word that nearly all of them end in; of a station that nobody knows its code. */
  readonly nameOf: (station: string) => string;
}

const COLUMNS = ["stationShortCode", "stationName", "longitude", "latitude"];

/** Without the table none is known. */
export async function readPlaces(source: AnswerSource): Promise<KnownStations> {
  const table = await openKnown(source, METADATA_PATHS.stations);
  const places = new Map<string, StationPlace>();
  for (const add of table?.snapshot.files.values() ?? []) {
    for (const row of await table?.readRows(add, { columns: COLUMNS }) ?? []) {
      const { stationShortCode: code, stationName: name, longitude, latitude } = row;
      if (typeof code !== "string") continue;
      places.set(code, {
        name: typeof name === "string" && name !== "" ? name : code,
        longitude: typeof longitude === "number" ? longitude : null,
        latitude: typeof latitude === "number" ? latitude : null,
      });
    }
  }
  return { places, nameOf: (station) => shortStationName(places.get(station)?.name ?? station) };
}
