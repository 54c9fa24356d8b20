/** The pages of a column chunk one after the other, taken apart. */
import type { ColumnFacts } from "../parquet/footer_facts.ts";
import { PAGE_SHAPE } from "../parquet/footer_shapes.ts";
import type { Cursor } from "../parquet/thrift_values.ts";
import { type StructNumbers, walkStruct } from "../parquet/walk_struct.ts";
import { firstVersion, type Levels, type Page, type PageParts, secondVersion } from "./page_parts.ts";

/** Which column chunk of which file. */
export interface ColumnPlace {
  readonly file: Uint8Array;
  readonly column: ColumnFacts;
  readonly levels: Levels;
}

/** What becomes of the pages. */
export interface PageListeners {
  /** Its header has the number of values at 1. */
  readonly onDictionary: (page: Page) => void;
  readonly onData: (parts: PageParts) => void;
  /** Whether a data page of so many slots is passed over as it is. */
  readonly isSkipped?: (slots: number) => boolean;
}

/** PageType. */
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;

/** Walks over a column chunk whose page headers `checkFooter` has compared with the footer. */
export function walkPages({ file, column, levels }: ColumnPlace, listeners: PageListeners): void {
  const bytes = file.subarray(column.start, column.start + column.storedBytes);
  const cursor = { bytes, position: 0 };
  while (cursor.position < bytes.length) readPage(cursor, { column, levels, ...listeners });
}

function readPage(
  cursor: Cursor,
  { column: { codec }, levels, onDictionary, onData, isSkipped }: PageListeners & Omit<ColumnPlace, "file">,
): void {
  const structs: Record<string, StructNumbers> = {};
  walkStruct(cursor, PAGE_SHAPE, ({ name }, numbers) => structs[name] = numbers);
  const [, type, sizeBytes = 0, storedBytes = 0] = structs.PageHeader ?? [];
  const stored = cursor.bytes.subarray(cursor.position, cursor.position + storedBytes);
  cursor.position += storedBytes;
  const page = (header: StructNumbers = []): Page => ({ stored, sizeBytes, codec, header });
  const { DataPageHeader, DataPageHeaderV2 } = structs;
  if (type === DICTIONARY_PAGE) onDictionary(page(structs.DictionaryPageHeader));
  else if (isSkipped?.((type === DATA_PAGE ? DataPageHeader : DataPageHeaderV2)?.[1] ?? 0) === true) return;
  else if (type === DATA_PAGE) onData(firstVersion(page(DataPageHeader), levels));
  else if (type === DATA_PAGE_V2) onData(secondVersion(page(DataPageHeaderV2)));
}
