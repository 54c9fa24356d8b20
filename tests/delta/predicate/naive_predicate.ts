/** Predicates evaluated row by row in the plainest way, and random ones to compare with. */

import type { Literal, Operator, Predicate } from "../../../lib/delta/predicate/predicate.ts";
import { decimalOf, type StructType } from "../../../lib/delta/schema/schema.ts";
import { columnType } from "../../../lib/delta/predicate/predicate.ts";
import { compareBytes } from "../random_values.ts";

/** A row with exact values, as `stageRows` takes them. */
export type NaiveRow = Readonly<Record<string, Literal>>;

/** True, false, or null where SQL does not know. */
export function evaluate(predicate: Predicate, row: NaiveRow, schema: StructType): boolean | null {
  switch (predicate.kind) {
    case "and":
      return all(predicate.terms.map((term) => evaluate(term, row, schema)));
    case "or":
      return negate(all(predicate.terms.map((term) => negate(evaluate(term, row, schema)))));
    case "not":
      return negate(evaluate(predicate.term, row, schema));
    case "isNull":
      return (row[predicate.column[0]] ?? null) === null;
    case "isNotNull":
      return (row[predicate.column[0]] ?? null) !== null;
    case "in": {
      const { column } = predicate;
      const terms = predicate.values.map((
        value,
      ) => ({ kind: "compare", column, operator: "=", value } as const));
      return evaluate({ kind: "or", terms }, row, schema);
    }
    case "compareColumns": {
      const [left, right] = [predicate.column, predicate.other].map(([name]) => row[name] ?? null);
      const isDecimal = decimalOf(columnType(schema, predicate.column)) !== undefined;
      return compare(left ?? null, predicate.operator, right ?? null, isDecimal);
    }
    case "compare": {
      const isDecimal = decimalOf(columnType(schema, predicate.column)) !== undefined;
      return compare(row[predicate.column[0]] ?? null, predicate.operator, predicate.value, isDecimal);
    }
  }
}

/** A predicate of a few levels over the columns, with literals taken from these values. */
export function randomPredicate(
  random: () => number,
  values: Readonly<Record<string, readonly Literal[]>>,
  depth = 3,
): Predicate {
  const roll = random();
  if (depth > 0 && roll < 0.5) {
    const terms = Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => randomPredicate(random, values, depth - 1),
    );
    const [first] = terms;
    if (roll < 0.15 && first !== undefined) return { kind: "not", term: first };
    return { kind: roll < 0.35 ? "and" : "or", terms };
  }
  const name = pick(random, Object.keys(values)) ?? "";
  const value = (): Literal => random() < 0.03 ? null : pick(random, values[name] ?? []) ?? null;
  const column = [name] as const;
  if (roll > 0.93) return { kind: "isNull", column };
  if (roll > 0.86) return { kind: "isNotNull", column };
  if (roll > 0.8) {
    const comparable = (COMPARABLE[name] ?? [name]).filter((one) => Object.hasOwn(values, one));
    const other = [pick(random, comparable) ?? name] as const;
    return { kind: "compareColumns", column, operator: pick(random, OPERATORS) ?? "=", other };
  }
  if (roll > 0.7) return { kind: "in", column, values: Array.from({ length: 3 }, value) };
  return { kind: "compare", column, operator: pick(random, OPERATORS) ?? "=", value: value() };
}

/** Columns of the tests that can be compared with each other, though their types differ. */
const COMPARABLE: Readonly<Record<string, readonly string[]>> = {
  big: ["big", "small"],
  small: ["big", "small"],
  ratio: ["ratio", "single"],
  single: ["ratio", "single"],
  text: ["text", "zone"],
  zone: ["text", "zone"],
  time: ["time", "hour"],
  hour: ["time", "hour"],
};
const OPERATORS: readonly Operator[] = ["=", "<>", "<", "<=", ">", ">="];

/** One of the values. */
export function pick<T>(random: () => number, values: readonly T[]): T | undefined {
  return values[Math.floor(random() * values.length)];
}

function all(outcomes: readonly (boolean | null)[]): boolean | null {
  return outcomes.includes(false) ? false : outcomes.includes(null) ? null : true;
}

function negate(outcome: boolean | null): boolean | null {
  return outcome === null ? null : !outcome;
}

function compare(left: Literal, operator: Operator, right: Literal, isDecimal: boolean): boolean | null {
  if (left === null || right === null) return null;
  const order = isDecimal ? Math.sign(Number(digits(left) - digits(right))) : orderOf(left, right);
  if (operator === "=") return order === 0;
  if (operator === "<>") return order !== 0;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

// The decimals of these tests have three digits behind the point.
function digits(value: Literal): bigint {
  return BigInt(String(value).replace(".", ""));
}

function orderOf(left: Literal, right: Literal): number {
  if (typeof left === "string" && typeof right === "string") return compareBytes(left, right);
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  }
  return (left ?? 0) < (right ?? 0) ? -1 : (left ?? 0) > (right ?? 0) ? 1 : 0;
}
