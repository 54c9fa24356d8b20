/** Columns of fixed width. */
import type { Column } from "../delta/mod.ts";
import { INITIAL_ROWS, NullableColumn, widen } from "./column_buffer.ts";

const TWO_POW_32 = 4_294_967_296;

/** 64-bit integers, or timestamps in microseconds, given as numbers that are exact (below 2^53). */
export class Int64Column extends NullableColumn {
  #halves = new Int32Array(INITIAL_ROWS * 2);

  append(value: number, count = 1): void {
    const high = Math.floor(value / TWO_POW_32);
    this.appendHalves(value - high * TWO_POW_32, high, count);
  }

  /** Appends the value given by its two 32-bit halves, for values beyond 2^53. */
  appendHalves(low: number, high: number, count = 1): void {
    let position = this.nextRows(count) * 2;
    for (let i = 0; i < count; i++, position += 2) {
      this.#halves[position] = low;
      this.#halves[position + 1] = high;
    }
  }

  /** Appends the first `count` of the values; NaN is null. */
  appendAll(values: Float64Array, count: number): void {
    const first = this.nextRows(count), halves = this.#halves;
    for (let i = 0, position = first * 2; i < count; i++, position += 2) {
      let value = values[i] ?? NaN;
      if (Number.isNaN(value)) {
        this.markNull(first + i);
        value = 0;
      }
      const high = Math.floor(value / TWO_POW_32);
      halves[position] = value - high * TWO_POW_32;
      halves[position + 1] = high;
    }
  }

  /** Any 64 bits. Small values take the way of all others: V8 slows down where a call site sees two kinds of numbers. */
  appendBigint(value: bigint, count = 1): void {
    const near = Number(value);
    if (Number.isSafeInteger(near)) this.append(near, count);
    else this.appendHalves(Number(BigInt.asIntN(32, value)), Number(value >> 32n), count);
  }

  toColumn(): Column {
    return { kind: "int64", ...this.head(), halves: this.#halves.subarray(0, this.length * 2) };
  }

  protected grow(capacity: number): void {
    this.#halves = widen(this.#halves, new Int32Array(capacity * 2));
  }
}

/** 32-bit integers, or dates as days since 1970. */
export class Int32Column extends NullableColumn {
  #values = new Int32Array(INITIAL_ROWS);

  append(value: number, count = 1): void {
    const row = this.nextRows(count);
    this.#values.fill(value, row, row + count);
  }

  /** Appends 0, 1, 2 and so on up to `count` values. */
  appendCounting(count: number): void {
    const first = this.nextRows(count);
    for (let i = 0; i < count; i++) this.#values[first + i] = i;
  }

  toColumn(): Column {
    return { kind: "int32", ...this.head(), values: this.#values.subarray(0, this.length) };
  }

  protected grow(capacity: number): void {
    this.#values = widen(this.#values, new Int32Array(capacity));
  }
}

/** Booleans, one byte each. */
export class BoolColumn extends NullableColumn {
  #values = new Uint8Array(INITIAL_ROWS);

  append(value: boolean, count = 1): void {
    const row = this.nextRows(count);
    this.#values.fill(value ? 1 : 0, row, row + count);
  }

  /** Appends the first `count` of the flags: 0, 1, all else is null. */
  appendAll(flags: Uint8Array, count: number): void {
    const first = this.nextRows(count), values = this.#values;
    for (let i = 0; i < count; i++) {
      const flag = flags[i] ?? 0;
      values[first + i] = flag & 1;
      if (flag > 1) this.markNull(first + i);
    }
  }

  toColumn(): Column {
    return { kind: "boolean", ...this.head(), values: this.#values.subarray(0, this.length) };
  }

  override appendNull(count = 1): void {
    this.#values.fill(0, this.length, this.length + count);
    super.appendNull(count);
  }

  protected grow(capacity: number): void {
    this.#values = widen(this.#values, new Uint8Array(capacity));
  }
}
