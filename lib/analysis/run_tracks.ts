/** The tracks that `train_runs` keeps: no row of the standard table has those that an older message named. Pure. */
import type { Columns } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";
import { DateTracks } from "./date_tracks.ts";
import type { TrackNames } from "./track_names.ts";

const NOTHING = new Int32Array(0);

/** What rows of `train_runs` have: no track at all where the file is of an older version. */
export function tracksIn(columns: Columns, names: TrackNames): DateTracks {
  const column = columns.tracks, found = new DateTracks();
  const numbers = new ColumnNumbers(columns).of("trainNumber");
  if (column?.kind !== "list") {
    for (const number of numbers) found.add(number, NOTHING);
    return found;
  }
  const { codes, words } = new TrainRows({ tracks: column.elements }).text("tracks");
  const known = Int32Array.from(words, (word) => names.code(word));
  const all = codes.map((code) => known[code] ?? 0);
  for (let row = 0; row < numbers.length; row++) {
    found.add(numbers[row] ?? NaN, all.subarray(column.ends[row], column.ends[row + 1]));
  }
  return found;
}

/** All that is known; of trains, too, that the date does not have any more. */
export function joinTracks(stored: readonly DateTracks[], seen: DateTracks): DateTracks {
  if (stored.length === 0) return seen;
  const all = new DateTracks();
  for (const tracks of [...stored, seen]) all.addAll(tracks);
  return all;
}
