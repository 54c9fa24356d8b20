/** The scripts as users start them, each with its own rights, on a folder of their own below data_files. */

import { LocalStore, openTable } from "../../lib/delta/mod.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { frameRows } from "../delta/frame_rows.ts";
import { denoArguments } from "../e2e/script_process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The tables of the pipeline. */
export const PIPELINE_PATHS = { ...TABLE_PATHS, ...ANALYSIS_PATHS };

/** A table of the pipeline. */
export type TableName = keyof typeof PIPELINE_PATHS;

/** A row whose values JSON can carry: 64-bit numbers as digits, times as microseconds, bytes as a list. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** What a script said. */
export interface ScriptOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder that is removed in the end. */
export interface PipelineFolder extends AsyncDisposable {
  /** From the root of the repository, as DATA_DIR takes it. */
  readonly dataDir: string;
  /** The same from the root of the file system. */
  readonly path: string;
  /** Runs a script to its end. */
  run(script: string, args: readonly string[]): Promise<ScriptOutcome>;
  /** Runs a script that must end with 0 and gives what it printed. */
  print(script: string, args: readonly string[]): Promise<string>;
  /** Starts a script and leaves the rest to the caller. */
  start(script: string, args: readonly string[]): Promise<Deno.ChildProcess>;
  /** Reads a table with this project's own library. */
  rows(table: TableName): Promise<readonly PlainRow[]>;
}

/** Makes an empty folder; `env` goes to every script. */
export async function makePipelineFolder(
  env: Readonly<Record<string, string>> = {},
): Promise<PipelineFolder> {
  await Deno.mkdir(`${ROOT}data_files`, { recursive: true });
  const path = await Deno.makeTempDir({ dir: `${ROOT}data_files`, prefix: "interop-" });
  const dataDir = path.slice(ROOT.length);
  const command = async (script: string, args: readonly string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: await denoArguments(script, args, { ...env, DATA_DIR: dataDir }),
      cwd: ROOT,
      // An empty variable counts as unset: the caller's own settings must not leak in.
      env: { KAFKA_BROKER: "", KAFKA_TOPIC: "", NO_COLOR: "1", ...env, DATA_DIR: dataDir },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  const run = async (script: string, args: readonly string[]) =>
    outcomeOf(await (await command(script, args)).output());
  return {
    dataDir,
    path,
    run,
    print: async (script, args) => printed(script, await run(script, args)),
    start: async (script, args) => (await command(script, args)).spawn(),
    rows: (table) => readTableRows(`${path}/${PIPELINE_PATHS[table]}`),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** All rows of a table at its newest version, file by file. */
export async function readTableRows(path: string): Promise<readonly PlainRow[]> {
  const table = await openTable(new LocalStore(path), { clock: () => 0, ids: () => "unused" });
  const rows: PlainRow[] = [];
  for (const add of table.snapshot.files.values()) {
    for (const row of frameRows(await table.readFile(add))) rows.push(plainRow(row));
  }
  return rows;
}

function plainRow(row: PlainRow): PlainRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? String(value) : value]),
  );
}

function outcomeOf({ code, stdout, stderr }: Deno.CommandOutput): ScriptOutcome {
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

function printed(script: string, { code, stdout, stderr }: ScriptOutcome): string {
  if (code !== 0) {
    throw new Error(`${script} ended with ${code}: ${stderr.slice(-2000)}${stdout.slice(-2000)}`);
  }
  return stdout;
}
