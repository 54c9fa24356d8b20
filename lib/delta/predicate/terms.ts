/** One condition of a predicate: a comparison, a set of values, a test for null, or TRUE and FALSE. */
import { type DataType, formatType, type StructType } from "../schema/schema.ts";
import type { Token } from "./lexer.ts";
import { toLiteral } from "./literal.ts";
import {
  type ColumnPath,
  commonType,
  fieldsOf,
  type Literal,
  type Operator,
  type Predicate,
} from "./predicate.ts";
import type { TokenReader } from "./token_reader.ts";

/** What terms are read from. */
export interface TermReader {
  readonly tokens: TokenReader;
  readonly schema: StructType;
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

/**
 * Reads one condition, which has no others in it.
 *
 * @throws {TypeError} naming the character where it cannot be read, and what was expected there
 */
export function readTerm(reader: TermReader): Predicate {
  if (isColumnNext(reader)) return readColumnTerm(reader);
  const value = readValue(reader);
  const operator = takeOperator(reader);
  if (operator === undefined) return constant(reader, value);
  if (!isColumnNext(reader)) throw reader.tokens.unexpected("a column");
  return compare(reader, readColumn(reader), MIRRORED[operator], value);
}

function constant({ tokens }: TermReader, { value, token }: Value): Predicate {
  if (value === true) return { kind: "and", terms: [] };
  if (value === false) return { kind: "or", terms: [] };
  throw tokens.unexpected("a condition", token);
}

function readColumnTerm(reader: TermReader): Predicate {
  const column = readColumn(reader);
  const operator = takeOperator(reader);
  if (operator !== undefined) {
    if (isColumnNext(reader)) return compareColumns(reader, column, operator);
    return compare(reader, column, operator, readValue(reader));
  }
  if (reader.tokens.takeWord("IS")) return readIs(reader, column);
  const isNot = reader.tokens.takeWord("NOT");
  const term = readSet(reader, column);
  if (term !== undefined) return isNot ? { kind: "not", term } : term;
  if (isNot) throw reader.tokens.unexpected("IN or BETWEEN");
  if (column.type !== "boolean") throw reader.tokens.unexpected("=, <>, <, <=, >, >=, IN, BETWEEN or IS");
  return { kind: "compare", column: column.path, operator: "=", value: true };
}

function readIs(reader: TermReader, { path, type }: Column): Predicate {
  const isNot = reader.tokens.takeWord("NOT");
  if (reader.tokens.takeWord("NULL")) return { kind: isNot ? "isNotNull" : "isNull", column: path };
  const isTrue = reader.tokens.takeWord("TRUE");
  if (type !== "boolean" || (!isTrue && !reader.tokens.takeWord("FALSE"))) {
    throw reader.tokens.unexpected("NULL");
  }
  const same: Predicate = { kind: "compare", column: path, operator: "=", value: isTrue };
  const certain: Predicate = { kind: "and", terms: [{ kind: "isNotNull", column: path }, same] };
  return isNot ? { kind: "not", term: certain } : certain;
}

function readSet(reader: TermReader, column: Column): Predicate | undefined {
  if (reader.tokens.takeWord("BETWEEN")) {
    const low = compare(reader, column, ">=", readValue(reader));
    if (!reader.tokens.takeWord("AND")) throw reader.tokens.unexpected("AND");
    return { kind: "and", terms: [low, compare(reader, column, "<=", readValue(reader))] };
  }
  if (!reader.tokens.takeWord("IN")) return undefined;
  reader.tokens.expectSign("(");
  const values = [literalFor(reader, column, readValue(reader))];
  while (reader.tokens.takeSign(",")) values.push(literalFor(reader, column, readValue(reader)));
  reader.tokens.expectSign(")");
  return { kind: "in", column: column.path, values };
}

function compare(reader: TermReader, column: Column, operator: Operator, value: Value): Predicate {
  return { kind: "compare", column: column.path, operator, value: literalFor(reader, column, value) };
}

function compareColumns(reader: TermReader, { path }: Column, operator: Operator): Predicate {
  const { next } = reader.tokens;
  const { path: other } = readColumn(reader, "a value, such as 'text' in single quotes, or ");
  try {
    commonType(reader.schema, path, other);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw reader.tokens.unexpected(`a column to compare "${path.join(".")}" with (${cause.message})`, next);
  }
  return { kind: "compareColumns", column: path, operator, other };
}

function literalFor(reader: TermReader, { type }: Column, { value, token }: Value): Literal {
  try {
    // Whether 7 is also '07' depends on the engine.
    if (type === "string" && token.kind === "number") throw new TypeError("a number");
    return toLiteral(value, type);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const shown = token.kind === "text" ? `'${token.text}'` : token.text;
    throw reader.tokens.unexpected(formatType(type), { ...token, text: shown });
  }
}

function readColumn(reader: TermReader, alternative = ""): Column {
  const path = [takeField(reader, reader.schema, alternative)] as [Named, ...Named[]];
  let last = path[0];
  while (reader.tokens.takeSign(".")) {
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
function takeField(reader: TermReader, type: DataType, alternative = ""): Named {
  const { next: token } = reader.tokens;
  const fields = fieldsOf(type);
  const lower = token.text.toLowerCase();
  const similar = fields.filter(({ name }) => name.toLowerCase() === lower);
  const field = fields.find(({ name }) => name === token.text) ??
    (similar.length === 1 ? similar[0] : undefined);
  const isName = token.kind === "word" || token.kind === "name";
  if (!isName || field === undefined) throw reader.tokens.unexpected(alternative + namesOf(fields, type));
  reader.tokens.take();
  return field;
}

function namesOf(fields: readonly Named[], type: DataType): string {
  if (fields.length === 0) return `no field, since it is ${formatType(type)}`;
  const shown = fields.slice(0, 40).map(({ name }) => name).join(", ");
  return `one of the columns ${shown}${fields.length > 40 ? ", ..." : ""}`;
}

function readValue(reader: TermReader): Value {
  const { tokens } = reader;
  const sign = tokens.takeSign("-") ? "-" : tokens.takeSign("+") ? "+" : "";
  const { next: token } = tokens;
  const value = sign === "" ? plainValue(token) : undefined;
  if (token.kind === "number" || value !== undefined) tokens.take();
  if (value !== undefined) return { value, token };
  if (token.kind === "number") {
    const text = sign === "-" ? `-${token.text}` : token.text;
    return { value: text, token: { ...token, text: sign + token.text } };
  }
  if (sign === "" && isTypeName(reader)) {
    tokens.take();
    return readValue(reader);
  }
  throw tokens.unexpected(sign === "" ? "a value" : "a number");
}

/** The value of a token that no sign may precede; undefined of any other. */
function plainValue({ kind, text }: Token): Literal | undefined {
  if (kind === "text") return text;
  if (kind === "bytes") return Uint8Array.fromHex(text);
  const word = kind === "word" ? text.toUpperCase() : "";
  if (word === "NULL") return null;
  return word === "TRUE" || word === "FALSE" ? word === "TRUE" : undefined;
}

function isTypeName({ tokens }: TermReader): boolean {
  const { kind, text } = tokens.next;
  return kind === "word" && /^(?:DATE|TIMESTAMP|TIMESTAMP_NTZ)$/i.test(text) && tokens.isTextSecond;
}

// A word followed by a text is the type of a literal: DATE '2025-02-17'.
function isColumnNext({ tokens }: TermReader): boolean {
  const { kind, text } = tokens.next;
  return kind === "name" || (kind === "word" && !tokens.isTextSecond && !RESERVED.has(text.toUpperCase()));
}

function takeOperator({ tokens }: TermReader): Operator | undefined {
  const { kind, text } = tokens.next;
  const operator = kind === "sign" ? OPERATORS.get(text) : undefined;
  if (operator !== undefined) tokens.take();
  return operator;
}
