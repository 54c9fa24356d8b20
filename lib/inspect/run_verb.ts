/** Runs one verb of `deno task table`: opens the table, lets the verb do its work, and prints. */
import {
  type DeltaTable,
  openTable,
  openTableAt,
  type Store,
  type TableMoment,
  type TableOptions,
} from "../delta/mod.ts";
import { closestName } from "../text/closest_name.ts";
import { checkTableFlags } from "./check_flags.ts";
import { isStandardOutput, openOutput, type Output } from "./output_file.ts";
import { UsageError } from "../errors.ts";
import { catRows, SHOWN_ROWS } from "./cat_rows.ts";
import { diffVersions, renderDiff } from "./diff_versions.ts";
import { filesJson, filesOf, renderFiles } from "./list_files.ts";
import { historyJson, renderHistory } from "./list_history.ts";
import { checkpoint, type MaintenanceResult, optimize, restore, vacuum } from "./maintain_table.ts";
import { describeTable, renderDescription } from "./show_table.ts";
import type { TableFlags } from "./table_flags.ts";

/** One call of a verb. */
interface TableCall {
  /** Opens the store of a folder. */
  readonly storeOf: (path: string) => Store;
  readonly options: TableOptions;
  /** The verb, the path, and what follows it. */
  readonly positionals: readonly string[];
  readonly flags: TableFlags;
  /** Writes a line, or several. */
  readonly print: (text: string) => void;
  /** Standard output. */
  readonly out: Output;
  /** Columns of the terminal that standard output is; undefined when it is none. */
  readonly width?: number | undefined;
  /** Aborted when the user wants the verb to stop. */
  readonly signal?: AbortSignal;
}

type Flag = keyof TableFlags;

interface Verb {
  readonly flags: readonly Flag[];
  /** What follows the path. */
  readonly positionals: readonly string[];
  readonly run: (call: TableCall, path: string) => Promise<void>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  show: { flags: ["version", "timestamp", "json"], positionals: [], run: show },
  history: { flags: ["limit", "json"], positionals: [], run: history },
  files: { flags: ["where", "version", "timestamp", "json"], positionals: [], run: files },
  cat: {
    flags: ["columns", "where", "version", "timestamp", "limit", "format", "out"],
    positionals: [],
    run: cat,
  },
  diff: { flags: ["json"], positionals: ["version", "version"], run: diff },
  optimize: {
    flags: ["partitions", "sortBy", "targetMb", "json"],
    positionals: [],
    run: (call, path) => change(call, path, (table) => optimize(table, call.flags)),
  },
  vacuum: {
    flags: ["dryRun", "retentionHours", "force", "json"],
    positionals: [],
    run: (call, path) => change(call, path, (table) => vacuum(table, call.flags)),
  },
  checkpoint: { flags: ["json"], positionals: [], run: (call, path) => change(call, path, checkpoint) },
  restore: { flags: ["to", "marks", "json"], positionals: [], run: goBack },
};

const DEFAULTS: Partial<TableFlags> = { format: "table", dryRun: false, force: false, json: false };

/**
 * Runs one verb.
 *
 * @throws {UsageError} when there is no such verb, or it does not take what it was given
 */
export async function runTableVerb(call: TableCall): Promise<void> {
  const [name = "", path = "", ...rest] = call.positionals;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) {
    const [known, closest] = [Object.keys(VERBS), closestName(name, Object.keys(VERBS))];
    const way = closest === undefined ? `expected ${known.join(", ")}` : `did you mean "${closest}"?`;
    throw new UsageError([`Cannot run "table ${name}": unknown verb, ${way}`]);
  }
  const faults = [...flagFaults(name, verb, call.flags), ...positionalFaults(name, verb, rest)];
  if (faults.length > 0) throw new UsageError(faults);
  call.signal?.throwIfAborted();
  // A file that cat writes has to go before the process does, so cat looks itself.
  await (name === "cat" ? verb.run(call, path) : unlessAborted(verb.run(call, path), call.signal));
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function flagFaults(name: string, verb: Verb, flags: TableFlags): string[] {
  const known = new Set(Object.values(VERBS).flatMap((one) => one.flags));
  const given = [...known].filter((flag) => flags[flag] !== DEFAULTS[flag]);
  const faults = given.filter((flag) => !verb.flags.includes(flag))
    .map((flag) =>
      `Cannot use "${flagName(flag)}" with "table ${name}": it belongs to other verbs, see --help`
    );
  if (flags.version !== undefined && flags.timestamp !== undefined) {
    faults.push('Cannot use "--timestamp": found "--version" too, expected one of them');
  }
  if (name === "restore" && flags.to === undefined) {
    faults.push('Cannot run "table restore": found no "--to", expected a version or a time');
  }
  return faults;
}

