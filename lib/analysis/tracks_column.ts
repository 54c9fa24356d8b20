/** The column `tracks` of `train_runs`. Pure. */
import type { Columns, Lists } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import type { DateTracks } from "./seen_tracks.ts";
import type { TrackNames } from "./track_names.ts";

const NOTHING = new Int32Array(0);
/** Of a longer list each would be pushed too far. */
const MOST_INSERTED = 64;

/** The column of it for these rows: texts in the order of the alphabet, so that it does not matter who came first. */
export function tracksColumn(runs: Columns, tracks: DateTracks, names: TrackNames): Lists {
  const numbers = new ColumnNumbers(runs).of("trainNumber");
  const lists = Array.from(numbers, (number) => tracks.get(number) ?? NOTHING);
  const { words, ranks } = rankWords(lists, names);
  const ends = new Int32Array(numbers.length + 1);
  lists.forEach((list, row) => ends[row + 1] = (ends[row] ?? 0) + list.length);
  const length = ends.at(-1) ?? 0, codes = new Int32Array(length);
  lists.forEach((list, row) => placeSorted(codes, ends[row] ?? 0, { list, ranks }));
  return {
    ...{ kind: "list", length: numbers.length, present: null, ends },
    elements: { kind: "words", length, present: null, codes, words },
  };
}

/** The texts of these codes in their order, and per code the place of its text. */
function rankWords(lists: readonly Int32Array[], names: TrackNames) {
  const ranks = new Int32Array(names.size).fill(-1), used: number[] = [];
  for (const list of lists) {
    for (const code of list) {
      if (ranks[code] === -1) ranks[code] = used.push(code);
    }
  }
  const words = used.map((code) => names.text(code)).sort();
  const places = new Map(words.map((word, place) => [word, place]));
  for (const code of used) ranks[code] = places.get(names.text(code)) ?? 0;
  return { words, ranks };
}

/** By insertion: a train has some twenty, for which sorting as a whole takes ten times as long. */
function placeSorted(
  codes: Int32Array,
  from: number,
  { list, ranks }: { readonly list: Int32Array; readonly ranks: Int32Array },
): void {
  if (list.length > MOST_INSERTED) {
    codes.set(list.map((code) => ranks[code] ?? 0).sort(), from);
    return;
  }
  for (let at = 0; at < list.length; at++) {
    const rank = ranks[list[at] ?? 0] ?? 0;
    let place = from + at;
    for (; place > from && (codes[place - 1] ?? 0) > rank; place--) codes[place] = codes[place - 1] ?? 0;
    codes[place] = rank;
  }
}
