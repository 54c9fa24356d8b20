/** Reads the numbers and byte strings of the Kafka protocol out of bytes that come from outside. */

const MAX_VARINT_BYTES = 10;

/** A position in bytes that only moves forward. Every method throws a `RangeError` rather than read beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that were not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  int8(): number {
    return this.#view.getInt8(this.#move(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#move(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#move(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#move(8));
  }

  /** The next bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.#move(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Bytes after their length as an int32; null for a negative one. */
  bytes(): Uint8Array | null {
    const length = this.int32();
    return length < 0 ? null : this.take(length);
  }

  /** Bytes after their length as a varint; null for a negative one. */
  varBytes(): Uint8Array | null {
    const length = this.varint();
    return length < 0 ? null : this.take(length);
  }

  /**
   * A zigzag number of up to 64 bits, seven bits to a byte. Beyond 2^53 it is rounded: lengths of that size do not
   * exist, and times of that size are brought to the end of the calendar anyway.
   */
  varint(): number {
    // The lowest bit is the sign; it must not get lost where the rest is rounded.
    let byte = this.#byte();
    const isNegative = (byte & 1) === 1;
    let half = (byte & 0x7f) >> 1;
    for (let length = 1, factor = 64; byte >= 0x80; length++, factor *= 128) {
      if (length === MAX_VARINT_BYTES) throw new RangeError("a number of more than ten bytes");
      byte = this.#byte();
      half += (byte & 0x7f) * factor;
    }
    return isNegative ? -half - 1 : half;
  }

  #byte(): number {
    return this.#bytes[this.#move(1)] ?? 0;
  }

  #move(length: number): number {
    const start = this.#position;
    if (!(length >= 0 && length <= this.remaining)) {
      throw new RangeError(`${length} bytes at ${start}, where ${this.remaining} are left`);
    }
    this.#position += length;
    return start;
  }
}
