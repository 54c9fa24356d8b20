/**
 * Writes structs in Thrift's compact protocol into bytes that grow: headers and footers of Parquet. thrift_cursor.ts
 * reads them, and says how a field looks. Numbers are sizes, places and codes: whole, and not below 0.
 */

/** Types of fields and of the elements of lists. */
export const THRIFT = { i32: 5, i64: 6, text: 8, list: 9, struct: 12 } as const;

const TRUE = 1;
const FALSE = 2;
const STOP = 0;
const encoder = new TextEncoder();

/** A file as it grows. Fields of a struct have to come in rising order of their ids. */
export class ThriftWriter {
  #bytes = new Uint8Array(1 << 12);
  #length = 0;
  /** The id of the field before, in the struct at hand and in those around it. */
  #id = 0;
  readonly #around: number[] = [];

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** A view of the bytes, valid until more are appended. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Four bytes, the lowest first. */
  appendUint32(value: number): void {
    const at = this.#grow(4);
    for (let byte = 0; byte < 4; byte++) this.#bytes[at + byte] = value >>> (8 * byte);
  }

  /** Begins a struct that is no field: the outermost one, or an element of a list. */
  begin(): void {
    this.#around.push(this.#id);
    this.#id = 0;
  }

  /** Begins a struct that is a field. */
  struct(id: number): void {
    this.#header(id, THRIFT.struct);
    this.begin();
  }

  end(): void {
    this.#byte(STOP);
    this.#id = this.#around.pop() ?? 0;
  }

  /** A number of 32 bits; none where it is undefined. */
  i32(id: number, value: number | undefined): void {
    if (value === undefined) return;
    this.#header(id, THRIFT.i32);
    this.number(value);
  }

  /** A number of 64 bits, below 2^53. */
  i64(id: number, value: number): void {
    this.#header(id, THRIFT.i64);
    this.number(value);
  }

  flag(id: number, value: boolean): void {
    this.#header(id, value ? TRUE : FALSE);
  }

  text(id: number, value: string): void {
    this.#header(id, THRIFT.text);
    this.word(value);
  }

  /** Begins a list of so many elements, which have to follow. */
  list(id: number, type: number, count: number): void {
    this.#header(id, THRIFT.list);
    if (count < 15) this.#byte((count << 4) | type);
    else {
      this.#byte(0xf0 | type);
      this.#varint(count);
    }
  }

  /** A number as an element of a list. */
  number(value: number): void {
    this.#varint(value * 2);
  }

  /** A text as an element of a list. */
  word(value: string): void {
    const bytes = encoder.encode(value);
    this.#varint(bytes.length);
    this.append(bytes);
  }

  // No struct of Parquet has ids so far apart that the header has no room for the step.
  #header(id: number, type: number): void {
    this.#byte(((id - this.#id) << 4) | type);
    this.#id = id;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  #byte(value: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  /** Makes room for so many bytes and gives the place where they begin. */
  #grow(count: number): number {
    const at = this.#length, end = at + count;
    if (end > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#bytes.length * 2, end));
      wider.set(this.#bytes.subarray(0, at));
      this.#bytes = wider;
    }
    this.#length = end;
    return at;
  }
}
