/** Runs a script from its command line to its exit code; all effects come in as a host. */
import { getLogger } from "../packages/logtape.ts";
import { type CommandLine, type Offer, optionsOf, readConfig } from "./config.ts";
import { completeCommands as nameSettings, type GivenSettings, givenSettings } from "./complete_commands.ts";
import { LiveLine, type Terminal } from "./live_line.ts";
import { configureLogs } from "./logs.ts";
import { Progress } from "./progress.ts";
import { foldLine, withoutUsers } from "../printable.ts";
import { VERSION } from "./version.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_code.ts";
import { failureLines, failureText, type RightsAdvisor } from "./failure_text.ts";
import type { OptionTable } from "./options.ts";
import { type Usage, usageText } from "./usage_text.ts";

/** A script: what `--help` says about it, what it accepts, and what it does. */
export interface Script<Table extends OptionTable> extends Offer<Table>, Omit<Usage, keyof Offer<Table>> {
  /** Resolves to the exit code. What it throws is reported on stderr. */
  readonly run: (call: Call<Table>) => Promise<number>;
}

/** One run of a script. */
export interface Call<Table extends OptionTable> extends CommandLine<Table> {
  /** Aborted by Ctrl-C or SIGTERM; its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  /** Does what hears no signal, such as native code that takes long: meanwhile Ctrl-C and SIGTERM end the process at once. */
  readonly unheard: <T>(work: () => T) => T;
  /** Writes results to stdout and ends them with a line feed. */
  readonly print: (text: string) => void;
  /** Shows on stderr how far the run is. */
  readonly progress: Progress;
  /** Names the settings of this run in the commands that a text advises. */
  readonly completeCommands: (text: string) => string;
  /** The same for a line of a result that people read, on as many lines as their terminal needs. */
  readonly forPeople: (line: string) => string;
  /** The settings that this run was given and that are not the default. */
  readonly given: GivenSettings;
}

/** The process around a script. */
export interface Host {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** See {@linkcode Call}; by default nothing is done about signals. */
  readonly unheard?: <T>(work: () => T) => T;
  readonly writeOut: (text: string) => void;
  /** Of the terminal that results go to; absent for files and pipes. */
  readonly outColumns?: number;
  readonly stderr: Terminal & { readonly colour: boolean };
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Finds the command line that has a missing right. */
  readonly advise?: RightsAdvisor;
}

/** Runs a script from its command line to its exit code; never rejects. */
export async function runCommand<Table extends OptionTable>(
  script: Script<Table>,
  host: Host,
): Promise<number> {
  const text = standardText(script, host.args);
  if (text !== undefined) {
    host.writeOut(`${text}\n`);
    return EXIT_CODES.done.code;
  }
  using line = new LiveLine(host.stderr);
  const given = givenSettings(script.name, host);
  const completeCommands = (text: string) => nameSettings(text, given);
  let stack = host.env.LOG_LEVEL === "debug";
  try {
    const commandLine = readConfig(host, script);
    stack = commandLine.config.log.level === "debug";
    configureLogs({
      ...commandLine.config.log,
      colour: host.stderr.colour,
      columns: columnsOf(host.stderr),
      write: (text) => line.writeAbove(text),
      completeCommands,
    });
    const forPeople = (text: string) => fold(completeCommands(text), host.outColumns);
    const texts = { completeCommands, forPeople, given };
    const code = await script.run({ ...commandLine, ...outlets(script, { host, line }), ...texts });
    // What went wrong before it was stopped is told by its code too.
    const isStopped = host.signal.aborted && code === EXIT_CODES.done.code;
    return isStopped ? exitCodeOf(undefined, host.signal) : code;
  } catch (error) {
    line.clear();
    writeFailure(host.signal.aborted ? host.signal.reason : error, { name: script.name, stack, host });
    return exitCodeOf(error, host.signal);
  }
}

/** How a failure is written. */
interface FailureOptions {
  /** Of the script. */
  readonly name: string;
  readonly stack?: boolean;
  readonly host: Pick<Host, "args" | "env" | "advise"> & { readonly stderr: Terminal };
}

/** Writes the error that ended a script: text, or one line of JSON per fault where log lines are JSON. */
export function writeFailure(error: unknown, { name, stack = false, host }: FailureOptions): void {
  const write = (text: string) => host.stderr.write(text);
  const given = givenSettings(name, host);
  const completeCommands = (text: string) => nameSettings(text, given);
  if (!wantsJson(host)) {
    const text = completeCommands(failureText(error, { name, stack, advise: host.advise }));
    return write(fold(text, columnsOf(host.stderr)));
  }
  configureLogs({ format: "json", level: stack ? "debug" : "error", colour: false, write, completeCommands });
  const logger = getLogger(["ratalake", name]);
  for (const line of failureLines(error, host.advise)) logger.error`${withoutUsers(line)}`;
  if (stack) logger.debug`${error instanceof Error ? error.stack : String(error)}`;
}

/** Undefined where no person reads at a terminal. */
function columnsOf({ isTerminal, columns = 80 }: Terminal): number | undefined {
  return isTerminal ? columns : undefined;
}

/** Each line apart; stacks, which are indented, stay as they are. */
function fold(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text.split("\n").map((line) => line.startsWith(" ") ? line : foldLine(line, { columns })).join("\n");
}

// The configuration may be what is wrong, so the format is looked up without it; the flag beats the variable.
function wantsJson({ args, env }: Pick<Host, "args" | "env">): boolean {
  const at = args.findLastIndex((arg) => /^--log-format(?:=|$)/.test(arg));
  const flag = args[at]?.includes("=") ? args[at]?.slice("--log-format=".length) : args[at + 1];
  return (at < 0 ? env.LOG_FORMAT : flag) === "json";
}

/** The environment variables a script reads. */
export function environmentNames(offer: Offer<OptionTable>): readonly string[] {
  return Object.values(optionsOf(offer)).flatMap(({ env }) => env ?? []);
}

/**
 * The answer to `--help` and `--version`, which take precedence over everything before `--`; a script may have a `--version` of its
 * own.
 */
function standardText(usage: Usage, args: readonly string[]): string | undefined {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  if (flags.includes("--help") || flags.includes("-h")) return usageText(usage);
  const isAsked = flags.includes("--version") && usage.options?.version === undefined;
  return isAsked ? `ratalake ${VERSION}` : undefined;
}

function outlets({ name }: Usage, { host, line }: { readonly host: Host; readonly line: LiveLine }) {
  return {
    signal: host.signal,
    unheard: host.unheard ?? ((work) => work()),
    print: (text: string) => {
      // A result must not stand behind the live line: on a terminal both streams go to one screen.
      line.clear();
      host.writeOut(`${text}\n`);
    },
    progress: new Progress({ name, line, monotonic: host.monotonic }),
  };
}
