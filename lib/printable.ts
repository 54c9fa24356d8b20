/** Text that people read: from outside made harmless, commands to type, counts with their nouns, lines that fit. */
import { stripVTControlCharacters } from "node:util";

/** Options of {@linkcode printable}. */
interface PrintableOptions {
  /** Line feeds stay. */
  readonly keepLines?: boolean;
}

/**
 * Controls, line and paragraph separators, marks that turn the direction of writing or cannot be seen, halves of
 * characters, which no encoding has, and what is no character, which some parsers break at.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{NChar}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * Text with its control characters spelled out, so that nothing from outside can move the cursor, fake a line or turn
 * the direction of reading. What is valid JSON stays so.
 */
export function printable(text: string, { keepLines = false }: PrintableOptions = {}): string {
  return text.replace(UNPRINTABLE, (control) => {
    if (keepLines && control === "\n") return control;
    if (control === "\n" || control === "\t") return " ";
    // Two for what lies beyond the basic plane, as JSON spells it.
    return control.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  });
}

/** A longer name is cut where it is a part of a path. */
const MOST_OF_STEP = 80;

/**
 * A step of a JSON path to a field, whatever its name is: `.causes`, else as JSON in brackets, `["a.b"]`, printable and
 * cut.
 */
export function fieldStep(name: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(name) && name.length <= MOST_OF_STEP) return `.${name}`;
  const shown = name.length > MOST_OF_STEP ? `${name.slice(0, MOST_OF_STEP)}...` : name;
  return `[${printable(JSON.stringify(shown.toWellFormed()))}]`;
}

/** Text in which no address shows who signs in: `https://user:password@host` becomes `https://***@host`. */
export function withoutUsers(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/"'\\]*@/gi, "$1***@");
}

/**
 * An address that is refused, as a message may show it: up to its last "@" and from its query on there may be a
 * password, whatever else is wrong with it. With both of them it cannot be said where the one ends.
 */
export function withoutSecrets(address: string): string {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(address) ?? [];
  if (/@.*[?#]|[?#].*@/s.test(rest)) return `${scheme}***`;
  return scheme + rest.replace(/^.*@/s, "***@").replace(/([?#]).*$/s, "$1***");
}

/** A whole number with commas between its thousands. Not by Intl, which takes 10 ms to load. */
export function grouped(count: number | bigint): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A count with its noun: "1 batch", "1,234 batches". */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 || count === 1n ? one : many}`;
}

/** One line that a POSIX shell takes apart into these words again. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Messages may quote values from outside. */
const MOST_OF_FAULT = 200;

/** What was thrown, whatever it is, as one short printable line that a table can keep. */
export function faultText(thrown: unknown): string {
  const text = printable(messageOf(thrown).slice(0, 2 * MOST_OF_FAULT));
  return text.length > MOST_OF_FAULT ? `${text.slice(0, MOST_OF_FAULT).toWellFormed()}...` : text;
}

function messageOf(thrown: unknown): string {
  const nothing = "nothing that says what it is";
  try {
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown) || nothing;
  } catch {
    return nothing;
  }
}

const NOTHING = /^[\p{M}\p{Cf}]$/u;
/** East Asian wide characters and emoji, which take two columns. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Columns of a text without control characters; colours take none. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text.includes("\u001b") ? stripVTControlCharacters(text) : text) {
    width += widthOf(character);
  }
  return width;
}

/** Columns of one character. */
export function widthOf(character: string): number {
  return NOTHING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

/** How {@linkcode foldLine} folds. */
export interface FoldOptions {
  /** Of the terminal or page. */
  readonly columns: number;
  /** Blanks before all lines but the first. */
  readonly indent?: number;
}

/** One word to whoever folds a text: of a command over two lines a shell would run the first one. */
const COMMAND = /`[^`]*`/g;
/** A list's mark stands before its first word, not in a line of its own. */
const MARK = /^- /;
/** Stands for a blank at which no line ends. */
const HELD = "\0";
/** What says that it is narrower does not know how wide it is. */
const LEAST_COLUMNS = 20;

/** A line, which may have colours, on as many lines as it needs, each as wide as its words and commands allow. */
export function foldLine(line: string, { columns, indent = 2 }: FoldOptions): string {
  if (columns < LEAST_COLUMNS || textWidth(line) <= columns) return line;
  const before = " ".repeat(indent);
  const lines: string[] = [];
  let room = 0;
  const held = line.replaceAll(COMMAND, (command) => command.replaceAll(" ", HELD)).replace(MARK, `-${HELD}`);
  for (const word of held.split(" ")) {
    const width = textWidth(word);
    if (lines.length > 0 && width < room) {
      lines[lines.length - 1] += ` ${word}`;
      room -= width + 1;
    } else {
      room = columns - width - (lines.length === 0 ? 0 : indent);
      lines.push(lines.length === 0 ? word : before + word);
    }
  }
  return lines.join("\n").replaceAll(HELD, " ");
}
