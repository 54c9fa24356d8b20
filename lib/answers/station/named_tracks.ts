/** Which tracks messages have named for the arrivals and departures of trains at a station, as `train_runs` keeps them. Pure. */
import type { Columns } from "../../delta/mod.ts";
import { rowName, trackText } from "../../tables/rows/row_name.ts";
import { TrainRows } from "../../tables/rows/train_rows.ts";

/** Texts by departure date and train number, as `runKey` puts these together. */
export type NamedTracks = ReadonlyMap<string, readonly string[]>;

/** The columns of the table that they are read from. */
export const NAMED_COLUMNS: readonly string[] = ["trainNumber", "tracks"];

/** Those of the trains that are meant; none of a file of an older version. */
export function namedTracks(
  date: string,
  columns: Columns,
  isMeant: (number: number) => boolean,
): NamedTracks {
  const { tracks } = columns, found = new Map<string, readonly string[]>();
  if (tracks?.kind !== "list") return found;
  const { codes, words } = new TrainRows({ tracks: tracks.elements }).text("tracks");
  new TrainRows(columns).number("trainNumber").forEach((number, row) => {
    if (!isMeant(number)) return;
    const mine = codes.subarray(tracks.ends[row], tracks.ends[row + 1]);
    found.set(`${date} ${number}`, Array.from(mine, (code) => words[code] ?? ""));
  });
  return found;
}

/** The tracks of the so-many-eth arrival, or departure, at a station. */
export function tracksOfRow(
  texts: readonly string[],
  station: string,
  { departs, visit }: { readonly departs: boolean; readonly visit: number },
): readonly string[] {
  const before = trackText(rowName(station, departs, visit), "");
  return texts.filter((text) => text.startsWith(before)).map((text) => text.slice(before.length));
}
