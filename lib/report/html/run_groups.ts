/** Many runs as few points of a chart: what was worst in each group of runs is seen, and how many it stands for is said. */
import type { PastRun } from "../build_report.ts";

/** Runs side by side in time, the oldest first; one at least. */
export interface RunGroup {
  readonly first: PastRun;
  readonly last: PastRun;
  readonly runs: readonly PastRun[];
  readonly failed: number;
}

/** At most so many groups, all but the oldest of one size; the newest run has a group of its own. */
export function groupRuns(runs: readonly PastRun[], most: number): readonly RunGroup[] {
  const size = Math.ceil(Math.max(0, runs.length - 1) / Math.max(1, most - 1));
  const groups: RunGroup[] = [];
  for (let end = runs.length; end > 0;) {
    const start = end === runs.length ? end - 1 : Math.max(0, end - size);
    groups.unshift(groupOf(runs.slice(start, end)));
    end = start;
  }
  return groups;
}

/** The least of what was counted in the group; null when nothing was. */
export function leastOf({ runs }: RunGroup, value: (run: PastRun) => number | null): number | null {
  return runs.reduce<number | null>((least, run) => {
    const found = value(run);
    return found === null || (least !== null && least <= found) ? least : found;
  }, null);
}

function groupOf(runs: readonly PastRun[]): RunGroup {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("a group has runs");
  return { first, last, runs, failed: runs.filter(({ verdict }) => !verdict.passed).length };
}
