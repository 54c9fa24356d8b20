/** One train of one departure date from its publication to its last report, as the API tells it batch by batch. */
import { observeTrain, type SimulatedTrain } from "../observe_train.ts";
import { runTrain, type TrainRun } from "../run_train.ts";
import { changeMoments } from "./change_moments.ts";
import type { Fate } from "./plan_fate.ts";
import { batchEndMs } from "./version.ts";

/** No train reports anything, and none is cancelled, longer before its departure than this. */
export const QUIET_MS = 7 * 3_600_000;

/** What the API tells of a train from one batch on. */
export interface TrainLife {
  readonly fate: Fate;
  /** Before this moment nothing is known but what was planned, and no event is in sight. */
  readonly quietUntilMs: number;
  /** True when its last change up to a moment is known without running the train. */
  isPlain(atMs: number): boolean;
  /** Ends of the batches in which it changes, rising. The first is its publication. */
  changes(): readonly number[];
  /** The last moment at which anything happens to it. */
  endMs(): number;
  /** The last change up to a moment; null before its publication. Spares the run of a train that does not run yet. */
  lastChangeMs(atMs: number): number | null;
  /** The train as it is told from a change on; its version is that of nobody's world yet. */
  tell(changedMs: number): SimulatedTrain;
}

interface Runs {
  readonly first: TrainRun;
  /** The same object when it is never timetabled anew. */
  readonly last: TrainRun;
}

/** Lives the life of a train; what is costly is done once, when it is asked for. */
export function liveTrain(seed: number, date: string, fate: Fate): TrainLife {
  const { departureMs, retiming } = fate;
  const quietUntilMs = Math.min(departureMs, retiming?.departureMs ?? departureMs) - QUIET_MS;
  const planned = inBatches(plannedMoments(fate), fate);
  let runs: Runs | undefined;
  let changes: readonly number[] | undefined;
  const allRuns = () => runs ??= drawRuns(seed, fate);
  const allChanges = () =>
    changes ??= inBatches([...plannedMoments(fate), ...runMoments(fate, allRuns().last)], fate);
  const deletedMs = batchEndMs(fate.deletedMs ?? Infinity);
  const isPlain = (atMs: number) => atMs < quietUntilMs || deletedMs <= atMs;
  return {
    fate,
    quietUntilMs,
    isPlain,
    changes: allChanges,
    endMs: () => Math.max(allChanges().at(-1) ?? 0, allRuns().last.scheduled.at(-1) ?? 0),
    lastChangeMs: (atMs) => lastUpTo(isPlain(atMs) ? planned : allChanges(), atMs),
    tell: (changedMs) => tellTrain(fate, allRuns(), { date, changedMs }),
  };
}

function plannedMoments({ publishedMs, retiming, deletedMs }: Fate): readonly number[] {
  return [publishedMs, retiming?.atMs, deletedMs].filter((atMs) => typeof atMs === "number");
}

function runMoments({ retiming }: Fate, last: TrainRun): readonly number[] {
  return changeMoments(last).filter((atMs) => retiming === null || atMs > retiming.atMs);
}

/** Nothing is told of a train after it was deleted. */
function inBatches(moments: readonly number[], { deletedMs }: Fate): readonly number[] {
  const told = moments.filter((atMs) => deletedMs === null || atMs <= deletedMs);
  return [...new Set(told.map(batchEndMs))].sort((a, b) => a - b);
}

/** By halving: lives are asked often. */
function lastUpTo(moments: readonly number[], atMs: number): number | null {
  let [from, until] = [0, moments.length];
  while (from < until) {
    const middle = (from + until) >> 1;
    if ((moments[middle] ?? Infinity) <= atMs) from = middle + 1;
    else until = middle;
  }
  return moments[from - 1] ?? null;
}

function drawRuns(seed: number, { plan, departureMs, publishedMs, retiming }: Fate): Runs {
  const first = { ...runTrain(seed, plan, departureMs), publishedMs };
  if (retiming === null) return { first, last: first };
  const last = runTrain(seed, retiming.plan, retiming.departureMs);
  return { first: asPlanned(first), last: { ...last, publishedMs: retiming.atMs } };
}

/** A timetable that is replaced before its day knows of nothing that befalls the train. */
function asPlanned(run: TrainRun): TrainRun {
  return { ...run, cancelled: false, firstRow: 0, lastRow: run.scheduled.length - 1, readyMs: null };
}

function tellTrain(
  { retiming, deletedMs }: Fate,
  { first, last }: Runs,
  { date, changedMs }: { readonly date: string; readonly changedMs: number },
): SimulatedTrain {
  const run = retiming !== null && retiming.atMs <= changedMs ? last : first;
  if (deletedMs === null || deletedMs > changedMs) return observeTrain(run, date, changedMs);
  const cancelled = { ...run, cancelled: true, announcedMs: Math.min(run.announcedMs, deletedMs) };
  return markDeleted(observeTrain(cancelled, date, changedMs));
}

/** The key where the API writes it. */
function markDeleted(train: SimulatedTrain): SimulatedTrain {
  const { version, timetableType, timetableAcceptanceDate, timeTableRows, ...before } = train;
  return { ...before, deleted: true, version, timetableType, timetableAcceptanceDate, timeTableRows };
}
