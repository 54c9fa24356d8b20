/** Missing values, duplicates and broken rules of one standard data file: in one pass of polars, or of plain loops. */
import { type Columns, type Expression, type Frame, frameOfColumns, rowCount } from "../delta/mod.ts";
import { hash } from "node:crypto";
import { pl } from "../packages/polars.ts";
import type { ColumnCounter } from "../tables/count_tags.ts";
import type { Counts } from "../tables/counts.ts";
import { STANDARD_SCHEMA } from "../tables/standard_schema.ts";
import { ColumnNumbers, countDistinct, countEmpty } from "./column_numbers.ts";
import { conditionExpression, countRows } from "./row_condition.ts";
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

/** Names what is counted beside the rules, and what the keys of a file are. */
const BASIS = ["rows", "missing", "empty", "duplicates: trainTravelId", "keys: trainNumber"];

/**
 * Counts per file: `rows`, `missing.<column>` (null), `empty.<column>` (""), `duplicates` (rows of one train with the
 * same station, time and type), `anomaly.<name>` of each rule on rows. The rows lie in one departure date; where
 * another engine has rearranged them they are put in the order of the route first.
 */
export const STANDARD_COUNTER: ColumnCounter = rowCounter(RULES);

/** The counter for these rules. Its set is a hash of all conditions: a rule that means something else is another. */
export function rowCounter(rules: readonly Rule[]): ColumnCounter {
  const conditions = rules.flatMap(({ count }) => count.from === "rows" ? [count] : []);
  // Made once: polars builds an expression in some 60 µs.
  let expressions: readonly Expression[] | undefined;
  const count = (rows: Frame) => countFrame(rows, expressions ??= expressionsOf(conditions));
  return {
    set: hash("sha1", JSON.stringify([BASIS, REQUIRED_COLUMNS, TEXT_COLUMNS, conditions])).slice(0, 12),
    count,
    countColumns: (columns) => countColumns(columns, conditions, count),
    keys: (rows) => rows.getColumn("trainNumber").dropNulls().unique().toArray().map(Number),
    keysOfColumns,
  };
}

function keysOfColumns(columns: Columns): readonly number[] {
  const keys = new Set<number>();
  let last = NaN;
  for (const number of new ColumnNumbers(columns).of("trainNumber")) {
    // The rows of a train lie side by side.
    if (number !== last && !Number.isNaN(number)) keys.add(last = number);
  }
  return [...keys];
}

type RowsCount = Extract<Rule["count"], { readonly from: "rows" }>;

function expressionsOf(conditions: readonly RowsCount[]): readonly Expression[] {
  return [
    ...REQUIRED_COLUMNS.map((name) => pl.col(name).isNull().sum().alias(`missing.${name}`)),
    ...TEXT_COLUMNS.map((name) => pl.col(name).eq(pl.lit("")).sum().alias(`empty.${name}`)),
    pl.col("trainTravelId").nUnique().alias("distinct"),
    ...conditions.map(({ anomaly, breaks }) => conditionExpression(breaks).sum().alias(`anomaly.${anomaly}`)),
    notNextRow().sum().alias("rearranged"),
  ];
}

function countFrame(rows: Frame, expressions: readonly Expression[]): Counts {
  if (rows.height === 0) return { rows: 0 };
  const { rearranged = 0, ...counts } = evaluate(rows, expressions);
  const { distinct = 0, ...found } = rearranged === 0
    ? counts
    : evaluate(rows.sort(["trainNumber", "rowNumber"]), expressions);
  return withoutZeros({ rows: rows.height, duplicates: rows.height - distinct }, found);
}

/** Where rows do not lie in the order of their routes, polars puts them so. */
function countColumns(
  columns: Columns,
  conditions: readonly RowsCount[],
  count: (rows: Frame) => Counts,
): Counts {
  const rows = rowCount(columns);
  if (rows === 0) return { rows };
  const numbers = new ColumnNumbers(columns);
  if (isRearranged(numbers)) return count(frameOfColumns(columns, STANDARD_SCHEMA.fields));
  const found = [
    ...REQUIRED_COLUMNS.map((name) => [`missing.${name}`, countMissing(columns, name)] as const),
    ...TEXT_COLUMNS.map((name) => [`empty.${name}`, countEmpty(columns[name])] as const),
    ...conditions.map(({ anomaly, breaks }) => [`anomaly.${anomaly}`, countRows(breaks, numbers)] as const),
  ];
  const duplicates = rows - countDistinct(columns.trainTravelId);
  return withoutZeros({ rows, duplicates }, Object.fromEntries(found));
}

function countMissing(columns: Columns, name: string): number {
  const { present = null } = columns[name] ?? {};
  return present === null ? 0 : present.length - present.reduce((sum, flag) => sum + flag, 0);
}

/** What a row with a number that neither starts a route nor follows its predecessor is, as in `notNextRow`. */
function isRearranged(numbers: ColumnNumbers): boolean {
  const places = numbers.of("rowNumber"), placesBefore = numbers.before("rowNumber");
  const trains = numbers.of("trainNumber"), trainsBefore = numbers.before("trainNumber");
  for (let row = 0; row < numbers.rows; row++) {
    const place = places[row] ?? NaN;
    const isNext = trains[row] === trainsBefore[row] && place === (placesBefore[row] ?? NaN) + 1;
    if (place !== 0 && !Number.isNaN(place) && !isNext) return true;
  }
  return false;
}

function withoutZeros(always: Counts, found: Counts): Counts {
  const nonzero = Object.entries(found).filter(([name, count]) => count > 0 && name !== "rearranged");
  return { ...always, ...Object.fromEntries(nonzero) };
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
