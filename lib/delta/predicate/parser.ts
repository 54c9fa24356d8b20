/** Conditions as text, as SQL writes them: AND, OR, NOT and parentheses around the terms. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { StructType } from "../schema/schema.ts";
import type { Predicate } from "./predicate.ts";
import { readTerm, type TermReader } from "./terms.ts";
import { TokenReader } from "./token_reader.ts";

/** What is being read, and how deep. */
interface Reader extends TermReader {
  depth: number;
}

const MAX_DEPTH = 200;

/**
 * Reads a condition as in the WHERE of SQL: `trackNumber >= 4 AND (name IN ('HKI', 'TPE') OR day IS NULL)`.
 *
 * Columns may be quoted with backticks, fields of structs follow a dot. Values are `'text'`, numbers, `TRUE`, `FALSE`,
 * `NULL`, `X'00ff'`; dates and times are written as text, with DATE or TIMESTAMP before them or not.
 *
 * @throws {TypeError} naming the character where it cannot be read, and what was expected there
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePredicate, tableSchema } from "../mod.ts";
 *
 * const schema = tableSchema({ id: "long", day: "date" });
 * assertEquals(parsePredicate("id >= 4", schema), { kind: "compare", column: ["id"], operator: ">=", value: 4n });
 * assertEquals(parsePredicate("day IS NULL", schema), { kind: "isNull", column: ["day"] });
 * ```
 */
export function parsePredicate(text: string, schema: StructType): Predicate {
  checkArguments("parsePredicate", { text, schema }, { text: KIND.anyText, schema: KIND.schema });
  const reader: Reader = { tokens: new TokenReader(text), schema, depth: 0 };
  const predicate = readOr(reader);
  if (reader.tokens.next.kind !== "end") throw reader.tokens.unexpected("AND, OR or the end");
  return predicate;
}

function readOr(reader: Reader): Predicate {
  const terms = [readAnd(reader)];
  while (reader.tokens.takeWord("OR")) terms.push(readAnd(reader));
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: "or", terms };
}

function readAnd(reader: Reader): Predicate {
  const terms = [readNot(reader)];
  while (reader.tokens.takeWord("AND")) terms.push(readNot(reader));
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: "and", terms };
}

function readNot(reader: Reader): Predicate {
  if (++reader.depth > MAX_DEPTH) throw reader.tokens.unexpected(`at most ${MAX_DEPTH} levels`);
  const isNot = reader.tokens.takeWord("NOT");
  const term = isNot ? readNot(reader) : readInside(reader);
  reader.depth--;
  return isNot ? { kind: "not", term } : term;
}

function readInside(reader: Reader): Predicate {
  if (!reader.tokens.takeSign("(")) return readTerm(reader);
  const inside = readOr(reader);
  reader.tokens.expectSign(")");
  return inside;
}
