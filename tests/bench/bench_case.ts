/** One case of the benchmark: a prepared folder, copied for every run, and what is measured on it. */

import { cp } from "node:fs/promises";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { readTableRows } from "../interop/pipeline_folder.ts";
import { pythonPath } from "../interop/python_venv.ts";
import type { BenchInput } from "./bench_input.ts";
import { type Measurement, measureProgram } from "./measure_program.ts";

/** What is measured. */
export interface BenchCase {
  readonly name: string;
  readonly input: BenchInput;
  /** Holds broker and tables as they are before the run. */
  readonly folder: string;
  /** Holds the peer's tables as they are before the run. */
  readonly peerFolder: string;
}

/** Settings of all cases. */
export interface BenchOptions {
  readonly runs: number;
  readonly withPeer: boolean;
  readonly profileFolder: string | null;
}

/** All runs of one program on one case. */
export interface Runs {
  readonly bestSeconds: number;
  readonly medianSeconds: number;
  readonly peakBytes: number | null;
  readonly seconds: readonly number[];
}

/** What came out of a case. */
export interface CaseResult {
  readonly name: string;
  readonly trains: number;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly process: Runs;
  /** Of the best run: what the stages took; they overlap with the validation, which may be a worker. */
  readonly stageSeconds: Readonly<Record<string, number>>;
  readonly report: Runs;
  readonly peer: Runs | null;
}

/** When the messages were made: after all their times, as the report would count a future otherwise. */
const FETCHED_AT = "2026-01-01T00:00:00Z";
/** A run may show what the quality rules find in made-up copies. */
const REPORT_CODES = [0, 3];

/** Publishes the trains into the folder's broker. */
export async function publishInput(folder: string, input: BenchInput): Promise<void> {
  await runScript("replay", folder, { args: ["--fetched-at", FETCHED_AT, input.path] });
}

/** Measures a case: `process` and `report` on fresh copies of its folder, then the peer. */
export async function measureCase(
  bench: BenchCase,
  { runs, withPeer, profileFolder }: BenchOptions,
): Promise<CaseResult> {
  const work = `${bench.folder}-work`;
  const before = await stagesOf(bench.folder);
  const processes: Measurement[] = [];
  let best = Infinity;
  let stageSeconds: Readonly<Record<string, number>> = {};
  for (let run = 0; run < runs; run++) {
    await copyFolder(bench.folder, work);
    const measured = await runScript("process", work);
    processes.push(measured);
    if (measured.seconds >= best) continue;
    best = measured.seconds;
    stageSeconds = difference(await stagesOf(work), before);
  }
  const reports = await repeat(runs, () => runScript("report", work, { expected: REPORT_CODES }));
  if (profileFolder !== null) await profile(bench, { work, profileFolder });
  await Deno.remove(work, { recursive: true });
  const { name, input: { trains, rows, sizeBytes } } = bench;
  const peer = withPeer ? summarize(await measurePeer(bench, runs)) : null;
  return {
    ...{ name, trains, rows, sizeBytes },
    process: summarize(processes),
    stageSeconds,
    report: summarize(reports),
    peer,
  };
}

/** Takes the trains into the tables of the folders themselves, for a case that goes on from there. */
export async function takeIn({ folder, peerFolder, input }: BenchCase, withPeer: boolean): Promise<void> {
  await runScript("process", folder);
  if (withPeer) await runPeer(peerFolder, input);
}

async function measurePeer({ peerFolder, input }: BenchCase, runs: number): Promise<readonly Measurement[]> {
  const work = `${peerFolder}-work`;
  const measurements: Measurement[] = [];
  for (let run = 0; run < runs; run++) {
    await copyFolder(peerFolder, work);
    measurements.push(await runPeer(work, input));
  }
  await Deno.remove(work, { recursive: true });
  return measurements;
}

async function profile(
  { folder, name }: BenchCase,
  { work, profileFolder }: { readonly work: string; readonly profileFolder: string },
): Promise<void> {
  await copyFolder(folder, work);
  const flags = ["--cpu-prof", `--cpu-prof-dir=${profileFolder}/${name.replaceAll(/\W+/g, "-")}`];
  await runScript("process", work, { flags });
}

function runPeer(folder: string, input: BenchInput): Promise<Measurement> {
  const script = new URL("./peer_polars_deltalake.py", import.meta.url).pathname;
  return measureProgram({ command: pythonPath(), args: [script, input.path, folder] });
}

interface ScriptOptions {
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly expected?: readonly number[];
}

async function runScript(
  script: string,
  dataDir: string,
  { args = [], flags = [], expected = [0] }: ScriptOptions = {},
): Promise<Measurement> {
  // The flags that the task itself gives.
  const engine = script === "process" ? ["--v8-flags=--expose-gc,--max-semi-space-size=4"] : [];
  const rights = [
    "run",
    "--quiet",
    "--no-prompt",
    ...engine,
    ...flags,
    `-P=${script}`,
    `scripts/${script}.ts`,
  ];
  const program = { command: Deno.execPath(), args: [...rights, ...args], env: { DATA_DIR: dataDir } };
  return await measureProgram(program, expected);
}

/** A clean copy on disk, so that a run does not wait for the writing of what it reads. */
async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  });
  await cp(from, to, { recursive: true });
  await new Deno.Command("sync").output();
}

/** The columns of `quality_zone/batches` by stage; the first has the name that version 0.1.0 gave it. */
const STAGE_COLUMNS = {
  validate: "judgeSeconds",
  quarantine: "quarantineSeconds",
  landing: "landingSeconds",
  standard: "standardSeconds",
} as const;

/** Sums over the batches; the rows of one batch, one per partition, all carry the seconds of the whole batch. */
async function stagesOf(folder: string): Promise<Readonly<Record<string, number>>> {
  const path = `${folder}/${TABLE_PATHS.batches}`;
  const rows = await readTableRows(path).catch(() => []);
  const batches = new Map(rows.map((row) => [String(row.standardVersion), row]));
  const sums: Record<string, number> = { batches: batches.size };
  for (const row of batches.values()) {
    for (const [stage, column] of Object.entries(STAGE_COLUMNS)) {
      sums[stage] = (sums[stage] ?? 0) + Number(row[column]);
    }
  }
  return sums;
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(after).map(([name, sum]) => [name, sum - (before[name] ?? 0)]));
}

async function repeat(times: number, measure: () => Promise<Measurement>): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (let time = 0; time < times; time++) measurements.push(await measure());
  return measurements;
}

function summarize(measurements: readonly Measurement[]): Runs {
  const seconds = measurements.map((measurement) => measurement.seconds);
  const sorted = seconds.toSorted((a, b) => a - b);
  const peaks = measurements.flatMap(({ peakBytes }) => peakBytes === null ? [] : [peakBytes]);
  return {
    bestSeconds: sorted[0] ?? NaN,
    medianSeconds: median(sorted),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    seconds,
  };
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
