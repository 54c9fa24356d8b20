/** Compares a Parquet file's footer and page headers with parquet.thrift before polars, whose panics reach the terminal. */
import { type ColumnFacts, type FooterFacts, footerFacts } from "./footer_facts.ts";
import { PAGE_SHAPE, type StructShape } from "./footer_shapes.ts";
import { type StructNumbers, walkStruct } from "./walk_struct.ts";

/** PageHeader: its type says which of the fields with more about it is there. */
const PAGE_TYPE = 1;
const PAGE_BYTES = 2;
const STORED_BYTES = 3;
const HEADER_FIELDS = [5, 6, 7, 8];
const DATA_HEADERS = ["DataPageHeader", "DataPageHeaderV2"];
const MAGIC_BYTES = 4;
/** What a column may take more than its footer says: writers count the headers in, or not. */
const SLACK_BYTES = 2 ** 20;

/**
 * Goes once over the footer and the headers of the pages, not over their content: beside what {@linkcode footerFacts}
 * asks of a footer, columns and pages lie where they can, and hold as many values and no more bytes than it says.
 *
 * @throws {TypeError} naming what is wrong
 */
export function checkFooter(file: Uint8Array): FooterFacts {
  const facts = footerFacts(file);
  const pages = file.subarray(0, facts.start);
  for (const { columns } of facts.groups) {
    for (const column of columns) checkColumn(pages, column);
  }
  return facts;
}

function checkColumn(pages: Uint8Array, { start, storedBytes, values, pageBytes }: ColumnFacts): void {
  if (storedBytes === 0 && values === 0) return;
  const end = start + storedBytes;
  if (start < MAGIC_BYTES || end > pages.length) {
    throw wrong(`a column from byte ${start} to ${end}`, `bytes ${MAGIC_BYTES} to ${pages.length}`);
  }
  const found = measurePages(pages.subarray(start, end));
  if (found.values !== values) throw wrong(`${found.values} values in the pages of a column`, `${values}`);
  if (found.bytes <= pageBytes + SLACK_BYTES) return;
  throw wrong(`pages of ${found.bytes} bytes in a column`, `${pageBytes} as the footer says`);
}

function measurePages(bytes: Uint8Array): { readonly values: number; readonly bytes: number } {
  const cursor = { bytes, position: 0 };
  const sum = { values: 0, bytes: 0 };
  const onStruct = ({ name }: StructShape, numbers: StructNumbers): void => {
    if (DATA_HEADERS.includes(name)) sum.values += numbers[1] ?? 0;
    if (name !== PAGE_SHAPE.name) return;
    if (numbers[HEADER_FIELDS[numbers[PAGE_TYPE] ?? 0] ?? 0] === undefined) {
      throw wrong("a page header of another type", "that of its type");
    }
    sum.bytes += numbers[PAGE_BYTES] ?? 0;
    cursor.position += numbers[STORED_BYTES] ?? 0;
  };
  while (cursor.position < bytes.length) walkStruct(cursor, PAGE_SHAPE, onStruct);
  if (cursor.position === bytes.length) return sum;
  throw wrong(`a page that ends at byte ${cursor.position} of its column`, `${bytes.length} at most`);
}

function wrong(found: string, expected: string): TypeError {
  return new TypeError(`Cannot read the Parquet structure: found ${found}, expected ${expected}`);
}
