/** The column `tracks` of `train_runs`. Pure. */
import type { Columns, Lists } from "../delta/mod.ts";
import { ColumnNumbers } from "../tables/rows/column_numbers.ts";
import type { DateTracks } from "./date_tracks.ts";
import type { TrackNames } from "./track_names.ts";

/** Of a longer list each would be pushed too far. */
const MOST_INSERTED = 64;

/** The column of it for these rows: texts in the order of the alphabet, so that it does not matter who came first. */
export function tracksColumn(runs: Columns, tracks: DateTracks, names: TrackNames): Lists {
  const numbers = new ColumnNumbers(runs).of("trainNumber");
  const { words, ranks } = usedTexts(numbers, tracks, names);
  const ends = new Int32Array(numbers.length + 1);
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row] ?? NaN;
    ends[row + 1] = (ends[row] ?? 0) + tracks.to(number) - tracks.from(number);
  }
  const length = ends.at(-1) ?? 0, codes = new Int32Array(length);
  for (let row = 0; row < numbers.length; row++) {
    const from = tracks.from(numbers[row] ?? NaN), to = ends[row + 1] ?? 0;
    for (let at = ends[row] ?? 0, next = from; at < to; at++) {
      codes[at] = ranks[tracks.codes[next++] ?? 0] ?? 0;
    }
    sortPart(codes, ends[row] ?? 0, to);
  }
  return {
    ...{ kind: "list", length: numbers.length, present: null, ends },
    elements: { kind: "words", length, present: null, codes, words },
  };
}

/** The texts of these trains in their order, and per code the place of its text. */
function usedTexts(numbers: Float64Array, tracks: DateTracks, names: TrackNames) {
  const { texts, ranks: all } = names.sorted(), { codes } = tracks;
  const isUsed = new Uint8Array(texts.length), words: string[] = [];
  for (const number of numbers) {
    for (let at = tracks.from(number), to = tracks.to(number); at < to; at++) {
      isUsed[all[codes[at] ?? 0] ?? 0] = 1;
    }
  }
  const places = new Int32Array(texts.length);
  for (let rank = 0; rank < texts.length; rank++) {
    if (isUsed[rank] === 1) places[rank] = words.push(texts[rank] ?? "") - 1;
  }
  return { words, ranks: all.map((rank) => places[rank] ?? 0) };
}

/** By insertion: a train has some twenty, for which sorting as a whole takes ten times as long. */
function sortPart(codes: Int32Array, from: number, to: number): void {
  if (to - from > MOST_INSERTED) {
    codes.subarray(from, to).sort();
    return;
  }
  for (let at = from + 1; at < to; at++) {
    const code = codes[at] ?? 0;
    let place = at;
    for (; place > from && (codes[place - 1] ?? 0) > code; place--) codes[place] = codes[place - 1] ?? 0;
    codes[place] = code;
  }
}
