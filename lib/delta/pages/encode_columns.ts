/** Writes columns as a Parquet file of one row group. */
import { ByteWriter, writeMetadata, writePageHeader } from "../../packages/hyparquet_writer.ts";
import type { ColumnChunk, Encoding } from "hyparquet";
import { constants, zstdCompressSync } from "node:zlib";
import type { Columns } from "../columns/column.ts";
import type { StructField } from "../schema/schema.ts";
import { type Leaf, leavesOf, type Levels } from "./column_levels.ts";
import { type EncodedValues, encodeValues } from "./encode_values.ts";
import { PageBytes } from "./page_bytes.ts";
import { parquetSchema } from "../parquet/schema.ts";

/** About how large a page becomes, in bytes before compression. */
const PAGE_BYTES = 1 << 20;
/** Smaller columns are not worth the 60 µs that a compression takes to begin. */
const MIN_COMPRESSED_BYTES = 2048;
/** Hexadecimal digits take half the time of the default level, and less room; all else about the same. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 2 } };
const MAGIC = new TextEncoder().encode("PAR1");

/**
 * The columns that the fields name as the bytes of a Parquet file; a field without a column is null in all rows.
 *
 * @throws {TypeError} when a column cannot be what its field says
 */
export function encodeColumns(columns: Columns, fields: readonly StructField[], rows: number): Uint8Array {
  const file = new ByteWriter();
  file.appendBytes(MAGIC);
  const page = new PageBytes();
  const chunks = fields.flatMap((field) => leavesOf(field, columns, rows)).map((leaf) =>
    appendLeaf(file, leaf, page)
  );
  const numRows = BigInt(rows);
  const size = chunks.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n);
  writeMetadata(file, {
    version: 2,
    schema: parquetSchema(fields),
    num_rows: numRows,
    row_groups: [{ columns: chunks, total_byte_size: size, num_rows: numRows }],
    created_by: "ratalake",
    metadata_length: 0,
  });
  file.appendBytes(MAGIC);
  return file.getBytes();
}

/** The open column of a file. */
interface OpenColumn {
  readonly file: ByteWriter;
  readonly page: PageBytes;
  readonly isCompressed: boolean;
  uncompressedSize: number;
}

function appendLeaf(file: ByteWriter, leaf: Leaf, page: PageBytes): ColumnChunk {
  const rows = valueRows(leaf);
  const values = encodeValues(leaf, rows);
  const isCompressed = values.sizeBytes >= MIN_COMPRESSED_BYTES;
  const open: OpenColumn = { file, page, isCompressed, uncompressedSize: 0 };
  const start = file.offset;
  if (values.dictionary !== null) appendDictionary(open, values.dictionary);
  const dataStart = file.offset;
  appendDataPages(open, leaf, values);
  const encodings: Encoding[] = values.dictionary === null
    ? ["PLAIN", "RLE"]
    : ["PLAIN", "RLE", "RLE_DICTIONARY"];
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: physicalType(leaf),
      encodings,
      path_in_schema: [...leaf.path],
      codec: isCompressed ? "ZSTD" : "UNCOMPRESSED",
      num_values: BigInt(leaf.slots),
      total_uncompressed_size: BigInt(open.uncompressedSize),
      total_compressed_size: BigInt(file.offset - start),
      data_page_offset: BigInt(dataStart),
      ...(values.dictionary !== null && { dictionary_page_offset: BigInt(start) }),
    },
  };
}

function physicalType({ path, type }: Leaf): NonNullable<ReturnType<typeof parquetSchema>[number]["type"]> {
  const found = parquetSchema([{ name: "leaf", type, nullable: true, metadata: {} }])[1]?.type;
  if (found !== undefined) return found;
  throw new TypeError(`Cannot write the column "${path.join(".")}": found no type of Parquet for it`);
}

