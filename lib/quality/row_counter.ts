/** Missing values, duplicates and broken rules of one standard data file, in one pass of polars. */
import type { Expression, Frame } from "../delta/mod.ts";
import { hash } from "node:crypto";
import { pl } from "../packages/polars.ts";
import type { RowCounter } from "../tables/count_tags.ts";
import type { Counts } from "../tables/counts.ts";
import { type Rule, RULES } from "./rules.ts";

/** Columns whose absence the report counts. */
export const REQUIRED_COLUMNS = [
  "trainNumber",
  "departureDate",
  "scheduledTime",
  "stationShortCode",
  "type",
] as const;

const TEXT_COLUMNS = ["stationShortCode", "type"] as const;

/** Names what the keys of a file are: train numbers. */
const KEYS = "keys: trainNumber";

/**
 * Counts per file: `rows`, `missing.<column>` (null), `empty.<column>` (""), `duplicates` (rows of one train with the
 * same station, time and type), `anomaly.<name>` of each rule on rows. The rows lie in one departure date; where
 * another engine has rearranged them they are put in the order of the route first.
 */
export const STANDARD_COUNTER: RowCounter = rowCounter(RULES);

/** The counter for these rules. Its set is a hash of all expressions: a rule that means something else is another. */
export function rowCounter(rules: readonly Rule[]): RowCounter {
  // Made once: polars builds an expression in some 60 µs.
  const counts = expressionsOf(rules);
  const shown = counts.map((expression) => String(expression)).join("\n");
  return {
    set: hash("sha1", `${shown}\n${KEYS}`).slice(0, 12),
    count: (rows) => countRows(rows, counts),
    keys: (rows) => rows.getColumn("trainNumber").dropNulls().unique().toArray().map(Number),
  };
}

function expressionsOf(rules: readonly Rule[]): readonly Expression[] {
  return [
    ...REQUIRED_COLUMNS.map((name) => pl.col(name).isNull().sum().alias(`missing.${name}`)),
    ...TEXT_COLUMNS.map((name) => pl.col(name).eq(pl.lit("")).sum().alias(`empty.${name}`)),
    pl.col("trainTravelId").nUnique().alias("distinct"),
    ...rules.flatMap(({ count }) =>
      count.from === "rows" ? [count.breaks().sum().alias(`anomaly.${count.anomaly}`)] : []
    ),
    notNextRow().sum().alias("rearranged"),
  ];
}

function countRows(rows: Frame, expressions: readonly Expression[]): Counts {
  if (rows.height === 0) return { rows: 0 };
  const { rearranged = 0, ...counts } = evaluate(rows, expressions);
  const { distinct = 0, ...found } = rearranged === 0
    ? counts
    : evaluate(rows.sort(["trainNumber", "rowNumber"]), expressions);
  const nonzero = Object.entries(found).filter(([name, count]) => count > 0 && name !== "rearranged");
  return { rows: rows.height, duplicates: rows.height - distinct, ...Object.fromEntries(nonzero) };
}

function evaluate(rows: Frame, expressions: readonly Expression[]): Readonly<Record<string, number>> {
  return (rows.select(...expressions).toRecords()[0] ?? {}) as Record<string, number>;
}

/** A row that neither starts a route nor follows its predecessor. */
function notNextRow(): Expression {
  const number = pl.col("rowNumber");
  const sameTrain = pl.col("trainNumber").eq(pl.col("trainNumber").shift(1));
  const isNext = sameTrain.and(number.eq(number.shift(1).add(pl.lit(1)))).fillNull(false);
  return number.neq(pl.lit(0)).and(isNext.not());
}
