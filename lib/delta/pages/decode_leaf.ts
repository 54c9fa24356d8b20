/** One column chunk of a Parquet file in flat buffers: its levels, and the values that are present side by side. */
import { isAscii, isUtf8 } from "node:buffer";
import { decompressPage, type Page, type PageParts } from "./page_parts.ts";
import { readLevels, readPacked } from "./packed_numbers.ts";
import { type ColumnPlace, walkPages } from "./walk_pages.ts";

/** The values without the nulls between them. */
export type DenseValues =
  | { readonly kind: "int32"; readonly values: Int32Array }
  | { readonly kind: "int64"; readonly halves: Int32Array }
  | { readonly kind: "boolean"; readonly values: Uint8Array }
  | { readonly kind: "words"; readonly codes: Int32Array; readonly words: readonly string[] }
  | { readonly kind: "bytes"; readonly ends: Int32Array; readonly bytes: Uint8Array };

/** What a column chunk holds. */
export interface DecodedLeaf {
  readonly definitions: Uint8Array;
  /** 0 where a row begins; empty without repeated fields. */
  readonly repetitions: Uint8Array;
  readonly values: DenseValues;
  readonly count: number;
}

/** A column chunk while it is read. */
interface Reading extends ColumnPlace {
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  readonly values: OpenValues;
  filled: number;
  count: number;
}

/** PLAIN, RLE_DICTIONARY and its older name, RLE. */
const PLAIN = 0;
const RLE = 3;
const DICTIONARIES = [2, 8];
const LENGTH_BYTES = 4;

/**
 * Reads all pages of a column chunk, whose headers `checkFooter` has compared with the footer.
 *
 * @throws {Error} when its bytes are not exactly what its headers say, or in a form that is not read here
 */
export function decodeLeaf(place: ColumnPlace): DecodedLeaf {
  const slots = place.column.values;
  const definitions = new Uint8Array(slots);
  const repetitions = new Uint8Array(place.levels.repetition === 0 ? 0 : slots);
  const reading: Reading = {
    ...place,
    definitions,
    repetitions,
    values: openValues(place.column.type, slots),
    filled: 0,
    count: 0,
  };
  walkPages(place, {
    onDictionary: (page) => reading.values.takeDictionary(decompressPage(page), countIn(page)),
    onData: (parts) => addPage(parts, reading),
  });
  if (reading.filled !== slots) throw new RangeError(`found ${reading.filled} values, expected ${slots}`);
  return { definitions, repetitions, values: reading.values.close(reading.count), count: reading.count };
}

function countIn({ header }: Page): number {
  return header[1] ?? 0;
}

function addPage(parts: PageParts, reading: Reading): void {
  const { levels: { definition, repetition }, filled } = reading;
  const end = filled + parts.slots;
  const definitions = reading.definitions.subarray(filled, end);
  const { wantedCount } = readLevels(parts.definitions, definition, definitions);
  if (repetition > 0) readLevels(parts.repetitions, repetition, reading.repetitions.subarray(filled, end));
  if (wantedCount > 0) reading.values.take(parts, reading.count, wantedCount);
  reading.filled = end;
  reading.count += wantedCount;
}

/** Values of one physical type as they come in. */
interface OpenValues {
  readonly takeDictionary: (bytes: Uint8Array, count: number) => void;
  /** Takes `count` values, to stand from `at` on. */
  readonly take: (parts: PageParts, at: number, count: number) => void;
  readonly close: (count: number) => DenseValues;
}

function openValues(type: string, slots: number): OpenValues {
  switch (type) {
    case "INT32":
      return openInts(1, slots);
    case "INT64":
      return openInts(2, slots);
    case "BOOLEAN":
      return openFlags(slots);
    case "BYTE_ARRAY":
      return openTexts(slots);
  }
  throw new TypeError(`found values of ${type}, expected texts, integers or flags`);
}

function openInts(width: 1 | 2, slots: number): OpenValues {
  const ints = new Int32Array(slots * width);
  let dictionary = new Int32Array(0);
  return {
    takeDictionary: (bytes, count) => dictionary = intsOf(bytes, count * width),
    take: ({ encoding, values }, at, count) => {
      if (encoding === PLAIN) return ints.set(intsOf(values, count * width), at * width);
      const codes = readCodes({ encoding, values }, count, dictionary.length / width);
      for (let i = 0; i < count; i++) {
        const code = codes[i] ?? 0;
        ints[(at + i) * width] = dictionary[code * width] ?? 0;
        if (width === 2) ints[(at + i) * 2 + 1] = dictionary[code * 2 + 1] ?? 0;
      }
    },
    close: (count) =>
      width === 1
        ? { kind: "int32", values: ints.subarray(0, count) }
        : { kind: "int64", halves: ints.subarray(0, count * 2) },
  };
}

