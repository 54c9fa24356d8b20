/** Everything that a run of the benchmark found, with where it was measured; kept as JSON. */

import { pythonPath } from "../interop/python_venv.ts";
import { BENCH_FOLDER } from "./bench_cache.ts";
import type { Aim } from "./bench_line.ts";
import { describeSource } from "./bench_trains.ts";
import type { GrowthFigures } from "./growth_figures.ts";
import type { LineFigures } from "./measure_line.ts";

/** Where and of what. */
export interface BenchHead {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  /** Load of the last minute before the first line: what else the machine did. */
  readonly load: number;
  readonly source: string;
  /** Its versions, or why it is not measured; empty where there is none. */
  readonly peer: string;
  readonly runs: number;
}

/** One line, as it was measured. */
export interface LineResult extends LineFigures {
  readonly name: string;
  readonly kind: "pipeline" | "delta";
  readonly aim: Aim | null;
  /** What the peer's program is where it does not do the line's work. */
  readonly mark: string | null;
}

/** What a file of results holds. */
export interface BenchResults extends BenchHead {
  readonly lines?: readonly LineResult[];
  readonly growth?: readonly GrowthFigures[];
}

/** The README is made of lines and growth; quick lines and a part of them or of growth are for a quick look. */
export type ResultKind = "lines" | "growth" | "quick" | "part";

const RESULTS = `${BENCH_FOLDER}/results`;

/** Looks at the machine; `peer` is why there is no peer, undefined to ask the peer for its versions. */
export async function describeHead(runs: number, peer: string | undefined): Promise<BenchHead> {
  const versions =
    'import polars, deltalake; print("polars", polars.__version__, "+ delta-rs", deltalake.__version__)';
  return {
    at: new Date().toISOString(),
    commit: await printed("git", ["describe", "--always", "--dirty"]).catch(() => "unknown"),
    machine: await describeMachine(),
    load: Deno.loadavg()[0] ?? 0,
    source: await describeSource(),
    peer: peer ?? await printed(pythonPath(), ["-c", versions]),
    runs,
  };
}

/** Writes the results, also those of a run that is not done; gives the file's name, which begins with their kind. */
export async function writeResults(results: BenchResults, kind: ResultKind): Promise<string> {
  await Deno.mkdir(RESULTS, { recursive: true });
  const file = `${RESULTS}/${kind}-${results.at.replaceAll(":", "-")}.json`;
  await Deno.writeTextFile(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

/** Reads these files; without names the newest of all lines and of growth. */
export async function readResults(files: readonly string[]): Promise<readonly BenchResults[]> {
  const names = files.length > 0 ? files : await newestFiles();
  return await Promise.all(names.map(async (name) => JSON.parse(await Deno.readTextFile(name))));
}

async function newestFiles(): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(RESULTS)).catch(() => []);
  const names = entries.map(({ name }) => name).sort();
  return ["lines-", "growth-"].flatMap((kind) => {
    const newest = names.findLast((name) => name.startsWith(kind));
    return newest === undefined ? [] : [`${RESULTS}/${newest}`];
  });
}

async function describeMachine(): Promise<string> {
  // Deno itself may not look into /proc without all rights.
  const cpus = await printed("cat", ["/proc/cpuinfo"]).catch(() => "");
  const cpu = /^model name\s*: (.+)$/m.exec(cpus)?.[1] ?? Deno.build.arch;
  const memory = `${(Deno.systemMemoryInfo().total / 2 ** 30).toFixed(0)} GiB`;
  const system = `${Deno.build.os} ${Deno.osRelease()}, Deno ${Deno.version.deno}`;
  return `${navigator.hardwareConcurrency} cores ${cpu}, ${memory}, ${system}`;
}

async function printed(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) throw new Error(`${command} ended badly: ${new TextDecoder().decode(stderr).slice(-500)}`);
  return new TextDecoder().decode(stdout).trim();
}
