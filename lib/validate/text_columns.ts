/** Columns of strings and bytes. */
import type { Column } from "../delta/mod.ts";
import { INITIAL_ROWS, NullableColumn, widen } from "./column_buffer.ts";

/** Room of a new column; a chunk of few messages needs no more. */
const INITIAL_BYTES = 1 << 14;
const encoder = new TextEncoder();

/** Strings that repeat much: codes into a dictionary of the strings seen. */
export class DictionaryColumn extends NullableColumn {
  #codes = new Int32Array(INITIAL_ROWS);
  #seen = new Map<string, number>();

  append(value: string, count = 1): void {
    const row = this.nextRows(count);
    this.#codes.fill(this.#code(value), row, row + count);
  }

  /** Appends the first `count` of the values. Neighbours are often the same, which needs no look-up. */
  appendAll(values: readonly (string | null)[], count: number): void {
    const first = this.nextRows(count), codes = this.#codes;
    let last: string | null = null, code = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i] ?? null;
      if (value === null) this.#markNull(first + i);
      else {
        if (value !== last) code = this.#code(last = value);
        codes[first + i] = code;
      }
    }
  }

  toColumn(): Column {
    const codes = this.#codes.subarray(0, this.length);
    return { kind: "words", ...this.head(), codes, words: [...this.#seen.keys()] };
  }

  override clear(): void {
    super.clear();
    this.#seen = new Map();
  }

  override appendNull(count = 1): void {
    const first = this.nextRows(count);
    for (let row = first; row < first + count; row++) this.#markNull(row);
  }

  #markNull(row: number): void {
    this.markNull(row);
    this.#codes[row] = 0;
  }

  protected grow(capacity: number): void {
    this.#codes = widen(this.#codes, new Int32Array(capacity));
  }

  #code(value: string): number {
    let code = this.#seen.get(value);
    if (code === undefined) {
      code = this.#seen.size;
      this.#seen.set(value, code);
    }
    return code;
  }
}

/** Strings that hardly repeat, appended as UTF-8 bytes. */
export class Utf8Column extends NullableColumn {
  #offsets = new Int32Array(INITIAL_ROWS + 1);
  #bytes = new Uint8Array(INITIAL_BYTES);

  append(value: Uint8Array): void {
    const row = this.nextRows();
    const start = this.#makeRoom(row, value.length);
    this.#bytes.set(value, start);
    this.#offsets[row + 1] = start + value.length;
  }

  /** Appends the first `count` of the values. */
  appendAll(values: readonly (string | null)[], count: number): void {
    for (let i = 0; i < count; i++) this.appendText(values[i] ?? null);
  }

  appendText(value: string | null): void {
    if (value === null) this.appendNull();
    else this.append(encoder.encode(value));
  }

  /** Appends the first `count` of the values, none null, all of one length, which stand one after another. */
  appendPacked(values: Uint8Array, length: number, count: number): void {
    const first = this.nextRows(count), start = this.#makeRoom(first, length * count);
    this.#bytes.set(values.subarray(0, length * count), start);
    for (let i = 1; i <= count; i++) this.#offsets[first + i] = start + length * i;
  }

  override appendNull(count = 1): void {
    const end = this.#offsets[this.length] ?? 0;
    const row = this.length;
    super.appendNull(count);
    this.#offsets.fill(end, row + 1, row + count + 1);
  }

  toColumn(): Column {
    const ends = this.#offsets.subarray(0, this.length + 1);
    return { kind: "bytes", ...this.head(), ends, bytes: this.#bytes.subarray(0, ends[this.length]) };
  }

  /** Makes room for so many bytes from the row on and returns where they begin. */
  #makeRoom(row: number, length: number): number {
    const start = this.#offsets[row] ?? 0, end = start + length;
    if (end > this.#bytes.length) {
      this.#bytes = widen(this.#bytes, new Uint8Array(Math.max(this.#bytes.length * 2, end)));
    }
    return start;
  }

  protected grow(capacity: number): void {
    this.#offsets = widen(this.#offsets, new Int32Array(capacity + 1));
  }
}
