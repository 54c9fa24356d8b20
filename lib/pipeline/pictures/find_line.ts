/** The two stations of a line that somebody names. */
import { findStation } from "../../answers/names/find_station.ts";
import { type LineEnds, lineStations } from "../../answers/pictures/choose_line.ts";
import type { RoutedTrain } from "../../answers/pictures/line_trains.ts";
import { UsageError } from "../../errors.ts";
import type { KnownStations } from "./read_places.ts";

/**
 * Reads "HKI-TPE" or "Helsinki-Tampere": of names with a hyphen each way of taking them apart is tried.
 *
 * @throws {UsageError} when there is no such station, or no train comes through both
 */
export function lineEnds(
  text: string,
  trains: readonly RoutedTrain[],
  { nameOf }: KnownStations,
): LineEnds {
  const codes = new Set(trains.flatMap(({ visits }) => visits.map(({ station }) => station)));
  const names = new Map([...codes].map((code) => [code, nameOf(code)]));
  const parts = text.split(/[-–]/);
  let closest: string | undefined;
  for (let cut = 1; cut < parts.length; cut++) {
    const from = findStation(parts.slice(0, cut).join("-"), names);
    const to = findStation(parts.slice(cut).join("-"), names);
    if (from.code === null) closest ??= from.closest;
    if (to.code === null) closest ??= to.closest;
    if (from.code === null || to.code === null) continue;
    const ends = { from: from.code, to: to.code };
    if (lineStations(trains, ends).length > 0) return ends;
    throw wrongLine(text, "no train that runs from the one to the other", "two stations of one way");
  }
  throw wrongLine(
    text,
    parts.length < 2 ? "no hyphen" : "no such station on that date",
    closest === undefined ? "two stations such as HKI-TPE" : `two stations, perhaps ${closest}`,
  );
}

function wrongLine(text: string, found: string, expected: string): UsageError {
  return new UsageError([
    `Cannot draw the line ${JSON.stringify(text)}: found ${found}, expected ${expected}`,
  ]);
}
