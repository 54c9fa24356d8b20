/** Writes columns as a Parquet file of one row group. */
import { compressPage } from "./compress_page.ts";
import type { Columns } from "../columns/column.ts";
import { parquetSchema } from "../parquet/schema.ts";
import { ThriftWriter } from "../parquet/thrift_writer.ts";
import { type FooterColumn, type PageHeader, writeFooter, writePageHeader } from "../parquet/write_footer.ts";
import type { StructField } from "../schema/schema.ts";
import { type Leaf, leavesOf, type Levels } from "./column_levels.ts";
import { type EncodedValues, encodeValues } from "./encode_values.ts";
import { PageBytes } from "./page_bytes.ts";

/** About how large a page becomes, in bytes before compression. */
const PAGE_BYTES = 1 << 20;
/** Smaller columns are not worth the 60 µs that a compression takes to begin. */
const MIN_COMPRESSED_BYTES = 2048;
const MAGIC = new TextEncoder().encode("PAR1");

/**
 * The columns that the fields name as the bytes of a Parquet file; a field without a column is null in all rows.
 *
 * @throws {TypeError} when a column cannot be what its field says
 */
export function encodeColumns(columns: Columns, fields: readonly StructField[], rows: number): Uint8Array {
  const file = new ThriftWriter();
  file.append(MAGIC);
  const page = new PageBytes();
  const chunks = fields.flatMap((field) => leavesOf(field, columns, rows)).map((leaf) =>
    appendLeaf(file, leaf, page)
  );
  writeFooter(file, { schema: parquetSchema(fields), rows, columns: chunks });
  file.append(MAGIC);
  return file.view();
}

/** The open column of a file. */
interface OpenColumn {
  readonly file: ThriftWriter;
  readonly page: PageBytes;
  readonly isCompressed: boolean;
  uncompressedBytes: number;
}

function appendLeaf(file: ThriftWriter, leaf: Leaf, page: PageBytes): FooterColumn {
  const rows = valueRows(leaf);
  const values = encodeValues(leaf, rows);
  const isCompressed = values.sizeBytes >= MIN_COMPRESSED_BYTES;
  const open: OpenColumn = { file, page, isCompressed, uncompressedBytes: 0 };
  const start = file.length;
  if (values.dictionary !== null) appendDictionary(open, values.dictionary);
  const dataStart = file.length;
  appendDataPages(open, leaf, values);
  return {
    path: leaf.path,
    codec: isCompressed ? "ZSTD" : "UNCOMPRESSED",
    values: leaf.slots,
    uncompressedBytes: open.uncompressedBytes,
    compressedBytes: file.length - start,
    start,
    dataStart,
    hasDictionary: values.dictionary !== null,
  };
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
  appendPage(open, { kind: "dictionary", values: count, isCoded: false });
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
  appendPage(open, { kind: "data", values: to - from, isCoded: values.dictionary !== null });
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

function appendPage(open: OpenColumn, about: Pick<PageHeader, "kind" | "values" | "isCoded">): void {
  const { file, page, isCompressed } = open;
  const body = isCompressed ? compressPage(page.view()) : page.view();
  const start = file.length;
  writePageHeader(file, { ...about, sizeBytes: page.length, compressedBytes: body.length });
  open.uncompressedBytes += file.length - start + page.length;
  file.append(body);
}
