/**
 * Checks that bytes are JSON, and finds single fields of the outermost object, without a text and objects in between:
 * three times faster than JSON.parse, and without garbage. It never says what is wrong: at whatever is unusual (white
 * space, escapes, exponents, deep nesting, bytes that are no UTF-8) it gives up, and JSON.parse decides. What it takes,
 * JSON.parse takes too.
 */

const QUOTE = 34, COMMA = 44, MINUS = 45, POINT = 46, ZERO = 48, COLON = 58, BACKSLASH = 92;
const OPEN_LIST = 91, OPEN_OBJECT = 123, CLOSE_OBJECT = 125;
/** From an opening bracket of either kind to its closing one. */
const TO_CLOSE = 2;
const [TRUE, FALSE, NULL] = [literal("true"), literal("false"), literal("null")];
const MOST_DEPTH = 63;
const UNUSUAL = -1;
/** 1 for each byte that is a whole character of a text. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x80);
PLAIN[QUOTE] = PLAIN[BACKSLASH] = 0;

/** Scans one value after another and holds the fields of the last. */
export class FieldScanner {
  readonly #names: readonly Uint8Array[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** What closes each of the open objects and lists; the first stands for none. */
  readonly #closes = new Uint8Array(MOST_DEPTH + 1);
  #bytes: Uint8Array = new Uint8Array();

  /** The fields to find. */
  constructor(names: readonly string[] = []) {
    this.#names = names.map((name) => new TextEncoder().encode(`"${name}"`));
    this.#starts = new Int32Array(names.length);
    this.#ends = new Int32Array(names.length);
  }

  /** The bytes of the value of the field that was named in this place; undefined when the object has none. */
  field(place: number): Uint8Array | undefined {
    const end = this.#ends[place] ?? 0;
    return end === 0 ? undefined : this.#bytes.subarray(this.#starts[place], end);
  }

  /** Whether the bytes are one JSON value, spelled as usual, whose named fields are no objects and lists. */
  scan(bytes: Uint8Array): boolean {
    this.#bytes = bytes;
    this.#ends.fill(0);
    const closes = this.#closes;
    let depth = 0, at = 0, name = -1;
    // All state is in variables of one function, which V8 then keeps in registers.
    while (true) {
      if (closes[depth] === CLOSE_OBJECT) {
        const key = at;
        at = bytes[at] === QUOTE ? endOfText(bytes, at) : UNUSUAL;
        if (at === UNUSUAL || bytes[at] !== COLON) return false;
        if (depth === 1) name = this.#findName(key, at);
        at++;
      }
      const first = bytes[at] ?? 0;
      if (first === OPEN_OBJECT || first === OPEN_LIST) {
        if (name >= 0 || depth === MOST_DEPTH) return false;
        if (bytes[++at] !== first + TO_CLOSE) {
          closes[++depth] = first + TO_CLOSE;
          continue;
        }
        at++;
      } else {
        const start = at;
        at = first === QUOTE ? endOfText(bytes, at) : endOfScalar(bytes, at);
        if (at === UNUSUAL) return false;
        if (name >= 0) {
          this.#starts[name] = start;
          this.#ends[name] = at;
        }
      }
      while (depth > 0 && bytes[at] === closes[depth]) {
        depth--;
        at++;
      }
      if (depth === 0) return at === bytes.length;
      if (bytes[at++] !== COMMA) return false;
    }
  }

  #findName(from: number, to: number): number {
    return this.#names.findIndex((name) => name.length === to - from && isAt(this.#bytes, from, name));
  }
}

function isAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  return expected.every((byte, place) => bytes[at + place] === byte);
}

/** Behind the closing quote of the text that begins here. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (PLAIN[bytes[at] ?? 0] === 1) at++;
  return bytes[at] === QUOTE ? at + 1 : endOfForeignText(bytes, at);
}

function endOfForeignText(bytes: Uint8Array, from: number): number {
  for (let at = from, length = 1; length > 0; at += length) {
    if (bytes[at] === QUOTE) return at + 1;
    length = PLAIN[bytes[at] ?? 0] === 1 ? 1 : sequenceLength(bytes, at);
  }
  return UNUSUAL;
}

/** Bytes of a UTF-8 sequence of two or three; 0 of every other byte. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0, second = bytes[at + 1] ?? 0, third = bytes[at + 2] ?? 0;
  if (second < 0x80 || second > 0xbf) return 0;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (third < 0x80 || third > 0xbf) return 0;
  if (first === 0xe0) return second >= 0xa0 ? 3 : 0;
  if (first === 0xed) return second < 0xa0 ? 3 : 0;
  return first > 0xe0 && first < 0xf0 ? 3 : 0;
}

function endOfScalar(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === TRUE[0]) return endOfLiteral(bytes, from, TRUE);
  if (first === FALSE[0]) return endOfLiteral(bytes, from, FALSE);
  if (first === NULL[0]) return endOfLiteral(bytes, from, NULL);
  const start = first === MINUS ? from + 1 : from;
  const end = bytes[start] === ZERO ? start + 1 : endOfDigits(bytes, start);
  if (end === start || bytes[end] !== POINT) return end === start ? UNUSUAL : end;
  const fractionEnd = endOfDigits(bytes, end + 1);
  return fractionEnd === end + 1 ? UNUSUAL : fractionEnd;
}

function endOfLiteral(bytes: Uint8Array, from: number, literal: Uint8Array): number {
  let length = 1;
  while (length < literal.length && bytes[from + length] === literal[length]) length++;
  return length === literal.length ? from + length : UNUSUAL;
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= ZERO && byte < ZERO + 10; byte = bytes[at] ?? 0) at++;
  return at;
}

function literal(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
