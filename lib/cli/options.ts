/** Options as a table: reading them from flags and environment, with all faults at once. */
import { parseArgs } from "@std/cli/parse-args";
import { z } from "../packages/zod.ts";
import { closestName } from "../text/closest_name.ts";
import { withoutSecrets } from "../printable.ts";

/** One thing a user can set: by flag, by environment variable, or both. */
export interface Option<T = unknown> {
  /** One line for `--help`. */
  readonly summary: string;
  /** What the value is, for `--help` ("folder"); absent for a switch, which takes no value. */
  readonly value?: string;
  /** The environment variable that sets it too; the flag beats it. */
  readonly env?: string;
  /** True for what the list of processes must not show: it has no flag, and its value is never printed. */
  readonly secret?: boolean;
  /** True for addresses: a message shows neither the user nor the query that somebody may have put into one. */
  readonly address?: boolean;
  /** Text that is read when neither flag nor variable is given. */
  readonly default?: string;
  /** Ends the sentence "Cannot use --x: found y, expected ...". */
  readonly expected: string;
  /** Reads the text; gets undefined when neither flag nor variable nor default is there. */
  readonly schema: z.ZodType<T>;
}

/** Options by the name the program uses; the flag is that name in kebab-case. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What a table of options comes out as. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: z.output<Table[Name]["schema"]>;
};

/** Where options are read from. An empty environment variable counts as unset. */
export interface OptionSource {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The outcome of {@linkcode readOptions}; when there are faults, the values are not complete. */
interface OptionReading {
  readonly values: Readonly<Record<string, unknown>>;
  /** Arguments that belong to no flag, in order. */
  readonly positionals: readonly string[];
  /** One line per fault. */
  readonly faults: readonly string[];
}

/** A switch: false unless its flag is there. */
export function switchOption(summary: string): Option<boolean> {
  return { summary, expected: "true or false", default: "false", schema: z.stringbool() };
}

/** Reads every option of a table and gathers all faults instead of stopping at the first. */
export function readOptions(table: OptionTable, { args, env }: OptionSource): OptionReading {
  const { given, positionals, faults } = readFlags(table, args);
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    const source = sourceOf(name, option, { given, env });
    const read = option.schema.safeParse(source.text);
    if (read.success) values[name] = read.data;
    else faults.push(fault(source, option));
  }
  return { values, positionals, faults };
}

/** The flag of an option, with its dashes. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

interface Flags {
  readonly given: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
  readonly faults: string[];
}

function readFlags(table: OptionTable, args: readonly string[]): Flags {
  const offered = Object.entries(table).filter(([, option]) => !option.secret);
  const switches = offered.filter(([, { value }]) => value === undefined).map(([name]) => nameOfFlag(name));
  const valued = offered.filter(([, { value }]) => value !== undefined).map(([name]) => nameOfFlag(name));
  const flags = [...switches, ...valued];
  // Known, so that what follows is taken for its value, and told nobody.
  const secrets = Object.entries(table).filter(([, option]) => option.secret);
  const faults: string[] = [];
  const parsed = parseArgs([...args], {
    boolean: switches,
    string: [...valued, ...secrets.map(([name]) => nameOfFlag(name)), "_"],
    collect: flags,
    unknown: (arg, key) => key === undefined || faults.push(unknownFlag(arg, flags)) < 0,
  });
  const given = new Map<string, string>();
  for (const [name, option] of offered) {
    const texts = z.array(z.unknown()).parse(parsed[nameOfFlag(name)] ?? []).map(String);
    for (const fault of textFaults(name, option, texts)) faults.push(fault);
    if (texts[0]) given.set(name, texts[0]);
  }
  const shown = secrets.filter(([name]) => nameOfFlag(name) in parsed).map(secretFault);
  return { given, positionals: parsed._.map(String), faults: [...faults, ...shown] };
}

function nameOfFlag(name: string): string {
  return flagOf(name).slice(2);
}

function secretFault([name, { env }]: [string, Option]): string {
  return `Cannot use "${
    flagOf(name)
  }": found a secret on the command line, where all see it, expected it in ${env}`;
}

function textFaults(name: string, { expected }: Option, texts: readonly string[]): readonly string[] {
  const times = `Cannot use "${flagOf(name)}": found it ${texts.length} times, expected once`;
  const empty = `Cannot use "${flagOf(name)}": found no value, expected ${expected}`;
  return [...(texts.length > 1 ? [times] : []), ...(texts[0] === "" ? [empty] : [])];
}

function unknownFlag(arg: string, flags: readonly string[]): string {
  const flag = arg.replace(/=.*$/s, "");
  if (flags.includes(flag.slice(2))) return `Cannot use "${flag}": found no value after "="`;
  const closest = closestName(flag, [...flags.map((name) => `--${name}`), "--help", "--version"]);
  return `Cannot use "${flag}": unknown flag, ${closest ? `did you mean "${closest}"?` : "see --help"}`;
}

interface TextSource {
  readonly label: string;
  readonly text: string | undefined;
}

/** Flag beats environment beats default. */
function sourceOf(
  name: string,
  option: Option,
  { given, env }: Pick<OptionSource, "env"> & Pick<Flags, "given">,
) {
  const flag: TextSource = { label: flagOf(name), text: given.get(name) };
  const variable: TextSource = {
    label: option.env ?? "",
    text: option.env && (env[option.env] || undefined),
  };
  const fallback: TextSource = { label: option.secret ? variable.label : flag.label, text: option.default };
  return [flag, variable].find(({ text }) => text !== undefined) ?? fallback;
}

function fault({ label, text }: TextSource, { secret, address, expected }: Option): string {
  const shown = address && text !== undefined ? withoutSecrets(text) : text;
  const found = shown === undefined
    ? "nothing"
    : secret
    ? "a value that is not shown"
    : JSON.stringify(shown);
  return `Cannot use "${label}": found ${found}, expected ${expected}`;
}

/** An option that takes a whole number from 0. */
export function countOption(
  { summary, most, default: fallback }: {
    readonly summary: string;
    readonly most: number;
    readonly default: string;
  },
): Option<number> {
  return {
    summary,
    value: "count",
    default: fallback,
    expected: `a whole number from 0 to ${most}`,
    schema: z.string().regex(/^\d{1,10}$/).transform(Number).pipe(z.int().max(most)),
  };
}
