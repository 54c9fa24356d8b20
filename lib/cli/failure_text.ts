/** Turns the error that ended a script into lines that a person can act on. */
import { systemFault, UsageError } from "../errors.ts";
import { printable, shellLine, withoutUsers } from "../printable.ts";

/** How {@linkcode failureText} describes an error. */
interface FailureTextOptions {
  /** The script, to begin each line with. */
  readonly name: string;
  /** Add the stack, and those of the causes. */
  readonly stack?: boolean;
  /** The command line that has a missing right. */
  readonly advise?: RightsAdvisor | undefined;
}

/** Gives a command line that has a right; undefined when there is none to give. */
export type RightsAdvisor = (right: { readonly kind: string; readonly to: string }) => string | undefined;

/** What stderr says about the error that ended a script: one line with its causes, or one line per wrong setting. */
export function failureText(error: unknown, { name, stack = false, advise }: FailureTextOptions): string {
  const text = failureLines(error, advise).map((line) => `${name}: ${printable(line)}\n`).join("");
  return withoutUsers(stack ? text + causeChain(error).map(stackOf).join("") : text);
}

/** The same without the script's name and stacks, for log lines: control characters are as they were. */
export function failureLines(error: unknown, advise?: RightsAdvisor): readonly string[] {
  if (error instanceof UsageError) return [...error.faults, "see --help for all flags and variables"];
  const sentences = causeChain(error).map((cause) => sentence(cause, advise));
  return [sentences.filter(isFirstMention).join("; because ")];
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

function sentence(error: unknown, advise?: RightsAdvisor): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (systemFault(error) === "missing right") return missingRight(error.message, advise);
  return withoutRefusal(error) || error.name;
}

// A wrapper that quotes Deno's advice would give it beside the better one.
function withoutRefusal({ message, cause }: Error): string {
  if (!(cause instanceof Error) || systemFault(cause) !== "missing right") return message;
  return message.endsWith(`: ${cause.message}`) ? message.slice(0, -cause.message.length - 2) : message;
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
function missingRight(message: string, advise?: RightsAdvisor): string {
  const [, kind = "", to] = /^Requires (\w+) access(?: to "?([^"]*)"?)?, run again/.exec(message) ?? [];
  if (kind === "all") return `Cannot use "${to}": found a place that Deno keeps to itself, expected another`;
  const verb = VERBS[kind];
  if (verb === undefined) return message;
  const what = to === undefined || to.startsWith("<") ? undefined : to;
  const found = `Cannot ${verb} "${to ?? "anything"}": found no permission, expected`;
  const line = what === undefined ? undefined : advise?.({ kind, to: what });
  if (line !== undefined) return `${found} to be started by: ${line}`;
  const right = shellLine([`--allow-${kind}${what === undefined ? "" : `=${what}`}`]);
  return `${found} ${right} on the command line or the same in the permission set in deno.json`;
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack ? `${printable(error.stack, { keepLines: true })}\n` : "";
}
