/** The tracks that `train_runs` keeps: no row of the standard table has those that an older message named. Pure. */
import type { Columns } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";
import { type DateTracks, joinCodes } from "./seen_tracks.ts";
import type { TrackNames } from "./track_names.ts";

const NOTHING: Int32Array = new Int32Array(0);

/** What rows of `train_runs` have: no track at all where the file is of an older version. */
export function tracksIn(columns: Columns, names: TrackNames): DateTracks {
  const column = columns.tracks, found = new Map<number, Int32Array>();
  const numbers = new ColumnNumbers(columns).of("trainNumber");
  if (column?.kind !== "list") return new Map(Array.from(numbers, (number) => [number, NOTHING]));
  const { codes, words } = new TrainRows({ tracks: column.elements }).text("tracks");
  const known = Int32Array.from(words, (word) => names.code(word));
  const all = codes.map((code) => known[code] ?? 0);
  for (let row = 0; row < numbers.length; row++) {
    const mine = all.subarray(column.ends[row], column.ends[row + 1]);
    const number = numbers[row] ?? NaN, before = found.get(number);
    found.set(number, before === undefined ? mine : joinCodes(before, mine));
  }
  return found;
}

/** Whether something was seen, of a train that the rows have, that they do not have. */
export function hasMore(seen: DateTracks, stored: DateTracks): boolean {
  for (const [number, codes] of seen) {
    const before = stored.get(number);
    if (before !== undefined && joinCodes(before, codes) !== before) return true;
  }
  return false;
}

/** All that is known of the trains of these rows. */
export function tracksOf(runs: Columns, known: readonly DateTracks[]): DateTracks {
  const found = new Map<number, Int32Array>();
  for (const number of new ColumnNumbers(runs).of("trainNumber")) {
    let mine: Int32Array = NOTHING;
    for (const tracks of known) {
      const more = tracks.get(number);
      if (more !== undefined) mine = mine.length === 0 ? more : joinCodes(mine, more);
    }
    found.set(number, mine);
  }
  return found;
}
