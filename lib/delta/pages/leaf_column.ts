/** One column chunk of a Parquet file, page by page: levels and values as they are, not yet put together. */
import type { ColumnMetaData } from "hyparquet";
import { PAGE_SHAPE } from "../parquet/footer_shapes.ts";
import { type NumberSummary, readPacked } from "./packed_numbers.ts";
import {
  decompressPage,
  firstVersion,
  type Levels,
  type Page,
  type PageParts,
  secondVersion,
} from "./page_parts.ts";
import { readPageValues } from "./page_values.ts";
import type { Cursor } from "../parquet/thrift_values.ts";
import { type StructNumbers, walkStruct } from "../parquet/walk_struct.ts";

/** What a column chunk holds. */
export interface LeafColumn {
  /** How many of those fields are there, for each slot. */
  readonly definitions: Uint8Array;
  /** Of them all. */
  readonly highest: number;
  /** 0 where a row begins; empty without repeated fields. */
  readonly repetitions: Uint8Array;
  /** One for each slot, null or undefined where it is not defined to the end; undefined when none is. */
  readonly values: readonly unknown[] | undefined;
}

/** A column chunk while it is read. */
interface Reading {
  readonly column: ColumnMetaData;
  readonly levels: Levels;
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  values?: unknown[];
  dictionary?: readonly unknown[];
  highest: number;
  filled: number;
}

/** PageType. */
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;
/** Encoding. */
const PLAIN = 0;

const LARGE_BYTES = 65_536;

/**
 * Reads all pages of a column chunk, whose headers `checkFooter` has compared with the footer.
 *
 * @throws {Error} when its bytes are not exactly what its headers say, or in a form that is not read here
 */
export function readLeafColumn(file: Uint8Array, column: ColumnMetaData, levels: Levels): LeafColumn {
  const slots = Number(column.num_values);
  const definitions = new Uint8Array(slots);
  const repetitions = new Uint8Array(levels.repetition === 0 ? 0 : slots);
  const reading: Reading = { column, levels, definitions, repetitions, highest: 0, filled: 0 };
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const bytes = file.subarray(start, start + Number(column.total_compressed_size));
  const cursor = { bytes, position: 0 };
  while (cursor.position < bytes.length) readPage(cursor, reading);
  return { definitions, highest: reading.highest, repetitions, values: reading.values };
}

function readPage(cursor: Cursor, reading: Reading): void {
  const structs: Record<string, StructNumbers> = {};
  walkStruct(cursor, PAGE_SHAPE, ({ name }, numbers) => structs[name] = numbers);
  const [, type, sizeBytes = 0, storedBytes = 0] = structs.PageHeader ?? [];
  const stored = cursor.bytes.subarray(cursor.position, cursor.position + storedBytes);
  cursor.position += storedBytes;
  const { levels, column: { codec } } = reading;
  const page = (header: StructNumbers = []): Page => ({ stored, sizeBytes, codec, header });
  if (type === DICTIONARY_PAGE) readDictionary(page(structs.DictionaryPageHeader), reading);
  else if (type === DATA_PAGE) addPage(firstVersion(page(structs.DataPageHeader), levels), reading);
  else if (type === DATA_PAGE_V2) addPage(secondVersion(page(structs.DataPageHeaderV2)), reading);
}

function readDictionary(page: Page, reading: Reading): void {
  const [, count = 0] = page.header;
  const bytes = decompressPage(page);
  const target: unknown[] = [];
  readPageValues({ type: reading.column.type, encoding: PLAIN, bytes, count, target, at: 0 });
  free(bytes);
  reading.dictionary = target;
}

function addPage(parts: PageParts, reading: Reading): void {
  const { slots, encoding, values: bytes } = parts;
  const { column: { type }, levels: { definition, repetition }, dictionary, filled } = reading;
  const definitions = reading.definitions.subarray(filled, filled + slots);
  const { highest, wantedCount: count } = readLevels(parts.definitions, definition, definitions);
  readLevels(parts.repetitions, repetition, reading.repetitions.subarray(filled, filled + slots));
  const target = count === 0 ? [] : reading.values ??= new Array<unknown>(reading.definitions.length);
  const first = filled + Math.max(0, definitions.indexOf(definition));
  // Actions are sorted by their kinds nearly always, so the nulls are before and behind all values.
  const isRun = filled + definitions.lastIndexOf(definition) - first === count - 1;
  const at = isRun ? first : filled;
  readPageValues({ type, encoding, bytes, count, dictionary, target, at });
  free(bytes);
  if (!isRun) spread(target, at + count, { start: filled, levels: definitions, whole: definition });
  reading.highest = Math.max(reading.highest, highest);
  reading.filled = filled + slots;
}

/** Where values are without the nulls between them. */
interface Dense {
  readonly start: number;
  readonly levels: Uint8Array;
  readonly whole: number;
}

// From the end, so that no value is overwritten before it has moved.
function spread(target: unknown[], end: number, { start, levels, whole }: Dense): void {
  let next = end;
  for (let slot = levels.length - 1; slot >= 0; slot--) {
    target[start + slot] = levels[slot] === whole ? target[--next] : null;
  }
}

// Pages are soon gone anyway, but not before there are dozens of megabytes of them. Small ones may share a buffer.
function free({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= LARGE_BYTES) buffer.transfer(0);
}

function readLevels(bytes: Uint8Array, most: number, levels: Uint8Array): NumberSummary {
  if (most === 0) return { highest: 0, wantedCount: levels.length };
  const summary = readPacked(bytes, { width: 32 - Math.clz32(most), wanted: most }, levels);
  if (summary.highest <= most) return summary;
  throw new RangeError(`found level ${summary.highest}, expected ${most} at most`);
}
