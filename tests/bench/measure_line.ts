/** Measures one line of the benchmark: its programs in turn, each on what was there before. */

import { copyFolder } from "./bench_input.ts";
import { type Measurement, measureProgram, type Program } from "./measure_program.ts";
import { type Run, type Runs, summarizeRuns } from "./summarize_runs.ts";

/** One program of a line. */
export interface Side {
  /** Whose program it is, or what it does where that is another job than the line's. */
  readonly label: string;
  readonly program: Program;
  readonly expected?: readonly number[];
  /** A folder that is made anew before each run: empty, or a copy of another. */
  readonly work?: { readonly folder: string; readonly from: string | null };
  /** True when the program times its task itself, many times maybe, and prints that; the start is not in it then. */
  readonly timesItself?: boolean;
}

/** What is measured on a line. */
export interface PreparedLine extends Partial<AsyncDisposable> {
  readonly ours: Side;
  readonly peer?: Side | undefined;
  /** What the line cannot be faster than. */
  readonly floor?: Side;
  /** What the work is, for people. */
  readonly work: string;
  /** More of a run of ours than its figures, asked for after each that was the best so far. */
  readonly describe?: () => Promise<string>;
}

/** What came out of a line. */
export interface LineFigures {
  readonly work: string;
  readonly ours: Runs;
  readonly peer: Runs | null;
  readonly floor: Runs | null;
  readonly details: string | null;
}

interface Outcome extends Measurement {
  /** All runs of a program that does its task several times. */
  readonly runs: readonly Run[];
  /** What a task said that it did. */
  readonly result: unknown;
}

/** Runs ours, the peer's and the floor's program in turn, so that what else the machine does meets all of them. */
export async function measureLine(
  line: PreparedLine,
  runs: number,
): Promise<LineFigures> {
  const sides = [line.ours, line.peer, line.floor];
  const found: Run[][] = [[], [], []];
  let details: string | null = null;
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const outcomes = [];
    for (const [at, side] of sides.entries()) {
      const outcome = side && await runSide(side);
      if (outcome !== undefined) found[at]?.push(...outcome.runs);
      outcomes.push(outcome);
      if (at > 0 || line.describe === undefined || (outcome?.seconds ?? best) >= best) continue;
      best = outcome?.seconds ?? best;
      details = await line.describe();
    }
    checkResults(outcomes);
  }
  const [ours, peer = null, floor = null] = sides.map((side, at) =>
    side === undefined ? null : summarizeRuns(side.label, found[at] ?? [])
  );
  if (!ours) throw new Error("no side");
  return { work: line.work, ours, peer, floor, details };
}

async function runSide({ program, expected, work, timesItself = false }: Side): Promise<Outcome> {
  if (work !== undefined) await copyFolder(work.from, work.folder);
  const measured = await measureProgram(program, expected);
  if (!timesItself) return { ...measured, runs: [measured], result: undefined };
  const { seconds, cpuSeconds, result } = JSON.parse(measured.stdout.trim().split("\n").at(-1) ?? "");
  const runs = seconds.map((wall: number, at: number): Run => ({
    seconds: wall,
    cpuSeconds: cpuSeconds[at],
    peakBytes: measured.peakBytes,
  }));
  return { ...measured, runs, result };
}

function checkResults([ours, peer]: readonly (Outcome | undefined)[]): void {
  if (peer === undefined || Object.is(ours?.result, peer.result)) return;
  throw new Error(`Cannot compare: ours did ${ours?.result}, the peer ${peer.result}, expected the same`);
}
