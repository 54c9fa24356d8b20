/** One train of one departure date from its publication to its last report, as the API tells it batch by batch. */
import { observeTrain, type SimulatedTrain } from "../observe_train.ts";
import { runTrain, type TrainRun } from "../run_train.ts";
import { changeMoments } from "./change_moments.ts";
import { correctRun } from "./correct_run.ts";
import type { Fate } from "./plan_fate.ts";
import { batchEndMs } from "./version.ts";

/** No train reports anything, and none is cancelled, longer before its departure than this. */
export const QUIET_MS = 7 * 3_600_000;

/** Nothing is told of a train later than so many days after its departure date. */
export const LATE_DAYS = 4;

/** What the API tells of a train from one batch on. */
export interface TrainLife {
  readonly fate: Fate;
  /** Before this moment nothing is known but what was planned, and no event is in sight. */
  readonly quietUntilMs: number;
  /** True when its last change up to a moment is known without running the train. */
  isPlain(atMs: number): boolean;
  /** Ends of the batches in which it changes, rising. The first is its publication. */
  changes(): readonly number[];
  /** Those after one moment, up to another. Spares the run as well. */
  changesBetween(fromMs: number, untilMs: number): readonly number[];
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
  /** The last, with a time that is known better from a moment on. */
  readonly corrected: { readonly run: TrainRun; readonly atMs: number } | null;
}

/** Lives the life of a train; what is costly is done once, when it is asked for. */
export function liveTrain(seed: number, date: string, fate: Fate): TrainLife {
  const { departureMs, retiming } = fate;
  const quietUntilMs = Math.min(departureMs, retiming?.departureMs ?? departureMs) - QUIET_MS;
  const planned = inBatches(plannedMoments(fate), fate);
  let runs: Runs | undefined;
  let changes: readonly number[] | undefined;
  let endMs: number | undefined;
  const allRuns = () => runs ??= drawRuns(seed, fate);
  const allChanges = () =>
    changes ??= inBatches([...plannedMoments(fate), ...runMoments(fate, allRuns())], fate);
  const deletedMs = batchEndMs(fate.deletedMs ?? Infinity);
  const isPlain = (atMs: number) => atMs < quietUntilMs || deletedMs <= atMs;
  return {
    fate,
    quietUntilMs,
    isPlain,
    changes: allChanges,
    changesBetween(fromMs, untilMs) {
      const moments = untilMs < quietUntilMs ? planned : allChanges();
      if ((moments.at(-1) ?? 0) <= fromMs) return [];
      return moments.filter((atMs) => fromMs < atMs && atMs <= untilMs);
    },
    endMs: () => endMs ??= Math.max(allChanges().at(-1) ?? 0, allRuns().last.scheduled.at(-1) ?? 0),
    lastChangeMs: (atMs) => lastUpTo(isPlain(atMs) ? planned : allChanges(), atMs),
    tell: (changedMs) => tellTrain(fate, allRuns(), { date, changedMs }),
  };
}

function plannedMoments({ publishedMs, retiming, deletedMs }: Fate): readonly number[] {
  return [publishedMs, retiming?.atMs, deletedMs].filter((atMs) => typeof atMs === "number");
}

function runMoments({ retiming }: Fate, { last, corrected }: Runs): readonly number[] {
  const moments = changeMoments(last).filter((atMs) => retiming === null || atMs > retiming.atMs);
  return corrected === null ? moments : [...moments, corrected.atMs];
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

function drawRuns(seed: number, fate: Fate): Runs {
  const { plan, departureMs, publishedMs, retiming } = fate;
  const first = { ...runTrain(seed, plan, departureMs), publishedMs };
  if (retiming === null) return { first, last: first, corrected: drawCorrected(fate, first) };
  const last = { ...runTrain(seed, retiming.plan, retiming.departureMs), publishedMs: retiming.atMs };
  return { first: asPlanned(first), last, corrected: drawCorrected(fate, last) };
}

function drawCorrected({ correction }: Fate, last: TrainRun): Runs["corrected"] {
  const run = correction === null ? null : correctRun(last, correction);
  if (correction === null || run === null) return null;
  return { run, atMs: (changeMoments(last).at(-1) ?? 0) + correction.afterMs };
}

/** A timetable that is replaced before its day knows of nothing that befalls the train. */
function asPlanned(run: TrainRun): TrainRun {
  return { ...run, cancelled: false, firstRow: 0, lastRow: run.scheduled.length - 1, readyMs: null };
}

function tellTrain(
  { retiming, deletedMs }: Fate,
  { first, last, corrected }: Runs,
  { date, changedMs }: { readonly date: string; readonly changedMs: number },
): SimulatedTrain {
  const planned = retiming !== null && retiming.atMs <= changedMs ? last : first;
  const run = corrected !== null && corrected.atMs <= changedMs ? corrected.run : planned;
  if (deletedMs === null || deletedMs > changedMs) return observeTrain(run, date, changedMs);
  const cancelled = { ...run, cancelled: true, announcedMs: Math.min(run.announcedMs, deletedMs) };
  return markDeleted(observeTrain(cancelled, date, changedMs));
}

/** The key where the API writes it. */
function markDeleted(train: SimulatedTrain): SimulatedTrain {
  const { version, timetableType, timetableAcceptanceDate, timeTableRows, ...before } = train;
  return { ...before, deleted: true, version, timetableType, timetableAcceptanceDate, timeTableRows };
}