function positionalFaults(name: string, { positionals }: Verb, rest: readonly string[]): string[] {
  const isRight = rest.length === positionals.length && rest.every((argument) => /^\d{1,15}$/.test(argument));
  if (isRight) return [];
  const expected = ["the path of a table", ...positionals.map((positional) => `a ${positional}`)].join(", ");
  return [`Cannot run "table ${name}": found ${JSON.stringify(rest)} after the path, expected ${expected}`];
}

function flagName(flag: Flag): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

async function openAsked({ storeOf, options, flags }: TableCall, path: string): Promise<DeltaTable> {
  const moment = momentOf(flags);
  const store = storeOf(path);
  const table = moment === undefined
    ? await openTable(store, options)
    : await orWrongUse(() => openTableAt(store, moment, options));
  checkTableFlags(flags, table.snapshot);
  return table;
}

// A version or a time that the table does not have is a wrong value: nothing was done.
async function orWrongUse<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    // "Maximum call stack size exceeded" is a RangeError too.
    if (error instanceof RangeError && error.message.startsWith("Cannot ")) {
      throw new UsageError([error.message], { cause: error });
    }
    throw error;
  }
}

function momentOf({ version, timestamp }: TableFlags): TableMoment | undefined {
  if (version !== undefined) return { version };
  return timestamp === undefined ? undefined : { timestampMs: timestamp };
}

async function show(call: TableCall, path: string): Promise<void> {
  const table = describeTable(path, (await openAsked(call, path)).snapshot);
  call.print(call.flags.json ? JSON.stringify(table) : renderDescription(table, call.width));
}

async function history(call: TableCall, path: string): Promise<void> {
  const { limit = SHOWN_ROWS, json } = call.flags;
  const entries = await (await openAsked(call, path)).history({ limit });
  call.print(json ? historyJson(entries) : renderHistory(entries, call.width));
}

async function files(call: TableCall, path: string): Promise<void> {
  const { where, json } = call.flags;
  const adds = filesOf((await openAsked(call, path)).snapshot, where);
  if (!json) call.print(renderFiles(adds, call.width));
  else if (adds.length > 0) call.print(filesJson(adds));
}

async function cat(call: TableCall, path: string): Promise<void> {
  const { columns, where, format } = call.flags;
  const { limit = format === "table" ? SHOWN_ROWS : Infinity } = call.flags;
  const table = await unlessAborted(openAsked(call, path), call.signal);
  const { out: file } = call.flags;
  const isStandard = file === undefined || isStandardOutput(file);
  const [out, width] = isStandard ? [call.out, call.width] : [await openOutput(file), undefined];
  const pieces = catRows(table, format, { columns, where, limit, width, signal: call.signal });
  try {
    for (;;) {
      // Looks at the signal after each batch, also where the first piece comes when all rows are read.
      const { value: bytes, done } = await pieces.next();
      call.signal?.throwIfAborted();
      // When the reader has gone ("| head"), nobody wants the rest.
      if (done || !await unlessAborted(out.write(bytes), call.signal)) break;
    }
    await out.finish();
  } catch (error) {
    await out.discard();
    throw error;
  }
}

async function diff(
  { storeOf, options, positionals, flags, print, width }: TableCall,
  path: string,
): Promise<void> {
  const [from, to] = positionals.slice(2).map(Number);
  const open = async (version = 0) =>
    (await orWrongUse(() => openTableAt(storeOf(path), { version }, options))).snapshot;
  const difference = diffVersions(await open(from), await open(to));
  print(flags.json ? JSON.stringify(difference) : renderDiff(difference, width));
}

async function goBack(call: TableCall, path: string): Promise<void> {
  const { to } = call.flags;
  if (to !== undefined) await change(call, path, (table) => restore(table, to, call.flags));
}

async function change(
  { storeOf, options, flags, print }: TableCall,
  path: string,
  act: (table: DeltaTable) => Promise<MaintenanceResult>,
): Promise<void> {
  const table = await openTable(storeOf(path), options);
  checkTableFlags(flags, table.snapshot);
  const { outcome, text } = await orWrongUse(() => act(table));
  print(flags.json ? JSON.stringify(outcome) : text);
}
