/** Turns the error that ended a script into lines that a person can act on. */
import { systemFault, UsageError } from "../errors.ts";
import { printable } from "../printable.ts";

/** How {@linkcode failureText} describes an error. */
interface FailureTextOptions {
  /** The script, to begin each line with. */
  readonly name: string;
  /** Add the stack, and those of the causes. */
  readonly stack?: boolean;
}

/** What stderr says about the error that ended a script: one line with its causes, or one line per wrong setting. */
export function failureText(error: unknown, { name, stack = false }: FailureTextOptions): string {
  const text = failureLines(error).map((line) => `${name}: ${printable(line)}\n`).join("");
  return stack ? text + causeChain(error).map(stackOf).join("") : text;
}

/** The same without the script's name and stacks, for log lines: control characters are as they were. */
export function failureLines(error: unknown): readonly string[] {
  if (error instanceof UsageError) return [...error.faults, "see --help for all flags and variables"];
  return [causeChain(error).map(sentence).filter(isFirstMention).join("; because ")];
}

/** The error, its cause, the cause of that, and so on; an AggregateError goes on with its first error. */
function causeChain(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at !== undefined && at !== null && !chain.includes(at); at = causeOf(at)) {
    chain.push(at);
  }
  return chain.length === 0 ? [error] : chain;
}

function causeOf(error: unknown): unknown {
  if (error instanceof AggregateError) return error.cause ?? error.errors[0];
  return error instanceof Error ? error.cause : undefined;
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (systemFault(error) === "missing right") return missingRight(error.message);
  return error.message || error.name;
}

// A wrapper that repeats the message of its cause would say it twice.
function isFirstMention(text: string, at: number, all: readonly string[]): boolean {
  return all.findIndex((other) => other.includes(text)) === at;
}

const VERBS: Readonly<Record<string, string>> = {
  read: "read",
  write: "write",
  net: "connect to",
  env: "read the variable",
  sys: "ask the system for",
  run: "run",
  ffi: "load",
  import: "import",
};

/** Deno's `Requires net access to "host:1", run again with the --allow-net flag` as what to add where. */
function missingRight(message: string): string {
  const [, kind = "", to] = /^Requires (\w+) access(?: to "?([^"]*)"?)?, run again/.exec(message) ?? [];
  const verb = VERBS[kind];
  if (verb === undefined) return message;
  const what = to === undefined || to.startsWith("<") ? undefined : to;
  const right = `--allow-${kind}${what === undefined ? "" : `=${what}`}`;
  return `Cannot ${verb} "${to ?? "anything"}": found no permission, expected ${
    quoted(right)
  } on the command line ` +
    "or the same in the permission set in deno.json";
}

function quoted(argument: string): string {
  return /^[\w./:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack ? `${printable(error.stack, { keepLines: true })}\n` : "";
}
