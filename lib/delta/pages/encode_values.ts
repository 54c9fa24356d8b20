/** The values of a leaf as Parquet stores them: in codes of a dictionary where that is shorter, else as they are. */
import type { Column } from "../columns/column.ts";
import type { Leaf } from "./column_levels.ts";
import type { PageBytes } from "./page_bytes.ts";
import { codeValues } from "./value_codes.ts";

/** The values that are present, in slot order. */
export interface EncodedValues {
  readonly count: number;
  /** Writes the dictionary; null without one. */
  readonly dictionary: { readonly count: number; readonly write: (page: PageBytes) => void } | null;
  /** Writes the values `from <= i < to`. */
  readonly write: (page: PageBytes, from: number, to: number) => void;
  /** About how many bytes the values have before they are compressed. */
  readonly sizeBytes: number;
}

const NOTHING: EncodedValues = { count: 0, dictionary: null, write: () => {}, sizeBytes: 0 };

/** Values of which the rows are given; null: of all rows. */
export function encodeValues({ column, path }: Leaf, rows: Int32Array | null): EncodedValues {
  if (column === null || rows?.length === 0) {
    if (column === null && rows?.length !== 0) {
      throw new TypeError(
        `Cannot write the column "${path.join(".")}": found none, expected a value in each row`,
      );
    }
    return NOTHING;
  }
  switch (column.kind) {
    case "int32":
      return ints(pick(column.values, rows, 1), 1);
    case "int64":
      return ints(pick(column.halves, rows, 2), 2);
    case "boolean":
      return booleans(rows === null ? column.values : pickFlags(column.values, rows));
    case "words":
      return words(column, pick(column.codes, rows, 1));
    case "bytes":
      return texts(column, rows);
    case "list":
    case "struct":
      throw new TypeError(`Cannot write the column "${path.join(".")}": found a column of ${column.kind}`);
  }
}

function pick(values: Int32Array, rows: Int32Array | null, width: 1 | 2): Int32Array {
  if (rows === null) return values;
  const picked = new Int32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    picked[i * width] = values[row * width] ?? 0;
    if (width === 2) picked[i * 2 + 1] = values[row * 2 + 1] ?? 0;
  }
  return picked;
}

function pickFlags(values: Uint8Array, rows: Int32Array): Uint8Array {
  const picked = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] ?? 0] ?? 0;
  return picked;
}

function ints(values: Int32Array, width: 1 | 2): EncodedValues {
  const coded = codeValues(values, width);
  const count = values.length / width;
  if (coded === null) {
    return {
      count,
      dictionary: null,
      write: (page, from, to) => page.appendInts(values.subarray(from * width, to * width)),
      sizeBytes: values.byteLength,
    };
  }
  const { codes, distinct } = coded;
  return inCodes(codes, distinct.length / width, (page) => page.appendInts(distinct));
}

function words(
  { words: all }: Extract<Column, { kind: "words" }>,
  codes: Int32Array,
): EncodedValues {
  return inCodes(codes, all.length, (page) => {
    for (const word of all) page.appendText(word);
  });
}

function inCodes(codes: Int32Array, count: number, write: (page: PageBytes) => void): EncodedValues {
  const width = count < 2 ? 1 : 32 - Math.clz32(count - 1);
  return {
    count: codes.length,
    dictionary: { count, write },
    write: (page, from, to) => {
      page.append(Uint8Array.of(width));
      page.appendHybrid(codes.subarray(from, to), width);
    },
    sizeBytes: Math.ceil(codes.length * width / 8),
  };
}

function booleans(values: Uint8Array): EncodedValues {
  return {
    count: values.length,
    dictionary: null,
    write: (page, from, to) => page.appendBits(values.subarray(from, to)),
    sizeBytes: values.length >> 3,
  };
}

function texts(
  { ends, bytes }: Extract<Column, { kind: "bytes" }>,
  rows: Int32Array | null,
): EncodedValues {
  const count = rows === null ? ends.length - 1 : rows.length;
  return {
    count,
    dictionary: null,
    write: (page, from, to) => {
      for (let i = from; i < to; i++) {
        const row = rows === null ? i : rows[i] ?? 0;
        page.appendSized(bytes, ends[row] ?? 0, ends[row + 1] ?? 0);
      }
    },
    sizeBytes: bytes.length + 4 * count,
  };
}
