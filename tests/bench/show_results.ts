/** The results of the benchmark as a page for the terminal. */

import type { CaseResult, Runs } from "./bench_case.ts";

/** Everything a run of the benchmark found; this is what the JSON file holds. */
export interface BenchResults {
  readonly at: string;
  readonly machine: Machine;
  /** Load of the last minute before the first case: what else the machine did. */
  readonly load: number;
  readonly source: string;
  readonly peer: string;
  readonly runs: number;
  readonly cases: readonly CaseResult[];
}

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly deno: string;
  readonly os: string;
}

const COUNT = new Intl.NumberFormat("en");

/** This machine. */
export async function describeMachine(): Promise<Machine> {
  // Deno itself may not look into /proc without all rights.
  const { stdout } = await new Deno.Command("cat", { args: ["/proc/cpuinfo"] }).output();
  const cpus = new TextDecoder().decode(stdout);
  return {
    cpu: /^model name\s*: (.+)$/m.exec(cpus)?.[1] ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    memoryBytes: Deno.systemMemoryInfo().total,
    deno: Deno.version.deno,
    os: `${Deno.build.os} ${Deno.osRelease()}`,
  };
}

/** The machine in one line. */
export function machineLine({ machine: { cpu, cores, memoryBytes, deno, os }, load }: BenchResults): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  return `${cores} cores ${cpu}, ${memory}, ${os}, Deno ${deno}; load before: ${load.toFixed(1)}`;
}

/** One case as lines: what was measured, what the stages took, and the peer. */
export function showCase(result: CaseResult): string {
  const { name, trains, rows, sizeBytes, process, report, peer, stageSeconds } = result;
  const stages = Object.entries(stageSeconds).filter(([stage]) => stage !== "batches")
    .map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)}`).join(", ");
  const committed = ["quarantine", "landing", "standard"]
    .reduce((sum, stage) => sum + (stageSeconds[stage] ?? 0), 0);
  const rest = (process.bestSeconds - committed).toFixed(2);
  return [
    `${name}: ${COUNT.format(trains)} trains, ${COUNT.format(rows)} rows, ${megabytes(sizeBytes)}`,
    `  process  ${showRuns(process)}, ${(sizeBytes / 1e6 / process.bestSeconds).toFixed(0)} MB/s, ` +
    `${COUNT.format(Math.round(rows / process.bestSeconds))} rows/s`,
    `    stages ${stages} (${stageSeconds.batches} batches); rest ${rest}: start, waiting for the validation, measuring`,
    `  report   ${showRuns(report)}`,
    `  peer     ${peer === null ? "not measured" : showRuns(peer)}`,
  ].join("\n");
}

function showRuns({ bestSeconds, medianSeconds, peakBytes }: Runs): string {
  const peak = peakBytes === null ? "" : `, peak ${megabytes(peakBytes)}`;
  return `best ${bestSeconds.toFixed(2)} s, median ${medianSeconds.toFixed(2)} s${peak}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
