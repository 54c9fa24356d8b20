/** Columns of strings and bytes. */
import type { Data, Utf8 } from "apache-arrow";
import { arrow } from "../packages/arrow.ts";
import { INITIAL_ROWS, NullableColumn, widen } from "./column_buffer.ts";

/** Strings that repeat much: codes into a dictionary of the strings seen. */
export class DictionaryColumn extends NullableColumn {
  #codes = new Int32Array(INITIAL_ROWS);
  #seen = new Map<string, number>();

  append(value: string, count = 1): void {
    const row = this.nextRows(count);
    this.#codes.fill(this.#code(value), row, row + count);
  }

  toData(): Data {
    const dictionary = arrow.makeVector(utf8Data([...this.#seen.keys()]));
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
    const data = this.#codes.subarray(0, this.length);
    return arrow.makeData({ type, length: this.length, data, dictionary, ...this.validity() });
  }

  override clear(): void {
    super.clear();
    this.#seen = new Map();
  }

  override appendNull(count = 1): void {
    this.#codes.fill(0, this.length, this.length + count);
    super.appendNull(count);
    if (this.#seen.size === 0) this.#seen.set("", 0);
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
  #bytes = new Uint8Array(1 << 20);
  /** Where the bytes of a value just reserved belong; another array after the next append. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  append(value: Uint8Array): void {
    const start = this.reserve(value.length);
    this.#bytes.set(value, start);
  }

  /** Appends a value of `length` bytes and returns its position in `bytes`, where the caller writes it. */
  reserve(length: number): number {
    const row = this.nextRows();
    const start = this.#offsets[row] ?? 0;
    if (start + length > this.#bytes.length) {
      this.#bytes = widen(this.#bytes, new Uint8Array(Math.max(this.#bytes.length * 2, start + length)));
    }
    this.#offsets[row + 1] = start + length;
    return start;
  }

  override appendNull(count = 1): void {
    const end = this.#offsets[this.length] ?? 0;
    const row = this.length;
    super.appendNull(count);
    this.#offsets.fill(end, row + 1, row + count + 1);
  }

  toData(): Data {
    const valueOffsets = this.#offsets.subarray(0, this.length + 1);
    const data = this.#bytes.subarray(0, valueOffsets[this.length]);
    return arrow.makeData({
      type: new arrow.Utf8(),
      length: this.length,
      valueOffsets,
      data,
      ...this.validity(),
    });
  }

  protected grow(capacity: number): void {
    this.#offsets = widen(this.#offsets, new Int32Array(capacity + 1));
  }
}

/** Arrow data of a list of strings without nulls. */
function utf8Data(values: readonly string[]): Data<Utf8> {
  const encoded = values.map((value) => new TextEncoder().encode(value));
  const valueOffsets = new Int32Array(values.length + 1);
  encoded.forEach((bytes, i) => valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + bytes.length);
  const data = new Uint8Array(valueOffsets[values.length] ?? 0);
  encoded.forEach((bytes, i) => data.set(bytes, valueOffsets[i]));
  return arrow.makeData({ type: new arrow.Utf8(), length: values.length, nullCount: 0, valueOffsets, data });
}
