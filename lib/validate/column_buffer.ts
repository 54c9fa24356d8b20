/** Growable column buffers: values are written once, where they stay. */
import type { Column, Columns } from "../delta/mod.ts";

/** Rows that a new column has room for: those of some 30 trains. Columns grow by doubling, and keep their room. */
export const INITIAL_ROWS = 1_024;

/** What all columns have in common: rows are appended and become one column. */
export interface ColumnBuffer {
  readonly length: number;
  appendNull(count?: number): void;
  /** Forgets all rows and keeps the room. */
  clear(): void;
  /** A view of the rows so far; valid until the next append or clear. */
  toColumn(): Column;
}

/** Length, and which rows have a value; a column without any null does not say. */
export abstract class NullableColumn implements ColumnBuffer {
  #length = 0;
  #nullCount = 0;
  #present = new Uint8Array(INITIAL_ROWS).fill(1);
  #capacity = INITIAL_ROWS;

  get length(): number {
    return this.#length;
  }

  /** The first of `count` rows to write, with room for them made. */
  protected nextRows(count = 1): number {
    while (this.#length + count > this.#capacity) this.#grow();
    const row = this.#length;
    this.#length += count;
    return row;
  }

  appendNull(count = 1): void {
    const first = this.nextRows(count);
    for (let row = first; row < first + count; row++) this.markNull(row);
  }

  /** Makes a row that has its place already null. */
  protected markNull(row: number): void {
    this.#present[row] = 0;
    this.#nullCount++;
  }

  clear(): void {
    if (this.#nullCount > 0) this.#present.fill(1);
    this.#length = 0;
    this.#nullCount = 0;
  }

  abstract toColumn(): Column;

  protected abstract grow(capacity: number): void;

  /** What every kind of column begins with. */
  protected head(): { readonly length: number; readonly present: Uint8Array | null } {
    return {
      length: this.#length,
      present: this.#nullCount === 0 ? null : this.#present.subarray(0, this.#length),
    };
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#present = widen(this.#present, new Uint8Array(this.#capacity).fill(1));
    this.grow(this.#capacity);
  }
}

/** Views of several columns, valid until the next append. */
export function columnsOf(buffers: Readonly<Record<string, ColumnBuffer>>): Columns {
  return Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, buffer.toColumn()]));
}

/** Copies the values into a larger buffer. */
export function widen<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
