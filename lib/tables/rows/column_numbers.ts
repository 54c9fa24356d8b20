/** what rules, counts and analyses need of columns: numbers and distinct values. */
import type { Column, Columns } from "../../delta/mod.ts";

const TWO_POW_32 = 4_294_967_296;

/** Columns as numbers, NaN where there is none; exact below 2^53. Each column is read once. */
export class ColumnNumbers {
  readonly rows: number;
  readonly #columns: Columns;
  /** With one place before the first row. */
  readonly #known = new Map<string, Float64Array>();

  constructor(columns: Columns) {
    this.#columns = columns;
    this.rows = rowsOf(columns);
  }

  /** Per row the number there. */
  of(name: string): Float64Array {
    return this.#numbers(name).subarray(1);
  }

  /** The numbers of these rows alone. */
  at(name: string, rows: Int32Array): Float64Array {
    const column = this.#columns[name];
    const known = this.#known.get(name)?.subarray(1) ??
      (column?.kind === "int64" ? null : this.of(name));
    const found = new Float64Array(rows.length);
    for (let at = 0; at < found.length; at++) {
      const row = rows[at] ?? -1;
      found[at] = known !== null ? known[row] ?? NaN : column?.kind === "int64" ? longAt(column, row) : NaN;
    }
    return found;
  }

  /** Per row the number of the row before, none for the first. */
  before(name: string): Float64Array {
    return this.#numbers(name).subarray(0, this.rows);
  }

  #numbers(name: string): Float64Array {
    let numbers = this.#known.get(name);
    if (numbers === undefined) {
      numbers = new Float64Array(this.rows + 1);
      readNumbers(this.#columns[name], name, numbers);
      this.#known.set(name, numbers);
    }
    return numbers;
  }
}

/** How many rows columns have that a table has given: nobody else's, so that their kinds need no check. */
export function rowsOf(columns: Columns): number {
  for (const name in columns) return columns[name]?.length ?? 0;
  return 0;
}

function longAt({ halves, present, length }: Extract<Column, { kind: "int64" }>, row: number): number {
  if (row < 0 || row >= length || present?.[row] === 0) return NaN;
  return (halves[2 * row + 1] ?? 0) * TWO_POW_32 + ((halves[2 * row] ?? 0) >>> 0);
}

/** A column that is not there has no numbers: others may have left it out. */
function readNumbers(column: Column | undefined, name: string, numbers: Float64Array): void {
  numbers[0] = NaN;
  if (column === undefined) {
    numbers.fill(NaN);
    return;
  }
  if (column.kind === "int64") {
    const { halves, length } = column;
    for (let row = 0; row < length; row++) {
      numbers[row + 1] = (halves[2 * row + 1] ?? 0) * TWO_POW_32 + ((halves[2 * row] ?? 0) >>> 0);
    }
  } else if (column.kind === "int32") numbers.set(column.values, 1);
  else throw new TypeError(`Cannot count by the column "${name}": found ${column.kind}, expected integers`);
  const { present } = column;
  if (present === null) return;
  for (let row = 0; row < present.length; row++) if (present[row] === 0) numbers[row + 1] = NaN;
}

/** How many different texts a column has; null counts as one. */
export function countDistinct(column: Column | undefined): number {
  if (column?.kind === "words") return countWords(column);
  if (column?.kind !== "bytes") {
    throw new TypeError(`Cannot count values: found ${column?.kind ?? "no column"}`);
  }
  const { ends, bytes, length, present } = column;
  let size = 64;
  while (size < 2 * length) size *= 2;
  const table = new Int32Array(size).fill(-1);
  let distinct = 0, hasNull = false;
  for (let row = 0; row < length; row++) {
    if (present !== null && present[row] === 0) {
      hasNull = true;
      continue;
    }
    const from = ends[row] ?? 0, to = ends[row + 1] ?? 0;
    let slot = hashOf(bytes, from, to) & (size - 1);
    for (let other = table[slot] ?? -1; other >= 0; other = table[slot] ?? -1) {
      if (isSame(bytes, from, to, ends[other] ?? 0, ends[other + 1] ?? 0)) break;
      slot = (slot + 1) & (size - 1);
    }
    if ((table[slot] ?? -1) < 0) {
      table[slot] = row;
      distinct++;
    }
  }
  return distinct + (hasNull ? 1 : 0);
}

function countWords({ codes, present, words }: Extract<Column, { readonly kind: "words" }>): number {
  const isUsed = new Uint8Array(words.length);
  let hasNull = 0;
  for (let row = 0; row < codes.length; row++) {
    if (present === null || present[row] === 1) isUsed[codes[row] ?? 0] = 1;
    else hasNull = 1;
  }
  return isUsed.reduce((sum, flag) => sum + flag, hasNull);
}

/** Of the first 16 bytes: the values are hashes themselves. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from, end = Math.min(to, from + 16); i < end; i++) {
    hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x0100_0193);
  }
  return hash ^ (hash >>> 15);
}

function isSame(bytes: Uint8Array, from: number, to: number, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false;
  for (let i = 0; i < to - from; i++) if (bytes[from + i] !== bytes[otherFrom + i]) return false;
  return true;
}
