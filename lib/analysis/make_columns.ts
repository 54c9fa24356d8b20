/** Makes the columns of the analysis tables from plain numbers, and from rows whose texts they repeat. */
import type { Booleans, Int32Values, Int64Values, Words } from "../delta/mod.ts";
import type { Texts } from "../tables/rows/train_rows.ts";

/** Stands for no row. */
export const NO_ROW = -1;

const TWO_POW_32 = 4_294_967_296;

/** Whole numbers below 2^53, NaN for null. */
export function longColumn(numbers: Float64Array): Int64Values {
  const { length } = numbers;
  const halves = new Int32Array(2 * length);
  const isThere = new Uint8Array(length);
  let there = 0;
  for (let at = 0; at < length; at++) {
    const number = numbers[at] ?? NaN;
    if (Number.isNaN(number)) continue;
    // `|` takes the low 32 bits of any whole number; of a small one that is all, and seconds are small.
    const low = number | 0;
    halves[2 * at] = low;
    halves[2 * at + 1] = low === number ? low >> 31 : Math.floor(number / TWO_POW_32);
    isThere[at] = 1;
    there++;
  }
  return { kind: "int64", length, present: there === length ? null : isThere, halves };
}

/** Texts of these rows; "" is null, as the API writes it for none. */
export function wordColumn({ codes, words: known }: Texts, rows: Int32Array): Words {
  const { length } = rows;
  const found = new Int32Array(length), words: string[] = [];
  // A text gets its place when a row first has it; that of "" stays below 0.
  const places = new Int32Array(known.length).fill(-1);
  const empty = known.indexOf("");
  const isThere = new Uint8Array(length);
  let there = 0;
  for (let at = 0; at < length; at++) {
    const row = rows[at] ?? NO_ROW;
    if (row < 0) continue;
    const code = codes[row] ?? -1;
    if (code < 0 || code === empty) continue;
    let place = places[code] ?? -1;
    if (place < 0) places[code] = place = words.push(known[code] ?? "") - 1;
    found[at] = place;
    isThere[at] = 1;
    there++;
  }
  return { kind: "words", length, present: there === length ? null : isThere, codes: found, words };
}

/** Whole numbers and flags that are known of every row. */
export function knownColumn(values: Int32Array): Int32Values;
export function knownColumn(values: Uint8Array): Booleans;
export function knownColumn(values: Int32Array | Uint8Array): Int32Values | Booleans {
  const { length } = values;
  return values instanceof Int32Array
    ? { kind: "int32", length, present: null, values }
    : { kind: "boolean", length, present: null, values };
}
