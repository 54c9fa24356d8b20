/**
 * The parser of `jsr:@std/cli`, as far as this project uses it.
 *
 * @module
 */

/** How `parseArgs` reads the flags. */
export interface ParseOptions {
  /** Flags without a value, false by default. */
  boolean?: readonly string[];
  /** Values of flags that are not given. */
  default?: Readonly<Record<string, unknown>>;
  /** Flags whose values stay text ("" when no value follows); `"_"` keeps positional arguments text. */
  string?: readonly string[];
  /** Flags that may come several times; their values make an array. */
  collect?: readonly string[];
  /** Flags that `--no-<flag>` sets to false. */
  negatable?: readonly string[];
  /** Is asked about each argument without a declared flag; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The flags by name, the positional arguments under `_`. */
export type Args = {
  [flag: string]: unknown;
  _: Array<string | number>;
};

/** The options of one call, for quick lookup. */
interface FlagTable {
  readonly booleans: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  readonly collects: ReadonlySet<string>;
  readonly negatables: ReadonlySet<string>;
  readonly unknown: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What the steps of one call share; `flags` grows. */
interface Parse {
  readonly table: FlagTable;
  readonly words: readonly string[];
  readonly flags: Args;
}

/**
 * Reads command-line arguments into flags.
 *
 * `--a=b`, `--a b`, `--a`, `-a b`, `-abc`, `-n5`, `--no-a` are understood. Values that look like numbers become numbers
 * unless the flag is declared as `string`; a declared `boolean` takes no value but true or false.
 */
export function parseArgs(args: string[], options: ParseOptions = {}): Args {
  const end = args.indexOf("--");
  const words = end === -1 ? args : args.slice(0, end);
  const rest = end === -1 ? [] : args.slice(end + 1);
  const parse: Parse = { table: flagTable(options), words, flags: { _: [] } };
  readWords(parse);
  fillDefaults(parse, options.default ?? {});
  for (const word of rest) parse.flags._.push(word);
  return parse.flags;
}

function flagTable(options: ParseOptions): FlagTable {
  return {
    booleans: new Set(options.boolean),
    strings: new Set(options.string),
    collects: new Set(options.collect),
    negatables: new Set(options.negatable),
    unknown: options.unknown ?? (() => true),
  };
}

function readWords(parse: Parse): void {
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
  }
}

// A lone "-" is a positional argument: it names standard input.
function isFlag(word: string): boolean {
  return word.startsWith("-") && word.length > 1;
}

/** Reads `--flag` at a place; returns how many arguments it consumed. */
function readLong(parse: Parse, at: number): number {
  const { table, words } = parse;
  const word = words[at] ?? "";
  const [key, value] = splitValue(word.slice(2));
  if (value !== undefined) {
    store(parse, { key, value: table.booleans.has(key) ? value !== "false" : value, word });
    return 1;
  }
  const negated = key.startsWith("no-") ? key.slice(3) : "";
  if (table.negatables.has(negated)) {
    store(parse, { key: negated, value: false, word, replace: true });
    return 1;
  }
  const next = words[at + 1];
  const takesNext = next !== undefined && !next.startsWith("-");
  return readFollowing(parse, { key, word, next, takesNext });
}

/** The first `=` with something before and after it separates the two; `--a=` has no value and is named so. */
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
  if (next && takesNext && !parse.table.booleans.has(key)) {
    store(parse, { key, value: next, word });
    return 2;
  }
  if (next === "true" || next === "false") {
    store(parse, { key, value: next === "true", word });
    return 2;
  }
  store(parse, { key, value: valueless(parse, key), word });
  return 1;
}

function valueless({ table }: Parse, key: string): string | boolean {
  return table.strings.has(key) ? "" : true;
}

/** Reads `-abc`, `-n5`, `-a=b` or `-a b` at a place; returns how many arguments it consumed. */
function readLetters(parse: Parse, at: number): number {
  const word = parse.words[at] ?? "";
  for (let place = 1; place < word.length - 1; place++) {
    const letter = word[place] ?? "";
    const behind = word.slice(place + 1);
    const value = valueBehind(letter, behind, place + 1 < word.length - 1);
    if (value !== undefined) {
      store(parse, { key: letter, value, word });
      if (behind !== "-") return 1;
    } else store(parse, { key: letter, value: valueless(parse, letter), word });
  }
  const key = word.slice(-1);
  if (key === "-") return 1;
  const next = parse.words[at + 1];
  const takesNext = next !== undefined && !/^--?[^-]/.test(next);
  return readFollowing(parse, { key, word, next, takesNext });
}

/** What follows a letter directly as its value: `-a=b`, `-n5`, `-a/b`, `-a-`. */
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

interface Finding {
  readonly key: string;
  readonly value: string | boolean;
  /** The argument as it was given. */
  readonly word: string;
  /** Instead of being collected. */
  readonly replace?: boolean;
}

function store({ table, flags }: Parse, { key, value, word, replace = false }: Finding): void {
  const isDeclared = table.booleans.has(key) || table.strings.has(key);
  if (!isDeclared && table.unknown(word, key, value) === false) return;
  const typed = typeof value === "string" && !table.strings.has(key) ? numberOrText(value) : value;
  if (replace || !table.collects.has(key)) return put(flags, key, typed);
  const present = Object.hasOwn(flags, key) ? flags[key] : undefined;
  if (Array.isArray(present)) present.push(typed);
  else put(flags, key, present ? [present, typed] : [typed]);
}

function numberOrText(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

function fillDefaults({ table, flags }: Parse, defaults: Readonly<Record<string, unknown>>): void {
  const fill = (key: string, value: unknown) => Object.hasOwn(flags, key) || put(flags, key, value);
  for (const [key, value] of Object.entries(defaults)) fill(key, value);
  for (const key of table.booleans) fill(key, table.collects.has(key) ? [] : false);
  for (const key of table.strings) if (table.collects.has(key)) fill(key, []);
}

// Not an assignment: `--__proto__=x` must make an own key and leave Object.prototype alone.
function put(flags: Args, key: string, value: unknown): void {
  Object.defineProperty(flags, key, { value, writable: true, enumerable: true, configurable: true });
}
