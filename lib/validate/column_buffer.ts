/** Growable column buffers in Arrow's own layout: values are written once, where they stay. */
import type { Data } from "apache-arrow";

/** Rows that a new column has room for. */
export const INITIAL_ROWS = 16_384;

/** What all columns have in common: rows are appended and become one Arrow `Data`. */
export interface ColumnBuffer {
  readonly length: number;
  appendNull(count?: number): void;
  /** Forgets all rows and keeps the room. */
  clear(): void;
  /** A view of the rows so far; valid until the next append or clear. */
  toData(): Data;
}

/** Validity bits and length; a column without any null reports none. */
export abstract class NullableColumn implements ColumnBuffer {
  #length = 0;
  #nullCount = 0;
  #validity = new Uint8Array(INITIAL_ROWS / 8).fill(255);
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
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) & ~(1 << (row & 7));
    this.#nullCount++;
  }

  clear(): void {
    if (this.#nullCount > 0) this.#validity.fill(255);
    this.#length = 0;
    this.#nullCount = 0;
  }

  abstract toData(): Data;

  protected abstract grow(capacity: number): void;

  protected validity(): { nullCount: number; nullBitmap?: Uint8Array } {
    if (this.#nullCount === 0) return { nullCount: 0 };
    return { nullCount: this.#nullCount, nullBitmap: this.#validity.subarray(0, (this.#length + 7) >> 3) };
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#validity = widen(this.#validity, new Uint8Array(this.#capacity / 8).fill(255));
    this.grow(this.#capacity);
  }
}

/** Copies the values into a larger buffer. */
export function widen<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
