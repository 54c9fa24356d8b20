/** Sums the accounting of batches. */
import { frameRows, type Row } from "../delta/mod.ts";
import { BATCHES_SCHEMA, type BatchRecord, unexplainedOffsets } from "../tables/batch_record.ts";
import { countsTag, type RowCounter } from "../tables/count_tags.ts";
import type { Counts } from "../tables/counts.ts";

const SUMMED = [
  "landed",
  "expired",
  "gaps",
  "accepted",
  "duplicate",
  "stale",
  "conflict",
  "quarantined",
  "rowsAdded",
  "rowsRemoved",
  "sizeBytes",
  "released",
] as const;

/** The part of a batch record that is summed. */
type SummedBatch = Pick<
  BatchRecord,
  "offsetFrom" | "offsetTo" | typeof SUMMED[number] | "drift" | "measures"
>;

const NAMES: ReadonlySet<string> = new Set([...SUMMED, "offsetFrom", "offsetTo", "schemaDrift", "measures"]);
const FIELDS = BATCHES_SCHEMA.fields.filter(({ name }) => NAMES.has(name));

/** Sums per file: the counts of the batches, `offsets` covered, `drift.<json path>` and `measure.<name>`. */
export const BATCHES_COUNTER: RowCounter = {
  // Raise the number when other things are summed. Files of before there were measures have none.
  set: "batches-4",
  count: (rows) => {
    // A table that only older versions have written knows no releases.
    const fields = FIELDS.filter(({ name }) => rows.columns.includes(name));
    const mine = rows.select(...fields.map(({ name }) => name));
    return sumBatches(Array.from(frameRows(mine, fields), batchOf));
  },
};

/** The tag for a data file of these batches. */
export function batchesTag(records: readonly BatchRecord[]): Readonly<Record<string, string>> {
  return countsTag(BATCHES_COUNTER, sumBatches(records));
}

function sumBatches(batches: readonly SummedBatch[]): Counts {
  const sums = new Map<string, number>();
  const add = (name: string, count: number) => sums.set(name, (sums.get(name) ?? 0) + count);
  for (const batch of batches) {
    add("offsets", Number(batch.offsetTo - batch.offsetFrom));
    for (const name of SUMMED) add(name, batch[name] ?? 0);
    for (const [path, count] of Object.entries(batch.drift)) add(`drift.${path}`, count);
    for (const [name, count] of Object.entries(batch.measures ?? {})) add(`measure.${name}`, count);
  }
  return Object.fromEntries(sums);
}

function batchOf(row: Row): SummedBatch {
  const counts = Object.fromEntries(SUMMED.map((name) => [name, Number(row[name] ?? 0)])) as Record<
    typeof SUMMED[number],
    number
  >;
  const offsets = {
    offsetFrom: BigInt(String(row.offsetFrom ?? 0)),
    offsetTo: BigInt(String(row.offsetTo ?? 0)),
  };
  return {
    ...counts,
    ...offsets,
    expired: row.expired === null ? unexplainedOffsets({ ...offsets, ...counts }) : counts.expired,
    drift: countsIn(row.schemaDrift),
    measures: countsIn(row.measures),
  };
}

function countsIn(entries: unknown): Counts {
  if (!(entries instanceof Map)) return {};
  return Object.fromEntries([...entries].map(([name, count]) => [name, Number(count ?? 0)]));
}
