/** Decides from the log alone which files can hold rows that a predicate matches. */

import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { toLiteral } from "../predicate/literal.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import { columnType, commonType, type Operator, type Predicate } from "../predicate/predicate.ts";
import { compareCodePoints } from "../schema/text_order.ts";
import type { ColumnBounds, Comparable } from "./bounds.ts";
import { columnBounds, type KnownFile, type PredicateTable, toComparable } from "./column_bounds.ts";

/** What a predicate does with the rows of a file: matches none, all, or it is not known. */
export type FileMatch = "none" | "some" | "all";

/** Which truth values the rows of a file can have. */
interface Outcomes {
  readonly canBeTrue: boolean;
  readonly canBeFalse: boolean;
  readonly canBeNull: boolean;
}

type Evaluate = (file: KnownFile) => Outcomes;
type Comparison = Extract<Predicate, { readonly kind: "compare" }>;
type Bounds = (file: KnownFile) => ColumnBounds;

const UNKNOWN: Outcomes = { canBeTrue: true, canBeFalse: true, canBeNull: true };
const ALWAYS: Outcomes = { canBeTrue: true, canBeFalse: false, canBeNull: false };
const NEVER: Outcomes = { canBeTrue: false, canBeFalse: true, canBeNull: false };
const NULL: Outcomes = { canBeTrue: false, canBeFalse: false, canBeNull: true };

/**
 * Prepares a condition to match files by their partition values and statistics. A file is "none" or "all" only when
 * that is certain, whatever the writer of the statistics has cut, rounded or left out; opens no file.
 *
 * @throws {TypeError} when the predicate does not fit the table
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTable, fileMatcher, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ id: "long" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * const add = await table.stageRows([{ id: 2n }, { id: 4n }]);
 * const matchOf = (text: string) => fileMatcher(text, table.snapshot)(add);
 * assertEquals(["id > 4", "id > 2", "id > 1"].map(matchOf), ["none", "some", "all"]);
 * ```
 */
export function fileMatcher(where: Condition, table: PredicateTable): (file: KnownFile) => FileMatch {
  checkArguments("fileMatcher", { where, table }, { where: KIND.condition, table: KIND.columns });
  const evaluate = prepare(readCondition(where, table.schema), table);
  return (file) => {
    const { canBeTrue, canBeFalse, canBeNull } = evaluate(file);
    return !canBeTrue ? "none" : canBeFalse || canBeNull ? "some" : "all";
  };
}

function prepare(predicate: Predicate, table: PredicateTable): Evaluate {
  switch (predicate.kind) {
    case "and":
    case "or":
      return combine(predicate.kind, predicate.terms.map((term) => prepare(term, table)));
    case "not": {
      const evaluate = prepare(predicate.term, table);
      return (file) => {
        const { canBeTrue, canBeFalse, canBeNull } = evaluate(file);
        return { canBeTrue: canBeFalse, canBeFalse: canBeTrue, canBeNull };
      };
    }
    case "in": {
      const { column, values } = predicate;
      const operator = "=";
      return combine(
        "or",
        values.map((value) => prepare({ kind: "compare", column, operator, value }, table)),
      );
    }
    case "compare":
      return compareWith(predicate, table);
    case "compareColumns":
      commonType(table.schema, predicate.column, predicate.other);
      return () => UNKNOWN;
    default:
      return isNull(columnBounds(predicate.column, table), predicate.kind === "isNull");
  }
}

function combine(kind: "and" | "or", terms: readonly Evaluate[]): Evaluate {
  return (file) => {
    let { canBeTrue, canBeFalse, canBeNull } = kind === "and" ? ALWAYS : NEVER;
    for (const evaluate of terms) {
      const next = evaluate(file);
      canBeTrue = kind === "and" ? canBeTrue && next.canBeTrue : canBeTrue || next.canBeTrue;
      canBeFalse = kind === "and" ? canBeFalse || next.canBeFalse : canBeFalse && next.canBeFalse;
      canBeNull ||= next.canBeNull;
    }
    return { canBeTrue, canBeFalse, canBeNull };
  };
}

function isNull(bounds: Bounds, isExpected: boolean): Evaluate {
  return (file) => {
    const { hasNulls, hasValues } = bounds(file);
    const [mayBeNull, mayBeValue] = [hasNulls !== false, hasValues !== false];
    return isExpected
      ? { canBeTrue: mayBeNull, canBeFalse: mayBeValue, canBeNull: false }
      : { canBeTrue: mayBeValue, canBeFalse: mayBeNull, canBeNull: false };
  };
}

function compareWith({ column, operator, value }: Comparison, table: PredicateTable): Evaluate {
  const type = columnType(table.schema, column);
  const bounds = columnBounds(column, table);
  const literal = toLiteral(value, type);
  if (literal === null) return () => NULL;
  const expected = toComparable(literal, type);
  if (expected === undefined) return () => UNKNOWN;
  return (file) => {
    const known = bounds(file);
    if (known.hasValues === false) return NULL;
    const outcomes = compareBounds(known, operator, expected, type === "float" || type === "double");
    return { ...outcomes, canBeNull: known.hasNulls !== false };
  };
}

function compareBounds(
  { lower, upper, isUpperPrefix = false }: ColumnBounds,
  operator: Operator,
  expected: Comparable,
  mayHaveNan: boolean,
): Pick<Outcomes, "canBeTrue" | "canBeFalse"> {
  const isOpen = isUpperPrefix && typeof expected === "string" && typeof upper === "string" &&
    expected.startsWith(upper);
  const low = lower === undefined ? -1 : compare(lower, expected);
  const high = upper === undefined || isOpen ? 1 : compare(upper, expected);
  // NaN is above all numbers and is in no statistics.
  const canBeBelow = low < 0;
  const canBeAbove = high > 0 || (mayHaveNan && !Number.isNaN(expected));
  const canBeEqual = (low <= 0 && high >= 0) || (mayHaveNan && Number.isNaN(expected));
  switch (operator) {
    case "=":
      return { canBeTrue: canBeEqual, canBeFalse: canBeBelow || canBeAbove };
    case "<>":
      return { canBeTrue: canBeBelow || canBeAbove, canBeFalse: canBeEqual };
    case "<":
      return { canBeTrue: canBeBelow, canBeFalse: canBeEqual || canBeAbove };
    case "<=":
      return { canBeTrue: canBeBelow || canBeEqual, canBeFalse: canBeAbove };
    case ">":
      return { canBeTrue: canBeAbove, canBeFalse: canBeBelow || canBeEqual };
    case ">=":
      return { canBeTrue: canBeAbove || canBeEqual, canBeFalse: canBeBelow };
  }
}

function compare(left: Comparable, right: Comparable): number {
  if (typeof left === "string" && typeof right === "string") return compareCodePoints(left, right);
  // NaN is above all numbers and equal to itself.
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  }
  return left < right ? -1 : left > right ? 1 : 0;
}
