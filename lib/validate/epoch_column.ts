/** The column of source epochs: null where the epoch is 0, which is nearly always all of it, so it costs nothing then. */
import type { Column } from "../delta/mod.ts";
import type { ColumnBuffer } from "./column_buffer.ts";
import { Int32Column } from "./number_columns.ts";

/** Zeros for all columns without a value: nobody writes to them. */
let noValues = new Int32Array(0), noPresent = new Uint8Array(0);

/** Whole numbers of 32 bits, 0 as null. */
export class EpochColumn implements ColumnBuffer {
  readonly #values = new Int32Column();
  #length = 0;
  #hasValues = false;

  get length(): number {
    return this.#length;
  }

  append(epoch: number, count = 1): void {
    if (epoch !== 0 && !this.#hasValues) {
      this.#hasValues = true;
      this.#values.appendNull(this.#length);
    }
    if (this.#hasValues && epoch !== 0) this.#values.append(epoch, count);
    else if (this.#hasValues) this.#values.appendNull(count);
    this.#length += count;
  }

  appendNull(count = 1): void {
    this.append(0, count);
  }

  clear(): void {
    if (this.#hasValues) this.#values.clear();
    this.#hasValues = false;
    this.#length = 0;
  }

  toColumn(): Column {
    return this.#hasValues ? this.#values.toColumn() : nullColumn(this.#length);
  }
}

function nullColumn(length: number): Column {
  if (noValues.length < length) {
    noValues = new Int32Array(2 * length);
    noPresent = new Uint8Array(2 * length);
  }
  const [present, values] = [noPresent.subarray(0, length), noValues.subarray(0, length)];
  return { kind: "int32", length, present, values };
}
