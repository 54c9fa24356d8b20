/** What `--help` prints. */
import { type Offer, optionsOf } from "./config.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { flagOf, type Option, type OptionTable } from "./options.ts";

/** What `--help` says of a script. */
export interface Usage extends Offer<OptionTable> {
  /** The task's name: "process". */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** A command that works as it stands. */
  readonly example: string;
}

/** Columns of a terminal that nobody has made wider. */
const WIDTH = 80;
/** Wider flags stand on a line of their own, their meaning begins below. */
const WIDEST_LEFT = 26;

/** The help of a script: usage, example, flags, environment and exit codes. */
export function usageText(usage: Usage): string {
  const { name, summary, example, positionals } = usage;
  const options = Object.entries(optionsOf(usage));
  const after = positionals === undefined
    ? ""
    : ` ${positionals.least === 0 ? `[${positionals.value}]` : positionals.value}`;
  return [
    wrap(summary.replaceAll("\n", " "), WIDTH).join("\n"),
    section("Usage", [`deno task ${name} [flags]${after}`]),
    section("Example", example.split("\n")),
    positionals && section("Arguments", columns([[positionals.value, positionals.summary]])),
    section("Flags", columns([...options.flatMap(flagRow), ...standardFlags(usage)])),
    section("Environment", columns(options.flatMap(environmentRow))),
    section(
      "Exit codes",
      columns(Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning])),
    ),
  ].filter((part) => part !== undefined).join("\n");
}

type Row = readonly [left: string, right: string];

function standardFlags({ options }: Usage): readonly Row[] {
  const help: Row = ["--help", "show this help and exit"];
  return options?.version === undefined ? [help, ["--version", "show the version and exit"]] : [help];
}

function flagRow([name, option]: [string, Option]): Row[] {
  if (option.secret) return [];
  const left = option.value === undefined ? flagOf(name) : `${flagOf(name)} ${option.value}`;
  const isSwitch = option.value === undefined || option.default === undefined;
  return [[left, isSwitch ? option.summary : `${option.summary} (default ${option.default})`]];
}

function environmentRow([name, option]: [string, Option]): Row[] {
  if (option.env === undefined) return [];
  return [[
    option.env,
    option.secret ? option.summary : `same as ${flagOf(name)}; the flag takes precedence`,
  ]];
}

function section(title: string, lines: readonly string[]): string {
  return `\n${title}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Rows with the right column aligned; where the left part is too long, the right one begins below it. */
function columns(rows: readonly Row[]): string[] {
  const indent = rows.reduce((widest, [left]) => Math.min(WIDEST_LEFT, Math.max(widest, left.length)), 0) + 2;
  return rows.flatMap(([left, right]) => {
    const [first = "", ...more] = wrap(right, WIDTH - indent - 2);
    const below = more.map((line) => " ".repeat(indent) + line);
    if (left.length + 2 > indent) return [left, " ".repeat(indent) + first, ...below];
    return [left.padEnd(indent) + first, ...below];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
