import { hasPath, setPath } from "./paths.ts";
import { type FlagTable, readFlagTable } from "./flag_table.ts";
import type { ParseOptions } from "./parse_options.ts";

export type { ParseOptions } from "./parse_options.ts";

/** The flags by name, the other words under `_`. */
export type Args = {
  [flag: string]: unknown;
  _: Array<string | number>;
  "--"?: string[];
};

/** What the steps of one call share; `flags` grows. */
interface Parse {
  readonly table: FlagTable;
  readonly words: readonly string[];
  readonly flags: Args;
}

/**
 * Reads command-line words into flags.
 *
 * `--a=b`, `--a b`, `--a`, `-a b`, `-abc`, `-n5`, `--no-a`, `--a.b c` are understood. Values that look like numbers
 * become numbers unless the flag is declared as `string`; a declared `boolean` takes no value but true or false.
 */
export function parseArgs(args: string[], options: ParseOptions = {}): Args {
  const end = args.indexOf("--");
  const words = end === -1 ? args : args.slice(0, end);
  const rest = end === -1 ? [] : args.slice(end + 1);
  const parse: Parse = {
    table: readFlagTable(options),
    words,
    flags: { _: [] },
  };
  readWords(parse, options.stopEarly ?? false);
  fillDefaults(parse, options.default ?? {});
  if (options["--"]) parse.flags["--"] = rest;
  else parse.flags._.push(...rest);
  return parse.flags;
}

function readWords(parse: Parse, stopEarly: boolean): void {
  const { words, flags, table } = parse;
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? "";
    if (isFlag(word)) {
      at += word.startsWith("--") ? readLong(parse, at) : readLetters(parse, at);
      continue;
    }
    if (table.unknown(word) !== false) {
      flags._.push(table.strings.has("_") ? word : numberOrText(word));
    }
    at++;
    if (!stopEarly) continue;
    flags._.push(...words.slice(at));
    return;
  }
}

// A lone "-" is a word: it names standard input.
function isFlag(word: string): boolean {
  return word.startsWith("-") && word.length > 1;
}

/** Reads `--flag` at a place; returns how many words it took. */
function readLong(parse: Parse, at: number): number {
  const { table, words } = parse;
  const word = words[at] ?? "";
  const [key, value] = splitValue(word.slice(2));
  if (value !== undefined) {
    store(
      parse,
      key,
      table.booleans.has(key) ? value !== "false" : value,
      word,
    );
    return 1;
  }
  const negated = key.startsWith("no-") ? key.slice(3) : "";
  if (table.negatables.has(negated)) {
    storeFalse(parse, negated, word);
    return 1;
  }
  const next = words[at + 1];
  const takesNext = !table.allBooleans && next !== undefined &&
    !next.startsWith("-");
  return readFollowing(parse, { key, word, next, takesNext });
}

/** The first `=` with something before and behind it parts the two; `--a=` has no value and is named so. */
function splitValue(text: string): [key: string, value: string | undefined] {
  const at = text.indexOf("=", 1);
  return at === -1 || at === text.length - 1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

interface Following {
  readonly key: string;
  readonly word: string;
  readonly next: string | undefined;
  readonly takesNext: boolean;
}

function readFollowing(
  parse: Parse,
  { key, word, next, takesNext }: Following,
): number {
  if (next && takesNext && !isBoolean(parse.table, key)) {
    store(parse, key, next, word);
    return 2;
  }
  if (next === "true" || next === "false") {
    store(parse, key, next === "true", word);
    return 2;
  }
  store(parse, key, parse.table.strings.has(key) ? "" : true, word);
  return 1;
}

function isBoolean(table: FlagTable, key: string): boolean {
  return table.booleans.has(key) ||
    (table.aliases.get(key) ?? []).some((name) => table.booleans.has(name));
}

/** Reads `-abc`, `-n5`, `-a=b` or `-a b` at a place; returns how many words it took. */
function readLetters(parse: Parse, at: number): number {
  const word = parse.words[at] ?? "";
  for (let place = 1; place < word.length - 1; place++) {
    const letter = word[place] ?? "";
    const behind = word.slice(place + 1);
    const value = valueBehind(letter, behind, place + 1 < word.length - 1);
    if (value !== undefined) {
      store(parse, letter, value, word);
      if (behind !== "-") return 1;
    } else {store(
        parse,
        letter,
        parse.table.strings.has(letter) ? "" : true,
        word,
      );}
  }
  const key = word.slice(-1);
  if (key === "-") return 1;
  const next = parse.words[at + 1];
  const takesNext = next !== undefined && !/^--?[^-]/.test(next);
  return readFollowing(parse, { key, word, next, takesNext });
}

/** What stands directly behind a letter as its value: `-a=b`, `-n5`, `-a/b`, `-a-`. */
function valueBehind(
  letter: string,
  behind: string,
  hasMoreLetters: boolean,
): string | undefined {
  if (behind === "-") return behind;
  if (/[A-Za-z]/.test(letter)) {
    const equals = behind.indexOf("=");
    if (equals !== -1 && equals < behind.length - 1) {
      return behind.slice(equals + 1);
    }
    if (/-?\d+(\.\d*)?(e-?\d+)?$/.test(behind)) return behind;
  }
  return hasMoreLetters && /^\W/.test(behind) ? behind : undefined;
}

function store(
  parse: Parse,
  key: string,
  value: string | boolean,
  word: string,
): void {
  const { table, flags } = parse;
  if (
    !isDeclared(table, key, word) && table.unknown(word, key, value) === false
  ) return;
  const typed = typeof value === "string" && !table.strings.has(key) ? numberOrText(value) : value;
  for (const name of [key, ...(table.aliases.get(key) ?? [])]) {
    setPath(flags, name, typed, { collect: table.collects.has(key) });
  }
}

function storeFalse(parse: Parse, key: string, word: string): void {
  const { table, flags } = parse;
  if (
    !isDeclared(table, key, word) && table.unknown(word, key, false) === false
  ) return;
  for (const name of [key, ...(table.aliases.get(key) ?? [])]) {
    setPath(flags, name, false);
  }
}

function isDeclared(table: FlagTable, key: string, word: string): boolean {
  return table.booleans.has(key) || table.strings.has(key) ||
    table.aliases.has(key) ||
    (table.allBooleans && /^--[^=]+$/.test(word));
}

function numberOrText(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

function fillDefaults(
  { table, flags }: Parse,
  defaults: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(defaults)) {
    if (hasPath(flags, key)) continue;
    for (const name of [key, ...(table.aliases.get(key) ?? [])]) {
      setPath(flags, name, value);
    }
  }
  for (const key of table.booleans) {
    if (!hasPath(flags, key)) {
      setPath(flags, key, table.collects.has(key) ? [] : false);
    }
  }
  for (const key of table.strings) {
    if (!hasPath(flags, key) && table.collects.has(key)) {
      setPath(flags, key, []);
    }
  }
}
