/** The scripts as the launcher starts them, each with its own rights, on folders of the benchmark. */

import { denoArguments, LAUNCHED_ENV } from "../e2e/script_process.ts";
import { type Measurement, measureProgram, type Program } from "./measure_program.ts";

/** How a script is started. */
export interface ScriptOptions {
  readonly args?: readonly string[];
  /** More settings than DATA_DIR. */
  readonly env?: Readonly<Record<string, string>>;
  readonly expected?: readonly number[];
}

/** The very command of a script. */
export async function scriptProgram(
  script: string,
  dataDir: string,
  { args = [], env = {} }: ScriptOptions = {},
): Promise<Program> {
  const settings = { ...LAUNCHED_ENV, ...env, DATA_DIR: dataDir };
  return { command: Deno.execPath(), args: await denoArguments(script, args, settings), env: settings };
}

/** Runs a script to its end. */
export async function runScript(
  script: string,
  dataDir: string,
  options: ScriptOptions = {},
): Promise<Measurement> {
  return await measureProgram(await scriptProgram(script, dataDir, options), options.expected);
}
