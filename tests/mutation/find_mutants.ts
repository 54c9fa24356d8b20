/** The small mistakes that a test should notice, as replacements in a file's text. */
import { stripTypeScriptTypes } from "node:module";
import { closingBracket } from "./closing_bracket.ts";
import { findLogCode } from "./log_code.ts";
import { maskCode } from "./mask_code.ts";

/** One mistake. */
export interface Mutant {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
  /** What was done, for people: "< became <=". */
  readonly change: string;
}

/** An operator stands between blanks, as the formatter writes it. */
const OPERATORS: Readonly<Record<string, string>> = {
  " < ": " <= ",
  " <= ": " < ",
  " > ": " >= ",
  " >= ": " > ",
  " === ": " !== ",
  " !== ": " === ",
  " + ": " - ",
  " - ": " + ",
  " * ": " / ",
  " && ": " || ",
  " || ": " && ",
};
/** A statement or the end of one that is one call, on one line; what it says in a log is not looked at. */
const CALL =
  /^[ \t]*(?:await )?(?!(?:log|logger|super|return|if|for|while|switch|print|say)\b)[\w.#?]+ *\([^\n]*\);$/gm;
/** What stands before a statement; behind anything else a line goes on with an expression. */
const STATEMENT_START = /(?:^|[;{}])\s*$/;
const GUARD = /\bif \(/g;
const LITERAL = /\b(?:true|false)\b(?=[,;)\s])/g;

/** All mistakes that can be made in a file, in the order of their places. */
export function findMutants(text: string): readonly Mutant[] {
  const code = maskCode(withoutTypes(text));
  const silent = findLogCode(code);
  const found = [...operators(code), ...calls(code), ...guards(code), ...literals(code)];
  return found.filter(({ from }) => !silent.some((part) => part.from <= from && from < part.to))
    .map((mutant) => ({ ...mutant, line: text.slice(0, mutant.from).split("\n").length }))
    .sort((a, b) => a.from - b.from);
}

/** The file with the mistake in it. */
export function applyMutant(text: string, { from, to, replacement }: Mutant): string {
  return text.slice(0, from) + replacement + text.slice(to);
}

type Found = Omit<Mutant, "line">;

function operators(code: string): Found[] {
  return Object.entries(OPERATORS).flatMap(([operator, replacement]) =>
    [...code.matchAll(new RegExp(operator.replace(/[+*|]/g, "\\$&"), "g"))].map(({ index }) => ({
      from: index,
      to: index + operator.length,
      replacement,
      change: `${operator.trim()} became ${replacement.trim()}`,
    }))
  );
}

function calls(code: string): Found[] {
  return [...code.matchAll(CALL)]
    .filter(({ index, 0: call }) => isChained(call) || STATEMENT_START.test(code.slice(0, index)))
    .map(({ index, 0: call }) => ({
      from: index,
      to: index + call.length,
      replacement: isChained(call) ? ";" : "",
      change: `dropped ${call.trim().slice(0, 60)}`,
    }));
}

function isChained(call: string): boolean {
  return call.trimStart().startsWith(".");
}

/** A guard that never holds; an `else if` counts too. */
function guards(code: string): Found[] {
  return [...code.matchAll(GUARD)].map(({ index, 0: start }) => ({
    from: index,
    to: closingBracket(code, index + start.length),
    replacement: "if (false",
    change: "if never holds",
  }));
}

function literals(code: string): Found[] {
  return [...code.matchAll(LITERAL)].map(({ index, 0: word }) => ({
    from: index,
    to: index + word.length,
    replacement: word === "true" ? "false" : "true",
    change: `${word} became ${word === "true" ? "false" : "true"}`,
  }));
}

/** Types are not run: a mistake in them changes nothing. They become blanks, so that all else keeps its place. */
function withoutTypes(text: string): string {
  const code = stripTypeScriptTypes(text);
  if (code.length !== text.length) {
    throw new Error(`Cannot strip types: found ${code.length} characters, expected ${text.length}`);
  }
  return code;
}
