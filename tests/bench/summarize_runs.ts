/** What many runs of one program come to. */

/** What a run is counted by. */
export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Null where it cannot be measured. */
  readonly peakBytes: number | null;
}

/** All runs of one program on one line. */
export interface Runs {
  readonly label: string;
  readonly bestSeconds: number;
  readonly medianSeconds: number;
  readonly bestCpuSeconds: number;
  readonly medianCpuSeconds: number;
  /** Of the run that took most. */
  readonly peakBytes: number | null;
  readonly runs: readonly Run[];
}

/** The best, the middle and the most. */
export function summarizeRuns(label: string, runs: readonly Run[]): Runs {
  const seconds = runs.map((run) => run.seconds);
  const cpuSeconds = runs.map((run) => run.cpuSeconds);
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes === null ? [] : [peakBytes]);
  return {
    label,
    bestSeconds: Math.min(...seconds),
    medianSeconds: median(seconds),
    bestCpuSeconds: Math.min(...cpuSeconds),
    medianCpuSeconds: median(cpuSeconds),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    runs: runs.map(({ seconds, cpuSeconds, peakBytes }) => ({ seconds, cpuSeconds, peakBytes })),
  };
}

/** How much of the other's time is needed, by the best runs: below 1 is faster. */
export function ratioOf(ours: Runs, other: Runs | null): number | null {
  return other === null ? null : ours.bestSeconds / other.bestSeconds;
}

/** The middle value; of an even number the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
