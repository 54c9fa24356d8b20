/** Predicates as SQL text, as the history of a table shows them. */
import type { Literal, Predicate } from "./predicate.ts";

/** Writes a predicate as SQL, for the history of a table; times are their microseconds since 1970. */
export function formatPredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case "and":
      return formatTerms(predicate.terms, " AND ", "TRUE");
    case "or":
      return formatTerms(predicate.terms, " OR ", "FALSE");
    case "not":
      return `NOT ${formatPredicate(predicate.term)}`;
    case "isNull":
      return `(${nameOf(predicate.column)} IS NULL)`;
    case "isNotNull":
      return `(${nameOf(predicate.column)} IS NOT NULL)`;
    case "in":
      return `(${nameOf(predicate.column)} IN (${predicate.values.map(formatLiteral).join(", ")}))`;
    case "compareColumns":
      return `(${nameOf(predicate.column)} ${predicate.operator} ${nameOf(predicate.other)})`;
    case "compare":
      return `(${nameOf(predicate.column)} ${predicate.operator} ${formatLiteral(predicate.value)})`;
  }
}

function formatTerms(terms: readonly Predicate[], between: string, empty: string): string {
  return terms.length === 0 ? empty : `(${terms.map(formatPredicate).join(between)})`;
}

function nameOf(column: readonly string[]): string {
  return column.map((name) => /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``).join(
    ".",
  );
}

function formatLiteral(value: Literal): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `X'${value.toHex()}'`;
  return value === null ? "NULL" : String(value);
}
