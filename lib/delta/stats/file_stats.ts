/** The one place that reads `add.stats`: each file's text is parsed once, however many ask. */

import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add } from "../actions/actions.ts";

/** The `stats` of a file as JSON gives it; numbers too long for a double are the digits in a string. */
export interface FileStats {
  readonly numRecords?: unknown;
  readonly minValues?: unknown;
  readonly maxValues?: unknown;
  readonly nullCount?: unknown;
}

/** The third argument of a `JSON.parse` reviver. */
interface SourceText {
  readonly source?: string;
}

type Reviver = (key: string, value: unknown) => unknown;

const NONE: FileStats = {};
/**
 * Parsed statistics take as much memory as their text (2 kB for 28 columns), and keeping them as much time as parsing:
 * so those of so many files are kept, and after as many misses those of others.
 */
const MAX_KEPT = 10_000;
const MAX_MISSES = 100_000;
let kept = new WeakMap<object, FileStats>();
let keptCount = 0;
let misses = 0;
/** Of the last file, for all columns that a predicate compares. */
let last: { readonly file: object; readonly stats: FileStats } = { file: {}, stats: NONE };

/** What the statistics of a file say; nothing when they are absent, or damaged. */
export function fileStats(file: Pick<Add, "stats">): FileStats {
  if (file.stats === undefined) return NONE;
  if (last.file === file) return last.stats;
  const stats = kept.get(file) ?? keep(file, parseStats(file.stats));
  last = { file, stats };
  return stats;
}

/**
 * How many rows of a file are part of the table, by the log alone: those its statistics count without those its
 * deletion vector deletes. Undefined when the statistics do not say; `DeltaTable.countRows` then reads the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTable, MemoryStore, statsRows, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ id: "long" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * assertEquals(statsRows(await table.stageRows([{ id: 2n }, { id: 4n }])), 2);
 * ```
 */
export function statsRows(file: Pick<Add, "stats" | "deletionVector">): number | undefined {
  // Called for each file of a table: the check costs nothing where nothing is wrong.
  if (typeof file !== "object" || file === null) checkArguments("statsRows", { file }, { file: KIND.file });
  const { numRecords } = fileStats(file);
  const rows = Number(numRecords) - (file.deletionVector?.cardinality ?? 0);
  return Number.isSafeInteger(numRecords) && Number.isSafeInteger(rows) && rows >= 0 ? rows : undefined;
}

function keep(file: object, stats: FileStats): FileStats {
  if (keptCount >= MAX_KEPT && ++misses > MAX_MISSES) {
    kept = new WeakMap();
    keptCount = misses = 0;
  }
  if (keptCount < MAX_KEPT) {
    kept.set(file, stats);
    keptCount++;
  }
  return stats;
}

function parseStats(text: string): FileStats {
  try {
    const value: unknown = needsDigits(text) ? JSON.parse(text, keepDigits as Reviver) : JSON.parse(text);
    return typeof value === "object" && value !== null ? value : NONE;
  } catch (error) {
    if (error instanceof SyntaxError) return NONE;
    throw error;
  }
}

// Reading digits is slow, so it is done where a number has so many that a double may not hold them.
function needsDigits(text: string): boolean {
  return /[:,[]\s*-?[\d.]{16}/.test(text);
}

function keepDigits(_key: string, value: unknown, context?: SourceText): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) ? context?.source ?? value : value;
}
