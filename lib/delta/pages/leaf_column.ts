/** One column chunk of a Parquet file, page by page: levels and values as they are, not yet put together. */
import type { ColumnFacts } from "../parquet/footer_facts.ts";
import { readLevels } from "./packed_numbers.ts";
import { decompressPage, type Levels, type Page, type PageParts } from "./page_parts.ts";
import { readPageValues } from "./page_values.ts";
import { walkPages } from "./walk_pages.ts";

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
  readonly column: ColumnFacts;
  readonly levels: Levels;
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  values?: unknown[];
  dictionary?: readonly unknown[];
  highest: number;
  filled: number;
}

/** Encoding. */
const PLAIN = 0;

const LARGE_BYTES = 65_536;

/**
 * Reads all pages of a column chunk, whose headers `checkFooter` has compared with the footer.
 *
 * @throws {Error} when its bytes are not exactly what its headers say, or in a form that is not read here
 */
export function readLeafColumn(file: Uint8Array, column: ColumnFacts, levels: Levels): LeafColumn {
  const slots = column.values;
  const definitions = new Uint8Array(slots);
  const repetitions = new Uint8Array(levels.repetition === 0 ? 0 : slots);
  const reading: Reading = { column, levels, definitions, repetitions, highest: 0, filled: 0 };
  walkPages({ file, column, levels }, {
    onDictionary: (page) => readDictionary(page, reading),
    onData: (parts) => addPage(parts, reading),
  });
  return { definitions, highest: reading.highest, repetitions, values: reading.values };
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