/** The bytes of a page may begin anywhere; a copy, as the slice of a Buffer is none. */
function intsOf(bytes: Uint8Array, count: number): Int32Array<ArrayBuffer> {
  if (bytes.length !== count * 4) {
    throw new RangeError(`found ${bytes.length} bytes of numbers, expected ${count * 4}`);
  }
  return new Int32Array(new Uint8Array(bytes).buffer);
}

function readCodes(
  { encoding, values }: Pick<PageParts, "encoding" | "values">,
  count: number,
  known: number,
): Int32Array {
  if (!DICTIONARIES.includes(encoding)) {
    throw new TypeError(`found values in encoding ${encoding}, expected plain ones or a dictionary`);
  }
  const codes = new Int32Array(count);
  const { highest } = readPacked(values.subarray(1), { width: values[0] ?? 0 }, codes);
  if (highest < known) return codes;
  throw new RangeError(`found value ${highest} of a dictionary, expected one of ${known}`);
}

function openFlags(slots: number): OpenValues {
  const flags = new Uint8Array(slots);
  return {
    takeDictionary: () => {
      throw new TypeError("found a dictionary of flags");
    },
    take: ({ encoding, values }, at, count) => {
      const target = flags.subarray(at, at + count);
      if (encoding === RLE) readPacked(values.subarray(LENGTH_BYTES), { width: 1 }, target);
      else if (encoding !== PLAIN || values.length !== (count + 7) >> 3) {
        throw new TypeError(`found flags in encoding ${encoding} and ${values.length} bytes`);
      } else for (let i = 0; i < count; i++) target[i] = (values[i >> 3] ?? 0) >> (i & 7) & 1;
    },
    close: (count) => ({ kind: "boolean", values: flags.subarray(0, count) }),
  };
}

/** A byte order mark is a character, and what is no UTF-8 is an error. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** In codes of a dictionary from the first page to the last, or not at all. */
function openTexts(slots: number): OpenValues {
  const codes = new Int32Array(slots);
  let words: readonly string[] | null = null;
  const parts: Texts[] = [];
  return {
    takeDictionary: (bytes, count) => {
      const { ends, bytes: all } = textsOf(bytes, count);
      words = Array.from({ length: count }, (_, i) => decoder.decode(all.subarray(ends[i], ends[i + 1])));
    },
    take: ({ encoding, values }, at, count) => {
      if (words !== null) codes.set(readCodes({ encoding, values }, count, words.length), at);
      else if (encoding === PLAIN) parts.push(textsOf(values, count));
      else throw new TypeError(`found texts in encoding ${encoding}, expected plain ones or a dictionary`);
    },
    close: (count) =>
      words === null
        ? { kind: "bytes", ...joinTexts(parts, count) }
        : { kind: "words", codes: codes.subarray(0, count), words },
  };
}

interface Texts {
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
}

/** Each text follows its length; the bytes are moved together in place. */
function textsOf(bytes: Uint8Array, count: number): Texts {
  if (count * LENGTH_BYTES > bytes.length) {
    throw new RangeError(`found ${count} texts in ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const ends = new Int32Array(count + 1);
  let from = 0, to = 0;
  for (let i = 0; i < count; i++) {
    if (from + LENGTH_BYTES > bytes.length) throw new RangeError("found a text without its length");
    const length = view.getUint32(from, true);
    from += LENGTH_BYTES;
    if (from + length > bytes.length) throw new RangeError(`found a text of ${length} bytes, expected fewer`);
    bytes.copyWithin(to, from, from + length);
    from += length;
    to += length;
    ends[i + 1] = to;
  }
  if (from !== bytes.length) throw new RangeError(`found ${bytes.length} bytes of texts, expected ${from}`);
  const texts = { ends, bytes: bytes.subarray(0, to) };
  assertTexts(texts);
  return texts;
}

/** Halves of a character in two texts would be one together. */
function assertTexts({ ends, bytes }: Texts): void {
  if (isAscii(bytes)) return;
  for (let i = 0; i < ends.length - 1; i++) {
    if (!isUtf8(bytes.subarray(ends[i], ends[i + 1]))) throw new TypeError("found a text that is no UTF-8");
  }
}

function joinTexts(parts: readonly Texts[], count: number): Texts {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const ends = new Int32Array(count + 1);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let row = 0, start = 0;
  for (const part of parts) {
    bytes.set(part.bytes, start);
    for (let i = 1; i < part.ends.length; i++) ends[++row] = start + (part.ends[i] ?? 0);
    start += part.bytes.length;
  }
  return { ends, bytes };
}
