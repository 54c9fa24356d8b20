import { toLiteral } from "./literal.ts";
import { type ColumnPath, fieldsOf, type Literal, type Operator, type Predicate } from "./predicate.ts";
import { predicateError, readTokens, type Token } from "./lexer.ts";
import { type DataType, formatType, type StructType } from "../schema/schema.ts";

/** What is being read; the position moves. */
interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly schema: StructType;
  index: number;
  depth: number;
}

/** A column with its type. */
interface Column {
  readonly path: ColumnPath;
  readonly type: DataType;
}

/** A value before the column that it is compared with is known. */
interface Value {
  readonly value: Literal;
  readonly token: Token;
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["=", "="],
  ["==", "="],
  ["<>", "<>"],
  ["!=", "<>"],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
]);
const MIRRORED: Readonly<Record<Operator, Operator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};
const RESERVED = new Set(["AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "TRUE", "FALSE"]);
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
  const reader: Reader = { text, tokens: readTokens(text), schema, index: 0, depth: 0 };
  const predicate = readOr(reader);
  if (peek(reader).kind !== "end") throw unexpected(reader, "AND, OR or the end");
  return predicate;
}

function readOr(reader: Reader): Predicate {
  const terms = [readAnd(reader)];
  while (takeWord(reader, "OR")) terms.push(readAnd(reader));
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: "or", terms };
}

function readAnd(reader: Reader): Predicate {
  const terms = [readNot(reader)];
  while (takeWord(reader, "AND")) terms.push(readNot(reader));
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: "and", terms };
}

function readNot(reader: Reader): Predicate {
  if (++reader.depth > MAX_DEPTH) throw unexpected(reader, `at most ${MAX_DEPTH} levels`);
  const isNot = takeWord(reader, "NOT");
  const term = isNot ? readNot(reader) : readTerm(reader);
  reader.depth--;
  return isNot ? { kind: "not", term } : term;
}

function readTerm(reader: Reader): Predicate {
  if (takeSign(reader, "(")) {
    const inside = readOr(reader);
    expectSign(reader, ")");
    return inside;
  }
  if (isColumnNext(reader)) return readColumnTerm(reader);
  const value = readValue(reader);
  const operator = takeOperator(reader);
  if (operator === undefined) return constant(reader, value);
  if (!isColumnNext(reader)) throw unexpected(reader, "a column");
  return compare(reader, readColumn(reader), MIRRORED[operator], value);
}

function constant(reader: Reader, { value, token }: Value): Predicate {
  if (value === true) return { kind: "and", terms: [] };
  if (value === false) return { kind: "or", terms: [] };
  throw predicateError(reader.text, token.position, token.text, "a condition");
}

function readColumnTerm(reader: Reader): Predicate {
  const column = readColumn(reader);
  const operator = takeOperator(reader);
  if (operator !== undefined) return compare(reader, column, operator, readValue(reader));
  if (takeWord(reader, "IS")) return readIs(reader, column);
  const isNot = takeWord(reader, "NOT");
  const term = readSet(reader, column);
  if (term !== undefined) return isNot ? { kind: "not", term } : term;
  if (isNot) throw unexpected(reader, "IN or BETWEEN");
  if (column.type !== "boolean") throw unexpected(reader, "=, <>, <, <=, >, >=, IN, BETWEEN or IS");
  return { kind: "compare", column: column.path, operator: "=", value: true };
}

function readIs(reader: Reader, { path, type }: Column): Predicate {
  const isNot = takeWord(reader, "NOT");
  if (takeWord(reader, "NULL")) return { kind: isNot ? "isNotNull" : "isNull", column: path };
  const isTrue = takeWord(reader, "TRUE");
  if (type !== "boolean" || (!isTrue && !takeWord(reader, "FALSE"))) throw unexpected(reader, "NULL");
  const same: Predicate = { kind: "compare", column: path, operator: "=", value: isTrue };
  const certain: Predicate = { kind: "and", terms: [{ kind: "isNotNull", column: path }, same] };
  return isNot ? { kind: "not", term: certain } : certain;
}

function readSet(reader: Reader, column: Column): Predicate | undefined {
  if (takeWord(reader, "BETWEEN")) {
    const low = compare(reader, column, ">=", readValue(reader));
    if (!takeWord(reader, "AND")) throw unexpected(reader, "AND");
    return { kind: "and", terms: [low, compare(reader, column, "<=", readValue(reader))] };
  }
  if (!takeWord(reader, "IN")) return undefined;
  expectSign(reader, "(");
  const values = [literalFor(reader, column, readValue(reader))];
  while (takeSign(reader, ",")) values.push(literalFor(reader, column, readValue(reader)));
  expectSign(reader, ")");
  return { kind: "in", column: column.path, values };
}

