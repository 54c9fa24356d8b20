/** One column chunk of a Parquet file in flat buffers: its levels, and the values that are present side by side. */
import { isAscii, isUtf8 } from "node:buffer";
import { decompressPage, type Levels, type PageParts } from "./page_parts.ts";
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

/** Rows `from <= row < to` of a row group. */
export interface RowSpan {
  /** The first row, counted from 0. */
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
}

/** Which rows of which column chunk; all of them when none are given, as of all with repeated fields. */
export interface LeafPlace extends ColumnPlace {
  readonly rows?: RowSpan | undefined;
}

/** A column chunk while it is read. */
interface Reading {
  readonly levels: Levels;
  readonly span: RowSpan;
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  readonly values: OpenValues;
  /** Slots of the pages so far, and those and values that are kept of them. */
  seen: number;
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
export function decodeLeaf(place: LeafPlace): DecodedLeaf {
  const { column, levels, rows: span = { from: 0, to: column.values } } = place;
  const slots = span.to - span.from;
  const definitions = new Uint8Array(slots);
  const repetitions = new Uint8Array(levels.repetition === 0 ? 0 : slots);
  const values = openValues(column.type, slots);
  const reading: Reading = { levels, span, definitions, repetitions, values, seen: 0, filled: 0, count: 0 };
  walkPages(place, {
    onDictionary: (page) => values.takeDictionary(decompressPage(page), page.header[1] ?? 0),
    onData: (parts) => addPage(parts, reading),
    isSkipped: (pageSlots) => skipPage(pageSlots, reading),
  });
  if (reading.filled !== slots) throw new RangeError(`found ${reading.filled} values, expected ${slots}`);
  return { definitions, repetitions, values: values.close(reading.count), count: reading.count };
}

/** Passes over a page that has none of the rows. */
function skipPage(slots: number, reading: Reading): boolean {
  const { span: { from, to }, seen } = reading;
  if (seen < to && seen + slots > from) return false;
  reading.seen += slots;
  return true;
}

function addPage(parts: PageParts, reading: Reading): void {
  const { levels: { definition, repetition }, span, seen, filled } = reading;
  const skipped = Math.max(0, span.from - seen), end = Math.min(parts.slots, span.to - seen);
  const kept = reading.definitions.subarray(filled, filled + end - skipped);
  // The values of the rows before are those that their levels say.
  const definitions = skipped === 0 ? kept : new Uint8Array(end);
  const { wantedCount } = readLevels(parts.definitions, definition, definitions);
  const before = skipped === 0 ? 0 : countOf(definition, definitions.subarray(0, skipped));
  if (skipped > 0) kept.set(definitions.subarray(skipped));
  if (repetition > 0) {
    readLevels(parts.repetitions, repetition, reading.repetitions.subarray(filled, filled + end));
  }
  const count = wantedCount - before;
  if (count > 0) {
    const isWhole = kept.length === parts.slots;
    reading.values.take({ ...parts, count, skip: before, isWhole }, reading.count);
  }
  reading.seen += parts.slots;
  reading.filled += kept.length;
  reading.count += count;
}

function countOf(level: number, levels: Uint8Array): number {
  let count = 0;
  for (let slot = 0; slot < levels.length; slot++) if (levels[slot] === level) count++;
  return count;
}

/** The values of a page, or those of some of its rows. */
interface PageValues extends Pick<PageParts, "encoding" | "values"> {
  readonly count: number;
  /** How many others stand before them. */
  readonly skip: number;
  /** Whether they are all that the page has. */
  readonly isWhole: boolean;
}

/** Values of one physical type as they come in. */
interface OpenValues {
  readonly takeDictionary: (bytes: Uint8Array, count: number) => void;
  /** Takes the values of a page, to stand from `at` on. */
  readonly take: (page: PageValues, at: number) => void;
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
    take: (page, at) => {
      const { encoding, count } = page;
      if (encoding === PLAIN) {
        return ints.set(intsOf(fixedValues(page, width * 4), count * width), at * width);
      }
      const codes = readCodes(page, dictionary.length / width);
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

/** Values of so many bytes each. */
function fixedValues({ values, skip, count, isWhole }: PageValues, bytes: number): Uint8Array {
  return isWhole ? values : values.subarray(skip * bytes, (skip + count) * bytes);
}

/** The bytes of a page may begin anywhere; a copy, as the slice of a Buffer is none. */
function intsOf(bytes: Uint8Array, count: number): Int32Array<ArrayBuffer> {
  if (bytes.length !== count * 4) {
    throw new RangeError(`found ${bytes.length} bytes of numbers, expected ${count * 4}`);
  }
  return new Int32Array(new Uint8Array(bytes).buffer);
}

function readCodes({ encoding, values, count, skip }: PageValues, known: number): Int32Array {
  if (!DICTIONARIES.includes(encoding)) {
    throw new TypeError(`found values in encoding ${encoding}, expected plain ones or a dictionary`);
  }
  const codes = new Int32Array(count);
  const { highest } = readPacked(values.subarray(1), { width: values[0] ?? 0, skip }, codes);
  if (highest < known) return codes;
  throw new RangeError(`found value ${highest} of a dictionary, expected one of ${known}`);
}

function openFlags(slots: number): OpenValues {
  const flags = new Uint8Array(slots);
  return {
    takeDictionary: () => {
      throw new TypeError("found a dictionary of flags");
    },
    take: ({ encoding, values, count, skip, isWhole }, at) => {
      const target = flags.subarray(at, at + count), bytes = (skip + count + 7) >> 3;
      if (encoding === RLE) readPacked(values.subarray(LENGTH_BYTES), { width: 1, skip }, target);
      else if (encoding !== PLAIN || values.length < bytes || (isWhole && values.length > bytes)) {
        throw new TypeError(`found flags in encoding ${encoding} and ${values.length} bytes`);
      } else {
        for (let i = 0; i < count; i++) target[i] = (values[(skip + i) >> 3] ?? 0) >> ((skip + i) & 7) & 1;
      }
    },
    close: (count) => ({ kind: "boolean", values: flags.subarray(0, count) }),
  };
}

/** A byte order mark is a character, and what is no UTF-8 is an error. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** In codes of a dictionary from the first page to the last, or not at all. */
function openTexts(slots: number): OpenValues {
  const codes = new Int32Array(slots);
  let dictionary: Texts | null = null;
  const parts: Texts[] = [];
  return {
    takeDictionary: (bytes, count) => dictionary = textsOf(bytes, count),
    take: (page, at) => {
      const { encoding, count } = page;
      if (dictionary !== null) codes.set(readCodes(page, dictionary.ends.length - 1), at);
      else if (encoding === PLAIN) parts.push(textsOf(textBytes(page), count));
      else throw new TypeError(`found texts in encoding ${encoding}, expected plain ones or a dictionary`);
    },
    close: (count) =>
      dictionary === null
        ? { kind: "bytes", ...joinTexts(parts, count) }
        : { kind: "words", ...wordsOf(dictionary, codes.subarray(0, count)) },
  };
}

/** The words of a dictionary; of many of which few are used, only those. */
function wordsOf({ ends, bytes }: Texts, codes: Int32Array) {
  const wordAt = (code: number) => decoder.decode(bytes.subarray(ends[code], ends[code + 1]));
  if (codes.length >= ends.length - 1) {
    return { codes, words: Array.from({ length: ends.length - 1 }, (_, code) => wordAt(code)) };
  }
  const places = new Map<number, number>();
  const used = codes.map((code) => {
    const place = places.get(code) ?? places.size;
    places.set(code, place);
    return place;
  });
  return { codes: used, words: Array.from(places.keys(), wordAt) };
}

interface Texts {
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
}

/** Texts with their lengths before them. */
function textBytes({ values, skip, count, isWhole }: PageValues): Uint8Array {
  if (isWhole) return values;
  const view = new DataView(values.buffer, values.byteOffset, values.length);
  const pass = (from: number, texts: number): number => {
    let at = from;
    for (let i = 0; i < texts; i++) at += LENGTH_BYTES + view.getUint32(at, true);
    return at;
  };
  const start = pass(0, skip);
  return values.subarray(start, pass(start, count));
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
