/** Runs the scripts as real processes, with the very command and rights with which the launcher starts them. */

import { existsSync } from "node:fs";
import { LocalStore } from "../../lib/delta/mod.ts";
import { MEMORY_VARIABLE } from "../../lib/cli/rights/script_table.ts";
import { planStart } from "../../lib/cli/rights/plan_start.ts";
import type { StoreOf } from "../pipeline/process_rig.ts";

const ROOT = new URL("../../", import.meta.url);

/** What the launcher puts into the environment of each script. */
export const LAUNCHED_ENV: Readonly<Record<string, string>> = {
  [MEMORY_VARIABLE.name]: MEMORY_VARIABLE.value,
};

/** A script that has ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the tests read of deno.json. */
export interface ProjectConfig {
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
  readonly permissions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A folder for data below data_files, where the scripts may write; it goes at the end. */
export class DataFolder implements AsyncDisposable {
  /** Relative to the root of the project, as a user would write it. */
  readonly path: string;

  constructor() {
    Deno.mkdirSync(new URL("data_files", ROOT), { recursive: true });
    const path = Deno.makeTempDirSync({ dir: new URL("data_files", ROOT).pathname, prefix: "test-" });
    this.path = `data_files/${path.slice(path.lastIndexOf("/") + 1)}`;
  }

  /** The absolute path of a file in it. */
  file(name: string): string {
    return new URL(`${this.path}/${name}`, ROOT).pathname;
  }

  storeOf: StoreOf = (path) => new LocalStore(this.file(path));

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.file(""), { recursive: true });
  }
}

/** deno.json as it is. */
export async function readProjectConfig(): Promise<ProjectConfig> {
  return JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
}

/** The arguments of `deno` with which the launcher starts a script; the launcher itself is in `launch_test.ts`. */
export async function denoArguments(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { permissions: sets } = await readProjectConfig();
  const disk = { currentFolder: ROOT.pathname.replace(/\/$/, ""), isFolder, realPath };
  const { command, faults } = planStart(script, { args, env, sets, ...disk });
  if (faults.length > 0) throw new Error(faults.join("; "));
  return [...command];
}

function isFolder(path: string): boolean {
  return existsSync(path.startsWith("/") ? path : `${ROOT.pathname}${path}`);
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** Starts a script with nothing but these settings in the environment; it is killed when its process is. */
export async function startScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Deno.ChildProcess> {
  const command = new Deno.Command(Deno.execPath(), {
    args: await denoArguments(script, args, env),
    cwd: ROOT,
    env: { NO_COLOR: "1", LOG_LEVEL: "warning", KAFKA_BROKER: "", ...LAUNCHED_ENV, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  return command.spawn();
}

/** Runs a script to its end. */
export async function runScript(
  task: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  return await endOf(await startScript(task, args, env));
}

/** Waits for the end of a script. */
export async function endOf(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
