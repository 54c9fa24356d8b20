/** Where a bracket is closed, in code whose strings and comments are blanks. */

const OPENING = "([{";
const CLOSING = ")]}";

/** The place of the bracket that closes the one open at `from`; the end of the code when none does. */
export function closingBracket(code: string, from: number): number {
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    const char = code[at] ?? "";
    if (OPENING.includes(char)) depth++;
    if (CLOSING.includes(char)) depth--;
    if (depth === 0) return at;
  }
  return code.length;
}
