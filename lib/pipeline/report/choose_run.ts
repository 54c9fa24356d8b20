/** Which run is meant: the newest, the one before, or the one with this ID or an unambiguous beginning of it. */
import type { DeltaTable } from "../../delta/mod.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../printable.ts";
import { readRuns } from "../../quality/results/run_history.ts";
import type { RunRecord } from "../../tables/run_record.ts";

/** Which run, and how many of those before it. */
export interface ChooseOptions {
  /** "latest", "previous", an ID or the beginning of one. */
  readonly wanted: string;
  readonly before: number;
}

/** How many runs are named to one who means none of them. */
const NAMED = 5;
/** Who names a run mostly means one of the last: only then all of them are read. */
const NEWEST = 20;

/**
 * The run that is meant, as the last of those up to it; none where there are no runs.
 *
 * @throws {UsageError} when no run has this ID, or several begin so
 */
export async function chooseRun(
  runs: DeltaTable,
  { wanted, before }: ChooseOptions,
): Promise<readonly RunRecord[]> {
  for (const limit of [NEWEST + before + 1, Infinity]) {
    const all = await readRuns(runs, limit);
    const isAll = all.length < limit;
    const known = isAll ? all : all.slice(before);
    const at = findRun(known, wanted);
    if (known.length > 0 && at === null && isAll) throw unknownRun(all, wanted);
    // A beginning that one of the newest has may be that of an older one too.
    const isSure = isAll || !isBeginning(wanted) || known[at ?? -1]?.runId === wanted;
    if (at === null || !isSure) continue;
    const end = all.length - known.length + at + 1;
    return all.slice(Math.max(0, end - before - 1), end);
  }
  return [];
}

/**
 * The place of the run that is meant; null when none is.
 *
 * @throws {UsageError} when several begin so
 */
export function findRun(runs: readonly RunRecord[], wanted: string): number | null {
  if (!isBeginning(wanted)) {
    const topic = runs.at(-1)?.topic;
    const mine = runs.filter((run) => run.topic === topic);
    const run = wanted === "latest" ? mine.at(-1) : mine.at(-2);
    return run === undefined ? null : runs.indexOf(run);
  }
  const found = runs.filter(({ runId }) => runId.startsWith(wanted));
  const exact = found.find(({ runId }) => runId === wanted) ?? found[0];
  if (exact === undefined) return null;
  if (found.length > 1 && exact.runId !== wanted) throw severalRuns(found, wanted);
  return runs.indexOf(exact);
}

function isBeginning(wanted: string): boolean {
  return wanted !== "latest" && wanted !== "previous";
}

function unknownRun(runs: readonly RunRecord[], wanted: string): UsageError {
  const found = wanted === "previous" ? "no run before the newest" : "no run whose ID begins so";
  return new UsageError([
    `Cannot show the run "${printable(wanted)}": found ${found}, expected one of these or of those before, ` +
    `see --runs: ${named(runs)}`,
  ]);
}

function severalRuns(runs: readonly RunRecord[], wanted: string): UsageError {
  return new UsageError([
    `Cannot show the run "${
      printable(wanted)
    }": found ${runs.length} runs whose IDs begin so, expected one: ${named(runs)}`,
  ]);
}

/** The newest of them, the newest first. */
function named(runs: readonly RunRecord[]): string {
  return runs.slice(-NAMED).reverse().map(({ runId, generatedAt }) =>
    `${printable(runId)} (${generatedAt.toISOString()})`
  ).join(", ");
}
