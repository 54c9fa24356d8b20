/**
 * The ids of timetable rows as the replaced system gave them: the SHA-1 of
 * `trainNumber_stationShortCode_scheduledTime_type`, with texts as the API writes them.
 */
import { SHA1_HEX_LENGTH, writeSha1Hex } from "../sha1.ts";
import { widen } from "../column_buffer.ts";

/** Fields of a row that make its id, in their order. */
export const ROW_KEY_FIELDS = ["stationShortCode", "scheduledTime", "type"] as const;

const UNDERSCORE = 95;
const encoder = new TextEncoder();

/** The ids of one train's rows. */
export class RowKeys {
  /** The ids as hex, one after another. */
  hex = new Uint8Array(64 * SHA1_HEX_LENGTH);
  #key = new Uint8Array(256);
  #prefixLength = 0;
  #length = 0;
  #rows = 0;

  /** Forgets all ids; those to come are of this train. */
  startTrain(trainNumber: number): void {
    this.#prefixLength = encoder.encodeInto(String(trainNumber), this.#key).written;
    this.#length = this.#prefixLength;
    this.#rows = 0;
  }

  /** Appends the next field of the row at hand, given as UTF-8. */
  add(bytes: Uint8Array, from: number, to: number): void {
    while (this.#length + 1 + to - from > this.#key.length) {
      this.#key = widen(this.#key, new Uint8Array(this.#key.length * 2));
    }
    const key = this.#key;
    let length = this.#length;
    key[length++] = UNDERSCORE;
    for (let i = from; i < to; i++) key[length++] = bytes[i] ?? 0;
    this.#length = length;
  }

  /** Appends the next field of the row at hand. */
  addText(text: string): void {
    const room = this.#length + 1 + 3 * text.length;
    while (room > this.#key.length) this.#key = widen(this.#key, new Uint8Array(this.#key.length * 2));
    const key = this.#key;
    key[this.#length++] = UNDERSCORE;
    this.#length += encodeText(text, key, this.#length);
  }

  /** Makes the id of the row at hand. */
  endRow(): void {
    const position = this.#rows++ * SHA1_HEX_LENGTH;
    if (position === this.hex.length) this.hex = widen(this.hex, new Uint8Array(position * 2));
    writeSha1Hex(this.#key, this.#length, this.hex, position);
    this.#length = this.#prefixLength;
  }
}

/** Writes UTF-8 and returns its length; short texts of ASCII are not worth a call into native code. */
function encodeText(text: string, target: Uint8Array, position: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128) return encoder.encodeInto(text, target.subarray(position)).written;
    target[position + i] = code;
  }
  return text.length;
}
