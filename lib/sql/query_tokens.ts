/** The words and signs of a question in SQL, as SQLite divides it, each with its place: what messages point at. */
import { UsageError } from "../errors.ts";

/** What a token is. */
type TokenKind = "word" | "quoted" | "text" | "number" | "parameter" | "sign";

/** One word or sign. */
export interface Token {
  readonly kind: TokenKind;
  /** As it is written. */
  readonly text: string;
  /** The first character, counted from 0. */
  readonly start: number;
}

const GAP = /(?:\s|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
/** The first that fits is it. */
const KINDS: readonly (readonly [TokenKind, RegExp])[] = [
  ["text", /[xX]?'(?:[^']|'')*'/y],
  ["quoted", /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ["number", /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y],
  ["word", /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy],
  ["parameter", /\?\d*|[:@$][\p{L}_][\p{L}\p{N}_]*/uy],
  ["sign", /\|\||<=|>=|<>|!=|==|<<|>>|->>|->|[\s\S]/y],
];

/**
 * Divides the text; comments and gaps are left out.
 *
 * @throws {UsageError} when a quote does not end
 */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = gapEnd(query, 0); at < query.length;) {
    const token = tokenAt(query, at);
    if (token.kind === "sign" && /['"`[]/.test(token.text)) {
      throw new UsageError([
        `Cannot read the question: found a ${token.text} that nothing ends${placeIn(query, at)}`,
      ]);
    }
    tokens.push(token);
    at = gapEnd(query, at + token.text.length);
  }
  return tokens;
}

function tokenAt(query: string, start: number): Token {
  for (const [kind, pattern] of KINDS) {
    pattern.lastIndex = start;
    const [text] = pattern.exec(query) ?? [];
    if (text !== undefined) return { kind, text, start };
  }
  return { kind: "sign", text: query.charAt(start), start };
}

function gapEnd(query: string, at: number): number {
  GAP.lastIndex = at;
  return GAP.test(query) ? GAP.lastIndex : at;
}

/** The name that a word or a quoted name stands for; undefined for anything else. */
export function nameOf(token: Token | undefined): string | undefined {
  if (token?.kind === "word") return token.text;
  if (token?.kind !== "quoted") return undefined;
  const [quote = "", inner] = [token.text[0], token.text.slice(1, -1)];
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}

/** Where a character stands, as the end of a sentence: `, at character 8`, or with its line where there are several. */
export function placeIn(query: string, at: number): string {
  const before = query.slice(0, at).split("\n");
  const character = [...before.at(-1) ?? ""].length + 1;
  return query.trim().includes("\n")
    ? `, line ${before.length}, character ${character}`
    : `, at character ${character}`;
}
