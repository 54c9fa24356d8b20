/**
 * Columns of chosen rows of plain numbers, each in one pass: a day has so many rows that a second one would be felt. A place before
 * the first is looked for as a name, which takes ten times as long, and is left out before.
 */
import type { Int32Values, Int64Values } from "../delta/mod.ts";

const MICROS_PER_SECOND = 1_000_000;
const TWO_POW_32 = 4_294_967_296;

/** The numbers of these rows, which are whole and below 2^53; null where it is NaN, and for `NO_ROW`. */
export function longsAt(numbers: Float64Array, rows: Int32Array): Int64Values {
  const { length } = rows;
  const halves = new Int32Array(2 * length), isThere = new Uint8Array(length);
  let there = 0;
  for (let at = 0; at < length; at++) {
    const row = rows[at] ?? -1;
    if (row < 0) continue;
    const number = numbers[row] ?? NaN;
    if (Number.isNaN(number)) continue;
    // `|` takes the low 32 bits of any whole number.
    halves[2 * at] = number | 0;
    halves[2 * at + 1] = Math.floor(number / TWO_POW_32);
    isThere[at] = 1;
    there++;
  }
  return { kind: "int64", length, present: there === length ? null : isThere, halves };
}

/** The same of numbers that are small; null where one is not: no delay lasts for 68 years. */
export function intsAt(numbers: Float64Array, rows: Int32Array): Int32Values {
  const { length } = rows;
  const values = new Int32Array(length), isThere = new Uint8Array(length);
  let there = 0;
  for (let at = 0; at < length; at++) {
    const row = rows[at] ?? -1;
    if (row < 0) continue;
    const number = numbers[row] ?? NaN, value = number | 0;
    if (value !== number) continue;
    values[at] = value;
    isThere[at] = 1;
    there++;
  }
  return { kind: "int32", length, present: there === length ? null : isThere, values };
}

/** Whole seconds from the times of some rows, which are microseconds, to those of others; a fraction is cut off. */
export function secondsBetween(times: Float64Array, from: Int32Array, to: Int32Array): Int32Values {
  const { length } = from;
  const values = new Int32Array(length), isThere = new Uint8Array(length);
  let there = 0;
  for (let at = 0; at < length; at++) {
    const first = from[at] ?? -1, last = to[at] ?? -1;
    if (first < 0 || last < 0) continue;
    const seconds = ((times[last] ?? NaN) - (times[first] ?? NaN)) / MICROS_PER_SECOND, value = seconds | 0;
    if (!(Math.abs(seconds - value) < 1)) continue;
    values[at] = value;
    isThere[at] = 1;
    there++;
  }
  return { kind: "int32", length, present: there === length ? null : isThere, values };
}
