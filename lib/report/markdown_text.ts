/** Text inside of GitHub-flavoured Markdown that stays text. */
import { printable } from "../printable.ts";

/** Harmless wherever a line does not begin with them. */
const PLAIN = /[^\p{L}\p{M}\p{N} ,.:;()=?-]/gu;

/**
 * Text of a heading, a sentence or a cell. Character references are text to every reader, also where a backslash would
 * not help: in cells, in HTML, and against what GitHub makes links of.
 */
export function markdownText(text: string): string {
  return printable(text)
    .replace(PLAIN, (character) => {
      const reference = `&#${character.codePointAt(0)};`;
      // An address of mail is found after references are read, but not across a comment.
      return character === "@" ? `<!-- -->${reference}` : reference;
    })
    .replace(/(?<=www)\./gi, "&#46;");
}

/** A name from outside, shown as what it is: no mention, no emoji, no number of an issue. */
export function markdownName(name: string): string {
  return `<code>${markdownText(name)}</code>`;
}

/** A table; cells are Markdown. Columns are aligned to the right from the given one on. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { rightFrom }: { readonly rightFrom: number },
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, at) => at < rightFrom ? "---" : "--:");
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
