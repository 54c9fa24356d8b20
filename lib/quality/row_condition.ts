/**
 * What rules say of rows, as data: polars evaluates it on frames (`conditionExpression`) and plain loops on columns
 * (`countRows`), so that each rule is written once.
 */
import type { Expression } from "../delta/mod.ts";
import { pl } from "../packages/polars.ts";
import type { ColumnNumbers } from "./column_numbers.ts";

/** A number of each row, or none where what it is made of is null. Times are microseconds since 1970. */
export type RowTerm =
  | { readonly column: string }
  /** The column in the row before; none in the first row. */
  | { readonly previous: string }
  | { readonly number: number }
  /** The first that is there. */
  | { readonly firstOf: readonly [RowTerm, RowTerm] }
  | { readonly plus: readonly [RowTerm, RowTerm] }
  | { readonly minus: readonly [RowTerm, RowTerm] }
  | { readonly divided: readonly [RowTerm, RowTerm] }
  | { readonly floor: RowTerm };

/** True, false, or neither where a number is missing. */
export type RowCondition =
  | { readonly isLess: readonly [RowTerm, RowTerm] }
  | { readonly isMore: readonly [RowTerm, RowTerm] }
  | { readonly isSame: readonly [RowTerm, RowTerm] }
  | { readonly isOther: readonly [RowTerm, RowTerm] }
  | { readonly both: readonly [RowCondition, RowCondition] };

/** The condition as polars evaluates it. */
export function conditionExpression(condition: RowCondition): Expression {
  if ("both" in condition) {
    const [a, b] = condition.both;
    return conditionExpression(a).and(conditionExpression(b));
  }
  if ("isLess" in condition) return compared(condition.isLess, (a, b) => a.lt(b));
  if ("isMore" in condition) return compared(condition.isMore, (a, b) => a.gt(b));
  if ("isSame" in condition) return compared(condition.isSame, (a, b) => a.eq(b));
  return compared(condition.isOther, (a, b) => a.neq(b));
}

function compared(
  [a, b]: readonly [RowTerm, RowTerm],
  compare: (a: Expression, b: Expression) => Expression,
): Expression {
  return compare(termExpression(a), termExpression(b));
}

function termExpression(term: RowTerm): Expression {
  if ("column" in term) return pl.col(term.column).cast(pl.Int64);
  if ("previous" in term) return pl.col(term.previous).cast(pl.Int64).shift(1);
  if ("number" in term) return pl.lit(term.number);
  if ("floor" in term) return termExpression(term.floor).floor();
  if ("firstOf" in term) return joined(term.firstOf, (a, b) => a.fillNull(b));
  if ("plus" in term) return joined(term.plus, (a, b) => a.add(b));
  if ("minus" in term) return joined(term.minus, (a, b) => a.sub(b));
  return joined(term.divided, (a, b) => a.div(b));
}

function joined(
  [a, b]: readonly [RowTerm, RowTerm],
  join: (a: Expression, b: Expression) => Expression,
): Expression {
  return join(termExpression(a), termExpression(b));
}

/** How many of the rows the condition is true of. */
export function countRows(condition: RowCondition, numbers: ColumnNumbers): number {
  const flags = evaluate(condition, numbers);
  let count = 0;
  for (let row = 0; row < flags.length; row++) count += flags[row] ?? 0;
  return count;
}

/** 1 where the condition is true. */
function evaluate(condition: RowCondition, numbers: ColumnNumbers): Uint8Array {
  const flags = new Uint8Array(numbers.rows);
  if ("both" in condition) {
    const a = evaluate(condition.both[0], numbers), b = evaluate(condition.both[1], numbers);
    for (let row = 0; row < flags.length; row++) flags[row] = (a[row] ?? 0) & (b[row] ?? 0);
    return flags;
  }
  // A loop per comparison: NaN stands for none, and nothing holds of it.
  if ("isLess" in condition) {
    const [a, b] = termPair(condition.isLess, numbers);
    for (let row = 0; row < flags.length; row++) flags[row] = (a[row] ?? NaN) < (b[row] ?? NaN) ? 1 : 0;
  } else if ("isMore" in condition) {
    const [a, b] = termPair(condition.isMore, numbers);
    for (let row = 0; row < flags.length; row++) flags[row] = (a[row] ?? NaN) > (b[row] ?? NaN) ? 1 : 0;
  } else if ("isSame" in condition) {
    const [a, b] = termPair(condition.isSame, numbers);
    for (let row = 0; row < flags.length; row++) flags[row] = (a[row] ?? NaN) === (b[row] ?? NaN) ? 1 : 0;
  } else {
    const [a, b] = termPair(condition.isOther, numbers);
    for (let row = 0; row < flags.length; row++) {
      const one = a[row] ?? NaN, other = b[row] ?? NaN;
      flags[row] = one < other || one > other ? 1 : 0;
    }
  }
  return flags;
}

function termPair(
  [a, b]: readonly [RowTerm, RowTerm],
  numbers: ColumnNumbers,
): readonly [Float64Array, Float64Array] {
  return [termValues(a, numbers), termValues(b, numbers)];
}

function termValues(term: RowTerm, numbers: ColumnNumbers): Float64Array {
  if ("column" in term) return numbers.of(term.column);
  if ("previous" in term) return numbers.before(term.previous);
  if ("number" in term) return new Float64Array(numbers.rows).fill(term.number);
  const values = new Float64Array(numbers.rows);
  if ("floor" in term) {
    const inner = termValues(term.floor, numbers);
    for (let row = 0; row < values.length; row++) values[row] = Math.floor(inner[row] ?? NaN);
    return values;
  }
  if ("firstOf" in term) {
    const [a, b] = termPair(term.firstOf, numbers);
    for (let row = 0; row < values.length; row++) {
      const first = a[row] ?? NaN;
      values[row] = Number.isNaN(first) ? b[row] ?? NaN : first;
    }
  } else if ("plus" in term) {
    const [a, b] = termPair(term.plus, numbers);
    for (let row = 0; row < values.length; row++) values[row] = (a[row] ?? NaN) + (b[row] ?? NaN);
  } else if ("minus" in term) {
    const [a, b] = termPair(term.minus, numbers);
    for (let row = 0; row < values.length; row++) values[row] = (a[row] ?? NaN) - (b[row] ?? NaN);
  } else {
    const [a, b] = termPair(term.divided, numbers);
    for (let row = 0; row < values.length; row++) values[row] = (a[row] ?? NaN) / (b[row] ?? NaN);
  }
  return values;
}
