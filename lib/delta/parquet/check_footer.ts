/** Compares a Parquet file's footer and page headers with parquet.thrift before polars, whose panics reach the terminal. */
import { FOOTER_SHAPE, PAGE_SHAPE, type StructShape } from "./footer_shapes.ts";
import { readFooter } from "./read_footer.ts";
import { type StructNumbers, walkStruct } from "./walk_struct.ts";

/** ColumnMetaData. */
const VALUES = 5;
const UNCOMPRESSED_BYTES = 6;
const COMPRESSED_BYTES = 7;
const DATA_PAGE = 9;
const DICTIONARY_PAGE = 11;
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
 * Goes once over the footer and the headers of the pages, not over their content: all fields have their types, those
 * that must be there are, numbers are in their ranges, columns and pages lie where they can, and hold as many values and
 * no more bytes than the footer says.
 *
 * @throws {TypeError} naming what is wrong
 */
export function checkFooter(file: Uint8Array): void {
  const { footer, start } = readFooter(file);
  const pages = file.subarray(0, start);
  walkStruct({ bytes: footer, position: 0 }, FOOTER_SHAPE, ({ name }, numbers) => {
    if (name === "ColumnMetaData") checkColumn(pages, numbers);
  });
}

function checkColumn(pages: Uint8Array, column: StructNumbers): void {
  const length = column[COMPRESSED_BYTES] ?? 0;
  const dictionary = column[DICTIONARY_PAGE] ?? 0;
  // Some writers say 0 where there is no dictionary.
  const start = dictionary === 0 ? column[DATA_PAGE] ?? 0 : dictionary;
  if (length === 0 && (column[VALUES] ?? 0) === 0) return;
  const end = start + length;
  if (start < MAGIC_BYTES || end > pages.length) {
    throw wrong(`a column from byte ${start} to ${end}`, `bytes ${MAGIC_BYTES} to ${pages.length}`);
  }
  const found = measurePages(pages.subarray(start, end));
  const [values, bytes] = [column[VALUES] ?? 0, column[UNCOMPRESSED_BYTES] ?? 0];
  if (found.values !== values) throw wrong(`${found.values} values in the pages of a column`, `${values}`);
  if (found.bytes <= bytes + SLACK_BYTES) return;
  throw wrong(`pages of ${found.bytes} bytes in a column`, `${bytes} as the footer says`);
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
