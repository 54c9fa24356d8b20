/** Values of a Parquet page in the encodings that writers of logs use. */
import { Buffer, isAscii } from "node:buffer";
import { readPacked } from "./packed_numbers.ts";

/** The part of a page behind its levels, and where its values go. */
export interface ValueBytes {
  /** As the footer names it: INT64. */
  readonly type: string;
  /** As parquet.thrift counts them. */
  readonly encoding: number;
  /** Belong to the reader. */
  readonly bytes: Uint8Array;
  /** How many values there are; nulls are none. */
  readonly count: number;
  readonly dictionary?: readonly unknown[] | undefined;
  readonly target: unknown[];
  /** Of the first value in the target. */
  readonly at: number;
}

/** Encoding. */
const PLAIN = 0;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const RLE_DICTIONARY = 8;
const LENGTH_BYTES = 4;

/** A byte order mark is a character, and what is no UTF-8 is an error. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Puts the values of a page into an array: texts, flags, integers as numbers where those are exact and as bigints where
 * not.
 *
 * @throws {Error} when the bytes are not exactly those values, or of a type or an encoding that is not read here
 */
export function readPageValues(page: ValueBytes): void {
  const { type, encoding } = page;
  if (encoding === PLAIN) readPlain(page);
  else if (encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY) readIndexed(page);
  else if (encoding === RLE && type === "BOOLEAN") readRuns(page);
  else throw new TypeError(`found ${type} in encoding ${encoding}, expected a plain one or a dictionary`);
}

function readPlain(page: ValueBytes): void {
  switch (page.type) {
    case "BOOLEAN":
      return readBits(page);
    case "INT32":
      return readInt32(page);
    case "INT64":
      return readInt64(page);
    case "BYTE_ARRAY":
      return readTexts(page);
  }
  throw new TypeError(`found values of ${page.type}, expected texts, integers or flags`);
}

function readIndexed({ bytes, count, dictionary = [], target, at }: ValueBytes): void {
  if (count === 0) return;
  const indexes = new Int32Array(count);
  const { highest } = readPacked(bytes.subarray(1), { width: bytes[0] ?? 0 }, indexes);
  if (highest >= dictionary.length) {
    throw new RangeError(`found value ${highest} of a dictionary, expected one of ${dictionary.length}`);
  }
  for (let index = 0; index < count; index++) target[at + index] = dictionary[indexes[index] ?? 0];
}

function readRuns({ bytes, count, target, at }: ValueBytes): void {
  const bits = new Uint8Array(count);
  readPacked(bytes.subarray(LENGTH_BYTES), { width: 1 }, bits);
  for (let index = 0; index < count; index++) target[at + index] = bits[index] === 1;
}

function readBits({ bytes, count, target, at }: ValueBytes): void {
  viewOf(bytes, Math.ceil(count / 8));
  for (let index = 0; index < count; index++) {
    target[at + index] = ((bytes[index >> 3] ?? 0) >> (index & 7) & 1) === 1;
  }
}

function readInt32({ bytes, count, target, at }: ValueBytes): void {
  const view = viewOf(bytes, 4 * count);
  for (let index = 0; index < count; index++) target[at + index] = view.getInt32(4 * index, true);
}

// A bigint for each value would take longer than all the rest.
function readInt64({ bytes, count, target, at }: ValueBytes): void {
  const view = viewOf(bytes, 8 * count);
  for (let index = 0; index < count; index++) {
    const value = view.getInt32(8 * index + 4, true) * 2 ** 32 + view.getUint32(8 * index, true);
    target[at + index] = Number.isSafeInteger(value) ? value : view.getBigInt64(8 * index, true);
  }
}

// Each text follows its length. Without the lengths most pages are ASCII: the texts are then cut out of one string, as
// far apart as their bytes.
function readTexts({ bytes, count, target, at }: ValueBytes): void {
  const ends = textEnds(bytes, count);
  const textAt = isAscii(bytes) ? sliceOf(bytes) : decodeOf(bytes);
  let start = LENGTH_BYTES;
  for (let index = 0; index < count; index++) {
    const end = ends[index] ?? 0;
    target[at + index] = textAt(start, end);
    start = end + LENGTH_BYTES;
  }
}

// Overwrites the lengths.
function textEnds(bytes: Uint8Array, count: number): Int32Array {
  if (count * LENGTH_BYTES > bytes.length) {
    throw new RangeError(`found ${count} texts in ${bytes.length} bytes`);
  }
  const view = viewOf(bytes, bytes.length);
  const ends = new Int32Array(count);
  let end = 0;
  for (let index = 0; index < count; index++) {
    const length = view.getUint32(end, true);
    view.setUint32(end, 0);
    end += LENGTH_BYTES + length;
    ends[index] = end;
  }
  viewOf(bytes, end);
  return ends;
}

function sliceOf(bytes: Uint8Array): (start: number, end: number) => string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return (start, end) => text.slice(start, end);
}

function decodeOf(bytes: Uint8Array): (start: number, end: number) => string {
  return (start, end) => decoder.decode(bytes.subarray(start, end));
}

// Writers leave nothing behind the values.
function viewOf(bytes: Uint8Array, expected: number): DataView {
  if (bytes.length === expected) return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  throw new RangeError(`found ${bytes.length} bytes of values, expected ${expected}`);
}
