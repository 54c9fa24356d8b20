/** Sums the accounting of batches. */
import type { BatchRecord } from "../tables/batch_record.ts";
import type pl from "nodejs-polars";
import type { Counts } from "../tables/counts.ts";

const SUMMED = [
  "landed",
  "accepted",
  "duplicate",
  "stale",
  "conflict",
  "quarantined",
  "rowsAdded",
  "rowsRemoved",
  "sizeBytes",
] as const;

const NUMBERS = ["offsetFrom", "offsetTo", ...SUMMED] as const;

/** The part of a batch record that is summed. */
type CountedBatch = Pick<BatchRecord, typeof NUMBERS[number] | "drift">;

/** Sums per file: the counts of the batches, `published` (offsets covered) and `drift.<json path>`. */
export function countBatches(records: readonly CountedBatch[]): Counts {
  const sums = new Map<string, number>();
  const add = (name: string, count: number) => sums.set(name, (sums.get(name) ?? 0) + count);
  for (const record of records) {
    add("published", record.offsetTo - record.offsetFrom);
    for (const name of SUMMED) add(name, record[name]);
    for (const [path, count] of Object.entries(record.drift)) add(`drift.${path}`, count);
  }
  return Object.fromEntries(sums);
}

/** The same sums from a data file of `quality_zone/batches` that carries none. */
export function countBatchRows(rows: pl.DataFrame): Counts {
  const records = rows.select("offsetFrom", "offsetTo", ...SUMMED, "schemaDrift").toRecords();
  return countBatches(records.map((row) => ({ ...numbersOf(row), drift: driftOf(row.schemaDrift) })));
}

/** 64-bit columns may come as bigint. */
function numbersOf(row: Readonly<Record<string, unknown>>): Record<typeof NUMBERS[number], number> {
  return Object.fromEntries(NUMBERS.map((name) => [name, Number(row[name])])) as Record<
    typeof NUMBERS[number],
    number
  >;
}

/** polars shows a map column as a list of entries. */
function driftOf(entries: unknown): Record<string, number> {
  const list: readonly { readonly key: string; readonly value: unknown }[] = Array.isArray(entries)
    ? entries
    : [];
  return Object.fromEntries(list.map(({ key, value }) => [key, Number(value)]));
}
