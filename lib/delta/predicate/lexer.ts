/** Splits the text of a predicate into words, literals and signs. */

/** One piece of the text. */
export interface Token {
  readonly kind: "word" | "name" | "number" | "text" | "bytes" | "sign" | "end";
  /** What it stands for: quotes taken off, signs and words as they are. */
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly position: number;
}

const SPACE = /\s+|--[^\n]*/y;
const PATTERNS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["bytes", /[xX]'([0-9a-fA-F]*)'/y],
  ["word", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["name", /`((?:[^`]|``)+)`/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["text", /'((?:[^']|'')*)'/y],
  ["sign", /<>|!=|<=|>=|==|[=<>(),.+-]/y],
];

/**
 * The tokens of a text, the last one of kind "end".
 *
 * @throws {TypeError} naming the position of what is none
 */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = skipSpace(text, 0); index < text.length; index = skipSpace(text, index)) {
    const { token, end } = readToken(text, index);
    tokens.push(token);
    index = end;
  }
  return [...tokens, { kind: "end", text: "the end", position: text.length + 1 }];
}

/** The error of a predicate that cannot be read. */
export function predicateError(text: string, position: number, found: string, expected: string): TypeError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}...` : text;
  return new TypeError(
    `Cannot read the predicate "${shown}": found ${found} at character ${position}, expected ${expected}`,
  );
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (true) {
    SPACE.lastIndex = index;
    const match = SPACE.exec(text);
    if (match === null) return index;
    index += match[0].length;
  }
}

function readToken(text: string, index: number): { readonly token: Token; readonly end: number } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (match === null) continue;
    const quoted = match[1];
    const token = {
      kind,
      text: quoted === undefined ? match[0] : unquote(kind, quoted),
      position: index + 1,
    };
    return { token, end: index + match[0].length };
  }
  const found = text[index] ?? "";
  const expected = found === "'" || found === "`"
    ? "a closing one"
    : found === '"'
    ? "'text' in single quotes or a `column name` in backticks"
    : "a column, a value or an operator";
  throw predicateError(text, index + 1, found, expected);
}

function unquote(kind: Token["kind"], text: string): string {
  if (kind === "text") return text.replaceAll("''", "'");
  return kind === "name" ? text.replaceAll("``", "`") : text;
}
