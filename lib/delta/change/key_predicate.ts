/** Turns the keys of a merge into a predicate, so that only files that may hold them are read. */
import { pl } from "../../packages/polars.ts";
import { exactValues } from "../write/partition_frame.ts";
import type { Predicate } from "../predicate/predicate.ts";
import type { StructField } from "../schema/schema.ts";
import type { Frame } from "../schema/polars_type.ts";

type KeyColumn = Pick<StructField, "name" | "type">;

/** What is known of the table whose rows are searched for. */
export interface KeyTable {
  readonly keys: readonly KeyColumn[];
  readonly partitionColumns: readonly string[];
}

/** More values than this are represented by their bounds. */
const MAX_LISTED = 64;
/** More partitions than this are treated as one. */
const MAX_PARTITIONS = 256;
const NOTHING: Predicate = { kind: "or", terms: [] };
const EVERYTHING: Predicate = { kind: "and", terms: [] };

/**
 * A predicate that is true for every row that has a key of the frame, and for few others: the values of each key
 * column or their bounds, partition by partition. For finding files, not rows. A null is no key.
 */
export function keyPredicate(frame: Frame, { keys, partitionColumns }: KeyTable): Predicate {
  const rows = keys.reduce((kept, { name }) => kept.filter(pl.col(name).isNotNull()), frame);
  if (rows.height === 0) return NOTHING;
  const names = keys.map(({ name }) => name).filter((name) => partitionColumns.includes(name));
  const isWhole = names.length === 0 || names.length === keys.length ||
    rows.select(...names.map((name) => pl.col(name))).unique().height > MAX_PARTITIONS;
  const parts = isWhole ? [rows] : rows.partitionBy(names, true, true);
  return {
    kind: "or",
    terms: parts.map((part) => ({ kind: "and", terms: keys.map((key) => columnPredicate(part, key)) })),
  };
}

function columnPredicate(rows: Frame, { name, type }: KeyColumn): Predicate {
  // Bytes cannot be compared, and NaN and the two zeros make bounds of floats uncertain.
  if (type === "binary" || type === "float" || type === "double") return EVERYTHING;
  const column = [name] as const;
  const distinct = rows.select(pl.col(name).unique());
  if (distinct.height <= MAX_LISTED) {
    return { kind: "in", column, values: exactValues(distinct, { name, type }) };
  }
  const sorted = distinct.sort(name);
  const ends = pl.concat([sorted.head(1), sorted.tail(1)], { how: "vertical" });
  const [lowest = null, highest = null] = exactValues(ends, { name, type });
  return {
    kind: "and",
    terms: [
      { kind: "compare", column, operator: ">=", value: lowest },
      { kind: "compare", column, operator: "<=", value: highest },
    ],
  };
}
