/**
 * Counts that follow the change, not the table: each data file carries the counts of its own rows as a tag of its
 * `add` action, and a table's counts are the sum over its live files. A file that another engine wrote has no tag:
 * it is read and counted when its turn comes.
 */
import type { Add, DeltaTable } from "../delta/mod.ts";
import type pl from "nodejs-polars";

/** Named counts that may be added up. */
export type Counts = Readonly<Record<string, number>>;

/** Counts the rows of one data file. */
export type CountRows = (rows: pl.DataFrame) => Counts;

/** The name under which the counts of many small names go together. */
const OTHERS = "(others)";
const TAG = "ratalake.counts";

/** The tag for a data file whose rows were counted. */
export function countsTag(counts: Counts): Readonly<Record<string, string>> {
  return { [TAG]: JSON.stringify(counts) };
}

/** The counts of the whole table. */
export async function countTable(table: DeltaTable, countRows: CountRows): Promise<Counts> {
  const sums = new Map<string, number>();
  for (const add of table.snapshot.files.values()) {
    const counts = countsOfTag(add) ?? countRows(await table.readFile(add));
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

/** Entries whose names start with the prefix, without it. */
export function countsUnder(counts: Counts, prefix: string): Counts {
  const entries = Object.entries(counts).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, count]) => [name.slice(prefix.length), count]));
}

/** The largest counts by name, and the sum of all others as one: names from outside may be endless. */
export function keepLargest(counts: Counts, limit: number): Counts {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (sorted.length <= limit) return counts;
  const others = sorted.slice(limit).reduce((sum, [, count]) => sum + count, 0);
  const kept = Object.fromEntries(sorted.slice(0, limit));
  return { ...kept, [OTHERS]: (kept[OTHERS] ?? 0) + others };
}

/** A tag that is no record of counts is another writer's: passed over. */
function countsOfTag(add: Add): Counts | null {
  try {
    const value: unknown = JSON.parse(add.tags?.[TAG] ?? "null");
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return Object.values(value).every((count) => Number.isSafeInteger(count) && count >= 0)
      ? value as Counts
      : null;
  } catch {
    return null;
  }
}
