/**
 * Counts that follow the change, not the table: each data file carries the counts of its own rows as a tag of its
 * `add` action, and a table's counts are the sum over its live files. The tag names the set of counts, so that a file
 * that was counted with other rules, or by nobody, is known for what it is.
 */
import type { Add, Columns, DeltaTable, Frame } from "../delta/mod.ts";
import type { Counts } from "./counts.ts";

/** What is counted in the rows of a data file. */
export interface RowCounter {
  /** Names what is counted and how: another name, other counts. */
  readonly set: string;
  /** Counts the rows of one file. */
  readonly count: (rows: Frame) => Counts;
  /** Counts whose names begin so are many small ones, and are stored with fewer characters. */
  readonly packed?: string;
  /** Whole numbers from 0 that name what the file has: two files of a partition with a common one may overlap. */
  readonly keys?: (rows: Frame) => readonly number[];
}

/** A counter that counts rows as columns too, to the same end. */
export interface ColumnCounter extends RowCounter {
  readonly countColumns: (columns: Columns) => Counts;
  readonly keysOfColumns: (columns: Columns) => readonly number[];
}

/** Makes the tags of a data file from its rows, in whichever form they are at hand. */
export interface RowTags {
  readonly ofFrame: (rows: Frame) => Readonly<Record<string, string>>;
  readonly ofColumns: (rows: Columns) => Readonly<Record<string, string>>;
}

/** How counts lie in a tag. */
interface StoredCounts {
  readonly set: string;
  readonly counts: Counts;
  /** By names up to their last full stop: the ends of the names with their counts, as `120:5,135:2`. */
  readonly packed?: Readonly<Record<string, string>>;
  /** In rising order, each as what it adds to the one before, in base 36: a few characters per key. */
  readonly keys?: string;
}

const TAG = "ratalake.counts";

/** The tag for a data file whose rows were counted. */
export function countsTag(
  { set, packed }: Pick<RowCounter, "set" | "packed">,
  counts: Counts,
  keys?: readonly number[],
): Readonly<Record<string, string>> {
  const stored: StoredCounts = { set, ...packCounts(counts, packed), ...(keys && { keys: writeKeys(keys) }) };
  return { [TAG]: JSON.stringify(stored) };
}

/** Makes the tags of data files from their rows. */
export function rowsTag(counter: RowCounter): (rows: Frame) => Readonly<Record<string, string>> {
  return (rows) => countsTag(counter, counter.count(rows), counter.keys?.(rows));
}

/** The same for rows as columns too. */
export function rowTags(counter: ColumnCounter): RowTags {
  return {
    ofFrame: rowsTag(counter),
    ofColumns: (rows) => countsTag(counter, counter.countColumns(rows), counter.keysOfColumns(rows)),
  };
}

/** The counts that a file carries of this set; null when it carries none, another set, or what is no counts. */
export function countsOf({ tags }: Add, { set }: Pick<RowCounter, "set">): Counts | null {
  const stored = parseTag(tags?.[TAG]);
  return stored?.set === set ? stored.counts : null;
}

/** The keys that a file carries; null when it carries none of this set. */
export function keysOf({ tags }: Add, { set }: Pick<RowCounter, "set">): readonly number[] | null {
  const stored = parseTag(tags?.[TAG]);
  return stored?.set === set && stored.keys !== undefined ? readKeys(stored.keys) : null;
}

/** The counts of the whole table; files that do not carry them are read. */
export async function countTable(table: DeltaTable, counter: RowCounter): Promise<Counts> {
  const sums = new Map<string, number>();
  for (const add of table.snapshot.files.values()) {
    const counts = countsOf(add, counter) ?? counter.count(await table.readFile(add));
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

/** Another writer may have written anything. */
function parseTag(tag: string | null | undefined): StoredCounts | null {
  try {
    const { set, counts: plain, packed, keys }: Partial<StoredCounts> = JSON.parse(tag ?? "null") ?? {};
    if (keys !== undefined && !(typeof keys === "string" && /^[0-9a-z.]*$/.test(keys))) return null;
    if (typeof set !== "string" || typeof plain !== "object" || plain === null || Array.isArray(plain)) {
      return null;
    }
    const counts = { ...plain, ...unpackCounts(packed) };
    return Object.values(counts).every((count) => Number.isSafeInteger(count) && count >= 0)
      ? { set, counts, ...(keys !== undefined && { keys }) }
      : null;
  } catch {
    return null;
  }
}

function packCounts(counts: Counts, prefix: string | undefined): Pick<StoredCounts, "counts" | "packed"> {
  if (prefix === undefined) return { counts };
  const plain: Record<string, number> = {}, packed: Record<string, string> = {};
  for (const [name, count] of Object.entries(counts)) {
    const end = name.lastIndexOf(".");
    if (!name.startsWith(prefix) || !/^[-\w]+$/.test(name.slice(end + 1))) {
      plain[name] = count;
      continue;
    }
    const group = name.slice(0, end), before = packed[group];
    packed[group] = `${before === undefined ? "" : `${before},`}${name.slice(end + 1)}:${count}`;
  }
  return { counts: plain, packed };
}

/** What is no count makes one that is none either. */
function unpackCounts(packed: StoredCounts["packed"] = {}): Counts {
  const entries = Object.entries(packed).flatMap(([group, text]) =>
    text.split(",").map((part) => {
      const [end = "", count = ""] = part.split(":");
      return [`${group}.${end}`, /^\d+$/.test(count) ? Number(count) : NaN] as const;
    })
  );
  return Object.fromEntries(entries);
}

function writeKeys(keys: readonly number[]): string {
  const sorted = [...new Set(keys)].sort((a, b) => a - b);
  return sorted.map((key, i) => (key - (sorted[i - 1] ?? 0)).toString(36)).join(".");
}

function readKeys(text: string): readonly number[] {
  let key = 0;
  return text === "" ? [] : text.split(".").map((step) => key += parseInt(step, 36));
}
