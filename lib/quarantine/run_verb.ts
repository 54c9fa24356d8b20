/** Runs one verb of `deno task quarantine`: lets a pipeline look into quarantine, or replay it, and prints. */
import { closestName } from "../text/closest_name.ts";
import { flagOf } from "../cli/options.ts";
import { UsageError } from "../errors.ts";
import { foldLine } from "../printable.ts";
import {
  findRejection,
  listQuarantine,
  type QuarantineOptions,
} from "../pipeline/quarantine/read_quarantine.ts";
import type { Surroundings } from "../pipeline/process_run.ts";
import { replayLake, type ReplayLakeOptions } from "../pipeline/quarantine/replay_lake.ts";
import { describeDryReplay, describeReplay } from "./describe_replay.ts";
import type { QuarantineFlags, Since } from "./quarantine_options.ts";
import { renderList, renderListJson } from "./render_list.ts";
import { isHarmful, renderRejection, renderRejectionJson } from "./render_rejection.ts";

/** One call of a verb. */
export interface QuarantineCall {
  readonly options: QuarantineOptions;
  readonly surroundings: Pick<Surroundings, "monotonic" | "signal" | "releaseMemory">;
  readonly policyFile?: ReplayLakeOptions["policyFile"];
  /** Asks the user; undefined where there is nobody to ask. */
  readonly confirm?: ((question: string) => boolean) | undefined;
  /** The verb, and what follows it. */
  readonly positionals: readonly string[];
  readonly flags: QuarantineFlags;
  /** Writes a text and ends its line. */
  readonly print: (text: string) => void;
  /** Names the settings of this run in the commands that a text advises. */
  readonly completeCommands: (text: string) => string;
  /** Writes bytes as they are. */
  readonly writeBytes: (bytes: Uint8Array) => void;
  /** Columns of the terminal that standard output is; undefined when it is none. */
  readonly width: number | undefined;
}

interface Verb {
  readonly flags: readonly (keyof QuarantineFlags)[];
  /** What follows the verb. */
  readonly positionals: readonly string[];
  readonly run: (call: QuarantineCall) => Promise<void>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  list: { flags: ["reason", "since", "limit", "json"], positionals: [], run: list },
  show: { flags: ["raw", "json"], positionals: ["an ID"], run: show },
  replay: { flags: ["reason", "since", "yes", "dryRun", "json"], positionals: [], run: replay },
};
const DEFAULTS: Partial<QuarantineFlags> = { limit: 20, raw: false, json: false, yes: false, dryRun: false };
/** Columns of a terminal that nobody has made wider. */
const WIDTH = 80;

/**
 * Runs one verb.
 *
 * @throws {UsageError} when there is no such verb, or it does not take what it was given
 */
export async function runQuarantineVerb(call: QuarantineCall): Promise<void> {
  const [name = "", ...rest] = call.positionals;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) {
    const [known, closest] = [Object.keys(VERBS), closestName(name, Object.keys(VERBS))];
    const way = closest === undefined ? `expected ${known.join(", ")}` : `did you mean "${closest}"?`;
    throw new UsageError([`Cannot run "quarantine ${name}": unknown verb, ${way}`]);
  }
  const faults = [...flagFaults(name, verb, call.flags), ...positionalFaults(name, verb, rest)];
  if (faults.length > 0) throw new UsageError(faults);
  await verb.run(call);
}

function flagFaults(name: string, verb: Verb, flags: QuarantineFlags): string[] {
  const known = new Set(Object.values(VERBS).flatMap((one) => one.flags));
  const faults = [...known].filter((flag) => flags[flag] !== DEFAULTS[flag] && !verb.flags.includes(flag))
    .map((flag) =>
      `Cannot use "${flagOf(flag)}" with "quarantine ${name}": it belongs to other verbs, see --help`
    );
  if (flags.yes && flags.dryRun) {
    faults.push('Cannot use "--yes": found "--dry-run" too, expected one of them');
  }
  if (flags.raw && flags.json) faults.push('Cannot use "--raw": found "--json" too, expected one of them');
  return faults;
}

function positionalFaults(name: string, { positionals }: Verb, rest: readonly string[]): string[] {
  if (rest.length === positionals.length) return [];
  const expected = positionals.length === 0 ? "nothing" : positionals.join(", ");
  return [`Cannot run "quarantine ${name}": found ${JSON.stringify(rest)} after it, expected ${expected}`];
}

async function list(
  { options, flags, print, completeCommands, width = WIDTH }: QuarantineCall,
): Promise<void> {
  const { reason: reasons, since, limit } = flags;
  const found = await listQuarantine(options, { reasons, sinceMs: momentOf(since, options.clock), limit });
  const page = { list: found, reasons, isRecent: since !== undefined, width };
  print(flags.json ? renderListJson(found) : completeCommands(renderList(page)));
}

async function show(
  { options, flags, positionals, print, writeBytes, width }: QuarantineCall,
): Promise<void> {
  const [, id = ""] = positionals;
  const rejection = await findRejection(options, id);
  if (!flags.raw) return print(flags.json ? renderRejectionJson(rejection) : renderRejection(rejection));
  const { value } = rejection;
  if (width !== undefined && value !== null && isHarmful(value)) {
    throw new UsageError([
      `Cannot write the bytes of ${
        JSON.stringify(id)
      } to a terminal: found some that it would obey, expected a ` +
      "file or a pipe",
    ]);
  }
  if (value !== null) writeBytes(value);
}

async function replay(call: QuarantineCall): Promise<void> {
  const {
    options,
    flags,
    print,
    completeCommands,
    surroundings,
    policyFile,
    confirm,
    width: columns = Infinity,
  } = call;
  const forPeople = (line: string) => foldLine(completeCommands(line), { columns });
  const filter = { reasons: flags.reason, sinceMs: momentOf(flags.since, options.clock) };
  if (!flags.yes) {
    if (!flags.dryRun && confirm === undefined) {
      throw new UsageError(["Cannot ask whether to replay: found no terminal, expected --yes or --dry-run"]);
    }
    const found = await replayLake(options, { filter, surroundings, policyFile, isDry: true });
    print(flags.json ? JSON.stringify(found) : forPeople(describeDryReplay(found)));
    if (flags.dryRun || found.released === 0) return;
    if (!confirm?.("Merge them into the standard table?")) return print("Nothing was changed");
  }
  const counts = await replayLake(options, { filter, surroundings, policyFile });
  print(flags.json ? JSON.stringify(counts) : forPeople(describeReplay(counts)));
}

function momentOf(since: Since | undefined, clock: () => number): number | undefined {
  if (since === undefined) return undefined;
  return "atMs" in since ? since.atMs : clock() - since.agoMs;
}
