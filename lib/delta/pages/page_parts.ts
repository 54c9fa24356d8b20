/** Takes a page of a Parquet file apart: its levels, and the bytes of its values. */
import { snappyUncompress } from "../../packages/snappy.ts";
import { DECOMPRESSORS } from "../parquet/decompressors.ts";
import type { StructNumbers } from "../parquet/walk_struct.ts";

/** How deep a value may be nested. */
export interface Levels {
  /** Optional and repeated fields from the top down. */
  readonly definition: number;
  /** Repeated ones. */
  readonly repetition: number;
}

/** A page as it is stored. */
export interface Page {
  readonly stored: Uint8Array;
  /** When it is decompressed, with its levels. */
  readonly sizeBytes: number;
  /** Of its bytes, as the footer names it: ZSTD. */
  readonly codec: string;
  readonly header: StructNumbers;
}

/** A data page of either version, taken apart. */
export interface PageParts {
  readonly slots: number;
  readonly encoding: number;
  readonly repetitions: Uint8Array;
  readonly definitions: Uint8Array;
  readonly values: Uint8Array;
}

/** Encoding. */
const RLE = 3;

/** Levels are compressed with the values, each kind behind its length. */
export function firstVersion(page: Page, levels: Levels): PageParts {
  const [, slots = 0, encoding = 0, definitionEncoding, repetitionEncoding] = page.header;
  let values = decompressPage(page);
  const cutLevels = (most: number, encodedAs: number | undefined): Uint8Array => {
    if (most === 0) return new Uint8Array();
    if (encodedAs !== RLE) throw new TypeError(`found levels in encoding ${encodedAs}, expected ${RLE}`);
    const end = 4 + new DataView(values.buffer, values.byteOffset, values.length).getUint32(0, true);
    const cut = values.subarray(4, end);
    values = values.subarray(end);
    return cut;
  };
  const repetitions = cutLevels(levels.repetition, repetitionEncoding);
  const definitions = cutLevels(levels.definition, definitionEncoding);
  return { slots, encoding, repetitions, definitions, values };
}

/** Levels stand before the values, which alone are compressed. */
export function secondVersion(page: Page): PageParts {
  const [, slots = 0, , , encoding = 0, definitionBytes = 0, repetitionBytes = 0, isCompressed = 1] =
    page.header;
  const levelBytes = definitionBytes + repetitionBytes;
  const stored = page.stored.subarray(levelBytes);
  const sizeBytes = page.sizeBytes - levelBytes;
  return {
    slots,
    encoding,
    repetitions: page.stored.subarray(0, repetitionBytes),
    definitions: page.stored.subarray(repetitionBytes, levelBytes),
    values: decompressPage({ stored, sizeBytes, codec: isCompressed === 1 ? page.codec : "UNCOMPRESSED" }),
  };
}

/**
 * The bytes of a page: a copy, whatever the codec, so that they may be written to and freed.
 *
 * @throws {Error} when they are not as many as the header says
 */
export function decompressPage({ stored, sizeBytes, codec }: Omit<Page, "header">): Uint8Array {
  const bytes = sizeBytes === 0 ? new Uint8Array() : decompressAs(codec, stored, sizeBytes);
  if (bytes.length === sizeBytes) return bytes;
  throw new RangeError(`found a page of ${bytes.length} bytes, expected ${sizeBytes}`);
}

function decompressAs(codec: string, stored: Uint8Array, sizeBytes: number): Uint8Array {
  if (codec === "ZSTD" || codec === "GZIP" || codec === "BROTLI") {
    return DECOMPRESSORS[codec](stored, sizeBytes);
  }
  if (codec === "UNCOMPRESSED") return stored.slice();
  if (codec !== "SNAPPY") throw new TypeError(`found the codec ${codec}, expected one that is read here`);
  const bytes = new Uint8Array(sizeBytes);
  snappyUncompress(stored, bytes);
  return bytes;
}
