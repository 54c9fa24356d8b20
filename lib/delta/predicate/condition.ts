/** Conditions as callers give them: SQL text, or predicates. */
import { parsePredicate } from "./parser.ts";
import type { Predicate } from "./predicate.ts";
import type { StructType } from "../schema/schema.ts";

/** A condition on rows: SQL text such as `n > 1 AND name = 'HKI'`, or the same as a predicate. Both are exact. */
export type Condition = Predicate | string;

/**
 * The predicate of a condition, with the columns and types of a table.
 *
 * @throws {TypeError} naming the character where a text cannot be read, or the part of a predicate that is none
 */
export function readCondition(condition: Condition, schema: StructType): Predicate {
  if (typeof condition === "string") return parsePredicate(condition, schema);
  assertPredicate(condition);
  return condition;
}

const OPERATORS: readonly unknown[] = ["=", "<>", "<", "<=", ">", ">="];

// What is no predicate would otherwise be undefined somewhere below, and match everything or nothing.
function assertPredicate(value: unknown): void {
  const part = typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : {};
  switch (part.kind) {
    case "and":
    case "or":
      if (!Array.isArray(part.terms)) throw wrongPart(part.terms, `an array as the terms of "${part.kind}"`);
      return part.terms.forEach(assertPredicate);
    case "not":
      return assertPredicate(part.term);
    case "in":
      if (!Array.isArray(part.values)) throw wrongPart(part.values, 'an array as the values of "in"');
      return assertPath(part.column);
    case "compare":
    case "compareColumns":
      if (!OPERATORS.includes(part.operator)) throw wrongPart(part.operator, OPERATORS.join(" "));
      if (part.kind === "compareColumns") assertPath(part.other);
      else if (part.value === undefined) throw wrongPart(part.value, "a value, or null");
      return assertPath(part.column);
    case "isNull":
    case "isNotNull":
      return assertPath(part.column);
    default:
      throw wrongPart(part.kind ?? value, "a predicate, or SQL text");
  }
}

function assertPath(path: unknown): void {
  const isPath = Array.isArray(path) && path.length > 0 && path.every((name) => typeof name === "string");
  if (!isPath) throw wrongPart(path, 'a column as an array of names, such as ["name"]');
}

function wrongPart(found: unknown, expected: string): TypeError {
  const shown = typeof found === "bigint" ? `${found}n` : JSON.stringify(found) ?? String(found);
  return new TypeError(`Cannot use the condition: found ${shown.slice(0, 80)}, expected ${expected}`);
}