/** The rows of the column that have a value, in slot order; null for all rows as they stand. */
function valueRows({ definition, maxDefinition, rows, slots }: Leaf): Int32Array | null {
  if (typeof definition === "number") return definition < maxDefinition ? new Int32Array(0) : rows;
  const picked = new Int32Array(slots);
  let count = 0;
  for (let slot = 0; slot < slots; slot++) {
    if (definition[slot] === maxDefinition) picked[count++] = rows === null ? slot : rows[slot] ?? 0;
  }
  return picked.subarray(0, count);
}

function appendDictionary(
  open: OpenColumn,
  { count, write }: NonNullable<EncodedValues["dictionary"]>,
): void {
  open.page.clear();
  write(open.page);
  appendPage(open, (sizes) => ({
    type: "DICTIONARY_PAGE",
    ...sizes,
    dictionary_page_header: { num_values: count, encoding: "PLAIN" },
  }));
}

/** One page, or more where a flat column is large; lists are never cut. */
function appendDataPages(open: OpenColumn, leaf: Leaf, values: EncodedValues): void {
  const { slots, definition, maxDefinition, maxRepetition } = leaf;
  const pages = maxRepetition > 0 ? 1 : Math.max(1, Math.ceil(values.sizeBytes / PAGE_BYTES));
  const step = Math.max(1, Math.ceil(slots / pages));
  let valuesFrom = 0;
  for (let from = 0; from === 0 || from < slots; from += step) {
    const to = Math.min(from + step, slots);
    const valuesTo = valuesFrom + countValues(definition, maxDefinition, from, to);
    appendDataPage(
      open,
      leaf,
      { from, to, write: (page) => values.write(page, valuesFrom, valuesTo) },
      values,
    );
    valuesFrom = valuesTo;
  }
}

function countValues(definition: Levels, max: number, from: number, to: number): number {
  if (typeof definition === "number") return definition === max ? to - from : 0;
  let count = 0;
  for (let slot = from; slot < to; slot++) if (definition[slot] === max) count++;
  return count;
}

/** Slots of one page. */
interface PageSlots {
  readonly from: number;
  readonly to: number;
  readonly write: (page: PageBytes) => void;
}

function appendDataPage(
  open: OpenColumn,
  leaf: Leaf,
  { from, to, write }: PageSlots,
  values: EncodedValues,
): void {
  const { page } = open;
  page.clear();
  if (leaf.maxRepetition > 0) appendLevels(page, leaf.repetition, { from, to, max: leaf.maxRepetition });
  if (leaf.maxDefinition > 0) appendLevels(page, leaf.definition, { from, to, max: leaf.maxDefinition });
  write(page);
  appendPage(open, (sizes) => ({
    type: "DATA_PAGE",
    ...sizes,
    data_page_header: {
      num_values: to - from,
      encoding: values.dictionary === null ? "PLAIN" : "RLE_DICTIONARY",
      definition_level_encoding: "RLE",
      repetition_level_encoding: "RLE",
    },
  }));
}

function appendLevels(
  page: PageBytes,
  levels: Levels,
  { from, to, max }: { readonly from: number; readonly to: number; readonly max: number },
): void {
  const width = 32 - Math.clz32(max);
  if (typeof levels === "number") page.appendSizedRun(levels, to - from, width);
  else page.appendSizedHybrid(levels.subarray(from, to), width);
}

interface PageSizes {
  readonly uncompressed_page_size: number;
  readonly compressed_page_size: number;
}

function appendPage(
  open: OpenColumn,
  headerOf: (sizes: PageSizes) => Parameters<typeof writePageHeader>[1],
): void {
  const { file, page, isCompressed } = open;
  const body = isCompressed ? zstdCompressSync(page.view(), COMPRESSION) : page.view();
  const start = file.offset;
  writePageHeader(
    file,
    headerOf({ uncompressed_page_size: page.length, compressed_page_size: body.length }),
  );
  open.uncompressedSize += file.offset - start + page.length;
  file.appendBytes(body);
}
