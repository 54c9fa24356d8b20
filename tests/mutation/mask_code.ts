/** Blanks out what is no code, so that a search for operators finds operators. */

const QUOTES = new Set(["'", '"', "`"]);

/** The text with comments, strings, templates and regular expressions as blanks; every other character keeps its place. */
export function maskCode(text: string): string {
  const out = [...text];
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  for (let at = 0; at < text.length;) {
    const end = endOfBlank(text, at);
    if (end > at) blank(at, end);
    at = Math.max(end, at + 1);
  }
  return out.join("");
}

/** Where the comment, string, template or regular expression that begins here ends; `at` itself when none does. */
function endOfBlank(text: string, at: number): number {
  const char = text[at] ?? "";
  if (text.startsWith("//", at)) return endOr(text.indexOf("\n", at), text.length);
  if (text.startsWith("/*", at)) return endOr(text.indexOf("*/", at), text.length - 2) + 2;
  if (QUOTES.has(char)) return closing(text, at + 1, char);
  return char === "/" && isRegExpPlace(text, at) ? closing(text, at + 1, "/") : at;
}

/** A division has a value before it, a regular expression has not. */
function isRegExpPlace(text: string, at: number): boolean {
  return /(?:^|[=(,:[!&|?{};\n]|return|=>)\s*$/.test(text.slice(Math.max(0, at - 20), at));
}

/** After the closing sign; templates are taken whole, with the code in them. */
function closing(text: string, from: number, sign: string): number {
  let isClass = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (sign === "/" && char === "[") isClass = true;
    else if (sign === "/" && char === "]") isClass = false;
    else if (sign === "`" && text.startsWith("${", i)) i = closing(text, i + 2, "}") - 1;
    else if (sign === "}" && char === "{") i = closing(text, i + 1, "}") - 1;
    else if (sign === "}" && char === "`") i = closing(text, i + 1, "`") - 1;
    else if (char === sign && !isClass) return i + 1;
  }
  return text.length;
}

function endOr(found: number, fallback: number): number {
  return found === -1 ? fallback : found;
}