function compare(reader: Reader, column: Column, operator: Operator, value: Value): Predicate {
  return { kind: "compare", column: column.path, operator, value: literalFor(reader, column, value) };
}

function literalFor(reader: Reader, { type }: Column, { value, token }: Value): Literal {
  try {
    // Whether 7 is also '07' depends on the engine.
    if (type === "string" && token.kind === "number") throw new TypeError("a number");
    return toLiteral(value, type);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const shown = token.kind === "text" ? `'${token.text}'` : token.text;
    throw predicateError(reader.text, token.position, shown, formatType(type));
  }
}

function readColumn(reader: Reader): Column {
  const path = [takeField(reader, reader.schema)] as [Named, ...Named[]];
  let last = path[0];
  while (takeSign(reader, ".")) {
    last = takeField(reader, last.type);
    path.push(last);
  }
  const [top, ...below] = path;
  return { path: [top.name, ...below.map(({ name }) => name)], type: last.type };
}

interface Named {
  readonly name: string;
  readonly type: DataType;
}

// As in Spark the case of names does not count, unless two columns differ in nothing else.
function takeField(reader: Reader, type: DataType): Named {
  const token = peek(reader);
  const fields = fieldsOf(type);
  const lower = token.text.toLowerCase();
  const similar = fields.filter(({ name }) => name.toLowerCase() === lower);
  const field = fields.find(({ name }) => name === token.text) ??
    (similar.length === 1 ? similar[0] : undefined);
  const isName = token.kind === "word" || token.kind === "name";
  if (!isName || field === undefined) throw unexpected(reader, namesOf(fields, type));
  reader.index++;
  return field;
}

function namesOf(fields: readonly Named[], type: DataType): string {
  if (fields.length === 0) return `no field, since it is ${formatType(type)}`;
  const shown = fields.slice(0, 40).map(({ name }) => name).join(", ");
  return `one of the columns ${shown}${fields.length > 40 ? ", ..." : ""}`;
}

function readValue(reader: Reader): Value {
  const sign = takeSign(reader, "-") ? "-" : takeSign(reader, "+") ? "+" : "";
  const token = peek(reader);
  const next = reader.tokens[reader.index + 1];
  reader.index++;
  if (token.kind === "number") {
    return {
      value: sign === "-" ? `-${token.text}` : token.text,
      token: { ...token, text: sign + token.text },
    };
  }
  if (sign === "" && token.kind === "text") return { value: token.text, token };
  if (sign === "" && token.kind === "bytes") return { value: Uint8Array.fromHex(token.text), token };
  const word = sign === "" && token.kind === "word" ? token.text.toUpperCase() : "";
  if (word === "NULL") return { value: null, token };
  if (word === "TRUE" || word === "FALSE") return { value: word === "TRUE", token };
  if (/^(?:DATE|TIMESTAMP|TIMESTAMP_NTZ)$/.test(word) && next?.kind === "text") return readValue(reader);
  reader.index--;
  throw unexpected(reader, sign === "" ? "a value" : "a number");
}

// A word with a text behind it is the type of a literal: DATE '2025-02-17'.
function isColumnNext(reader: Reader): boolean {
  const { kind, text } = peek(reader);
  const isTyped = reader.tokens[reader.index + 1]?.kind === "text";
  return kind === "name" || (kind === "word" && !isTyped && !RESERVED.has(text.toUpperCase()));
}

function peek({ tokens, index }: Reader): Token {
  return tokens[index] ?? { kind: "end", text: "the end", position: 1 };
}

function takeWord(reader: Reader, word: string): boolean {
  const { kind, text } = peek(reader);
  const isThere = kind === "word" && text.toUpperCase() === word;
  if (isThere) reader.index++;
  return isThere;
}

function takeSign(reader: Reader, sign: string): boolean {
  const { kind, text } = peek(reader);
  const isThere = kind === "sign" && text === sign;
  if (isThere) reader.index++;
  return isThere;
}

function expectSign(reader: Reader, sign: string): void {
  if (!takeSign(reader, sign)) throw unexpected(reader, `"${sign}"`);
}

function takeOperator(reader: Reader): Operator | undefined {
  const { kind, text } = peek(reader);
  const operator = kind === "sign" ? OPERATORS.get(text) : undefined;
  if (operator !== undefined) reader.index++;
  return operator;
}

function unexpected(reader: Reader, expected: string): TypeError {
  const { text, position } = peek(reader);
  return predicateError(reader.text, position, text, expected);
}
