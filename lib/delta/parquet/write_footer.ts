/**
 * Writes the headers of pages and the footer of a file, as parquet.thrift of apache/parquet-format defines them. A file
 * of a few rows is footer for the most part, so that this is where the time of small files goes.
 */
import type { SchemaElement } from "hyparquet";
import { THRIFT, type ThriftWriter } from "./thrift_writer.ts";

/** Codes of parquet.thrift that our files have. */
const PHYSICAL: readonly SchemaElement["type"][] = [
  ...["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"] as const,
];
const REPETITIONS: readonly SchemaElement["repetition_type"][] = ["REQUIRED", "OPTIONAL", "REPEATED"];
const CONVERTED: Readonly<Record<string, number>> = {
  ...{ UTF8: 0, MAP: 1, LIST: 3, DECIMAL: 5, DATE: 6, TIMESTAMP_MICROS: 10, INT_8: 15, INT_16: 16 },
};
const LOGICAL: Readonly<Record<string, number>> = { STRING: 1, MAP: 2, LIST: 3, DATE: 6 };
const TIMESTAMP = 8;
const MICROS = 2;
const CODECS = { UNCOMPRESSED: 0, ZSTD: 6 } as const;
const ENCODINGS = { PLAIN: 0, RLE: 3, RLE_DICTIONARY: 8 } as const;
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

/** A page that follows its header. Sizes in bytes. */
export interface PageHeader {
  readonly kind: "data" | "dictionary";
  readonly values: number;
  /** Whether the values are places in a dictionary. */
  readonly isCoded: boolean;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
}

/** A column chunk of the one row group. Sizes and places in bytes. */
export interface FooterColumn {
  readonly path: readonly string[];
  readonly codec: keyof typeof CODECS;
  readonly values: number;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly start: number;
  /** Where the data pages begin; a dictionary lies before them. */
  readonly dataStart: number;
  readonly hasDictionary: boolean;
}

/** What a footer tells: columns stand in the order of the leaves of the schema. */
export interface Footer {
  readonly schema: readonly SchemaElement[];
  readonly rows: number;
  readonly columns: readonly FooterColumn[];
}

/** The header of a page. */
export function writePageHeader(
  file: ThriftWriter,
  { kind, values, isCoded, sizeBytes, compressedBytes }: PageHeader,
): void {
  const isData = kind === "data";
  file.begin();
  file.i32(1, isData ? DATA_PAGE : DICTIONARY_PAGE);
  file.i32(2, sizeBytes);
  file.i32(3, compressedBytes);
  file.struct(isData ? 5 : 7);
  file.i32(1, values);
  file.i32(2, isCoded ? ENCODINGS.RLE_DICTIONARY : ENCODINGS.PLAIN);
  if (isData) {
    file.i32(3, ENCODINGS.RLE);
    file.i32(4, ENCODINGS.RLE);
  }
  file.end();
  file.end();
}

/** The footer, with its length after it. */
export function writeFooter(file: ThriftWriter, { schema, rows, columns }: Footer): void {
  const start = file.length;
  const leaves = schema.filter(({ type }) => type !== undefined);
  file.begin();
  file.i32(1, 2);
  file.list(2, THRIFT.struct, schema.length);
  for (const element of schema) writeElement(file, element);
  file.i64(3, rows);
  file.list(4, THRIFT.struct, 1);
  file.begin();
  file.list(1, THRIFT.struct, columns.length);
  for (const [place, column] of columns.entries()) writeColumn(file, column, leaves[place]?.type);
  file.i64(2, columns.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0));
  file.i64(3, rows);
  file.end();
  file.text(6, "ratalake");
  writeOrders(file, leaves.length);
  file.end();
  file.appendUint32(file.length - start);
}

function writeElement(file: ThriftWriter, element: SchemaElement): void {
  const { type, type_length, repetition_type, name, num_children, converted_type, scale, precision } =
    element;
  file.begin();
  if (type !== undefined) file.i32(1, PHYSICAL.indexOf(type));
  file.i32(2, type_length);
  if (repetition_type !== undefined) file.i32(3, REPETITIONS.indexOf(repetition_type));
  file.text(4, name);
  file.i32(5, num_children);
  if (converted_type !== undefined) file.i32(6, CONVERTED[converted_type]);
  file.i32(7, scale);
  file.i32(8, precision);
  writeLogical(file, element.logical_type);
  file.end();
}

/** A timestamp is one of UTC in microseconds. */
function writeLogical(file: ThriftWriter, logical: SchemaElement["logical_type"]): void {
  if (logical === undefined) return;
  const isTime = logical.type === "TIMESTAMP", id = isTime ? TIMESTAMP : LOGICAL[logical.type];
  if (id === undefined) throw new TypeError(`Cannot write the type ${logical.type}: found none of ours`);
  file.struct(10);
  file.struct(id);
  if (isTime) {
    file.flag(1, true);
    file.struct(2);
    file.struct(MICROS);
    file.end();
    file.end();
  }
  file.end();
  file.end();
}

function writeColumn(file: ThriftWriter, column: FooterColumn, type: SchemaElement["type"]): void {
  const encodings = [ENCODINGS.PLAIN, ENCODINGS.RLE, ENCODINGS.RLE_DICTIONARY];
  file.begin();
  file.i64(2, column.start);
  file.struct(3);
  file.i32(1, PHYSICAL.indexOf(type));
  file.list(2, THRIFT.i32, column.hasDictionary ? 3 : 2);
  for (const encoding of column.hasDictionary ? encodings : encodings.slice(0, 2)) file.number(encoding);
  file.list(3, THRIFT.text, column.path.length);
  for (const name of column.path) file.word(name);
  file.i32(4, CODECS[column.codec]);
  file.i64(5, column.values);
  file.i64(6, column.uncompressedBytes);
  file.i64(7, column.compressedBytes);
  file.i64(9, column.dataStart);
  if (column.hasDictionary) file.i64(11, column.start);
  file.end();
  file.end();
}

/** Each column is in the order of its type. */
function writeOrders(file: ThriftWriter, columns: number): void {
  file.list(7, THRIFT.struct, columns);
  for (let column = 0; column < columns; column++) {
    file.begin();
    file.struct(1);
    file.end();
    file.end();
  }
}
