/** Log lines, and conditions that decide about nothing else: no test is asked to notice them. */
import { closingBracket } from "./closing_bracket.ts";

/** A place in the code. */
export interface CodeRange {
  readonly from: number;
  readonly to: number;
}

const GUARD = /\bif \(/g;
/** Strings and templates are blanks here, so a call goes on to the next semicolon. */
const LOG_CALL = /\b(?:log|logger|print|say)\b[^;{}]*(?:\{[^{}]*\}[^;{}]*)*;/g;
/** What stands before a statement; `Math.log` logs nothing. */
const STATEMENT_START = /(?:^|[;{})])\s*$/;

/** The calls in masked code that write to the log, and the conditions before them. */
export function findLogCode(code: string): readonly CodeRange[] {
  const calls = [...code.matchAll(LOG_CALL)]
    .filter(({ index }) => STATEMENT_START.test(code.slice(0, index)))
    .map(({ index, 0: call }) => ({ from: index, to: index + call.length }));
  return [...calls, ...findLogGuards(code)];
}

/** The conditions behind which only log lines stand, or a return before nothing but log lines. */
function findLogGuards(code: string): readonly CodeRange[] {
  return [...code.matchAll(GUARD)]
    .map(({ index, 0: start }) => ({ from: index, to: closingBracket(code, index + start.length) }))
    .filter(({ to }) => decidesAboutLogs(code, to + 1));
}

function decidesAboutLogs(code: string, bodyStart: number): boolean {
  const [body, after] = bodyAt(code, bodyStart);
  if (body.trim() !== "return;") return isLogsAlone(body);
  return isLogsAlone(code.slice(after, closingBracket(code, after)));
}

/** The block or the one statement behind a condition, and where the code goes on. */
function bodyAt(code: string, start: number): readonly [body: string, after: number] {
  const block = /^\s*\{/.exec(code.slice(start));
  if (block === null) {
    const end = code.indexOf(";", start) + 1;
    return [code.slice(start, end), end];
  }
  const first = start + block[0].length;
  const end = closingBracket(code, first);
  return [code.slice(first, end), end + 1];
}

function isLogsAlone(code: string): boolean {
  const rest = code.replace(LOG_CALL, "");
  return rest !== code && rest.trim() === "";
}
