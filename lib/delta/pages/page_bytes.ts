/** The bytes of a Parquet page as they grow, and the run-length and bit-packing hybrid that pages consist of. */

/** Runs shorter than this are packed into bits. */
const SHORTEST_RUN = 8;

const encoder = new TextEncoder();

/** A growing buffer; empty again after `clear`. */
export class PageBytes {
  #bytes = new Uint8Array(1 << 12);
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** A view of the bytes, valid until more are appended. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  append(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** The integers as they stand in memory, which is little-endian on all machines that run V8. */
  appendInts(values: Int32Array): void {
    this.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** One byte string with its length before it. */
  appendSized(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    let at = this.#grow(length + 4);
    const target = this.#bytes;
    target[at++] = length;
    target[at++] = length >>> 8;
    target[at++] = length >>> 16;
    target[at++] = length >>> 24;
    // A view costs more than so many single bytes.
    if (length > 64) target.set(bytes.subarray(from, to), at);
    else for (let i = from; i < to; i++) target[at++] = bytes[i] ?? 0;
  }

  /** The UTF-8 of a text with its length before it. */
  appendText(text: string): void {
    // Most words of a dictionary are short and ASCII: the encoder costs more than so many characters.
    if (text.length <= 32 && this.#appendAscii(text)) return;
    const bytes = encoder.encode(text);
    this.appendSized(bytes, 0, bytes.length);
  }

  /** False, and nothing done, where a character is none of ASCII. */
  #appendAscii(text: string): boolean {
    const { length } = text;
    const start = this.#grow(length + 4), target = this.#bytes;
    target[start] = length;
    target.fill(0, start + 1, start + 4);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#length = start;
        return false;
      }
      target[start + 4 + i] = code;
    }
    return true;
  }

  /** The first bit of each value, eight in a byte. */
  appendBits(values: Uint8Array): void {
    let at = this.#grow((values.length + 7) >> 3);
    for (let i = 0; i < values.length; i += 8) {
      let byte = 0;
      for (let bit = 0; bit < 8 && i + bit < values.length; bit++) byte |= (values[i + bit] ?? 0) << bit;
      this.#bytes[at++] = byte;
    }
  }

  /** Values below `2 ** width` as runs and packed groups, with the length of it all before them. */
  appendSizedHybrid(values: ArrayLike<number>, width: number): void {
    const at = this.#grow(4);
    this.appendHybrid(values, width);
    new DataView(this.#bytes.buffer).setUint32(at, this.#length - at - 4, true);
  }

  /** One value so many times, with the length of it before it. */
  appendSizedRun(value: number, count: number, width: number): void {
    const at = this.#grow(4);
    if (count > 0) this.#appendRun(value, count, width);
    new DataView(this.#bytes.buffer).setUint32(at, this.#length - at - 4, true);
  }

  /** Values below `2 ** width` as runs and packed groups. */
  appendHybrid(values: ArrayLike<number>, width: number): void {
    const { length } = values;
    let packedFrom = 0, at = 0;
    while (at < length) {
      const value = values[at];
      let end = at + 1;
      while (end < length && values[end] === value) end++;
      if (end - at < SHORTEST_RUN) at += 8;
      else {
        this.#appendGroups(values, packedFrom, at, width);
        this.#appendRun(value ?? 0, end - at, width);
        packedFrom = at = end;
      }
    }
    this.#appendGroups(values, packedFrom, length, width);
  }

  #appendRun(value: number, count: number, width: number): void {
    this.#appendVarint(count * 2);
    for (let bits = 0; bits < width; bits += 8) this.#appendByte(value >>> bits);
  }

  /** Groups of eight; what the last one lacks is 0. */
  #appendGroups(values: ArrayLike<number>, from: number, to: number, width: number): void {
    if (from >= to) return;
    const groups = (to - from + 7) >> 3;
    this.#appendVarint(groups * 2 + 1);
    let at = this.#grow(groups * width);
    const target = this.#bytes;
    let pending = 0, bits = 0;
    for (let i = from, end = from + groups * 8; i < end; i++) {
      pending |= (i < to ? values[i] ?? 0 : 0) << bits;
      bits += width;
      while (bits >= 8) {
        target[at++] = pending;
        pending >>>= 8;
        bits -= 8;
      }
    }
  }

  #appendVarint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#appendByte((rest & 127) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#appendByte(rest);
  }

  #appendByte(value: number): void {
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
