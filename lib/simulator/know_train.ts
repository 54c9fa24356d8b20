/** What the API knows about a simulated train at a moment: reports that came in, and the forecast made from them. */
import type { TrainReady } from "../train/train_schema.ts";
import { followTimetable } from "./follow_timetable.ts";
import type { TrainRun } from "./run_train.ts";
import { mix } from "./seeded_random.ts";

/** The estimate of an overdue train is revised this often. */
const REVISION_MS = 120_000;
/** A cause is entered by a person, some minutes after the fact. */
const CAUSE_LAG_MS = 180_000;

/** What the API knows at one moment. */
export interface Knowledge {
  readonly atMs: number;
  /** Last row with an actual time, -1 before the first. */
  readonly lastKnown: number;
  /** Sparse: times of the rows still to come. */
  readonly estimates: readonly number[];
  readonly cancelled: boolean;
  readonly ready: TrainReady | null;
  readonly changedMs: number;
}

/** What the API knows about a train at a moment. */
export function knowTrain(run: TrainRun, atMs: number): Knowledge {
  const nowMs = atMs - run.reportingLagMs;
  const cancelled = run.announcedMs <= atMs && isCancelled(run);
  const runs = !run.cancelled;
  const lastKnown = runs ? findLastKnown(run, nowMs) : -1;
  const ready = runs && run.readyMs !== null && run.readyMs <= atMs ? run.readyMs : null;
  const forecast = lastKnown >= 0 || ready !== null ? forecastRows(run, lastKnown, nowMs) : null;
  const reported = run.actual[lastKnown] ?? -Infinity;
  return {
    atMs,
    lastKnown,
    estimates: run.unknownDelay || forecast === null ? [] : forecast.times,
    cancelled,
    ready: ready === null
      ? null
      : { source: "KUPLA", accepted: true, timestamp: new Date(ready).toISOString() },
    changedMs: Math.max(
      run.publishedMs,
      cancelled ? run.announcedMs : 0,
      ready ?? 0,
      reported + run.reportingLagMs,
      run.unknownDelay ? 0 : forecast?.revisedMs ?? 0,
      ...causesKnownMs(run, atMs),
    ),
  };
}

function isCancelled(run: TrainRun): boolean {
  return run.cancelled || run.firstRow > 0 || run.lastRow < run.scheduled.length - 1;
}

function findLastKnown(run: TrainRun, nowMs: number): number {
  let last = -1;
  for (let row = run.firstRow; row <= run.lastRow && (run.actual[row] ?? Infinity) <= nowMs; row++) {
    if (isReported(run, row)) last = row;
  }
  return last;
}

/** False for some passing times of freight, which never reach the API. */
export function isReported(run: TrainRun, row: number): boolean {
  if (run.plan.service.category !== "Cargo" || row === run.firstRow || row === run.lastRow) return true;
  const stop = (row + 1) >> 1;
  return run.plan.stops[stop]?.stopping === true || mix(run.salt, stop, 4) % 100 >= 5;
}

/**
 * When a change of estimates that no report brings is next due, should no report come before; Infinity when none is.
 * What {@linkcode knowTrain} would say, without the rows beyond the next.
 */
export function nextRevisionMs(run: TrainRun, atMs: number): number {
  if (run.cancelled || run.unknownDelay) return Infinity;
  const nowMs = atMs - run.reportingLagMs;
  const lastKnown = findLastKnown(run, nowMs);
  const isReady = run.readyMs !== null && run.readyMs <= atMs;
  if (lastKnown < 0 && !isReady) return Infinity;
  return (forecastNext(run, lastKnown, nowMs)?.timeMs ?? Infinity) + run.reportingLagMs;
}

/** Times of the rows after the last known one; `revisedMs` is when they last moved without any report. */
function forecastRows(
  run: TrainRun,
  lastKnown: number,
  nowMs: number,
): { readonly times: readonly number[]; readonly revisedMs: number } {
  const next = forecastNext(run, lastKnown, nowMs);
  if (next === null) return { times: [], revisedMs: 0 };
  const { row, timeMs, revisions } = next;
  return {
    times: followTimetable(run.plan, run.scheduled, { fromRow: row, timeMs }),
    revisedMs: revisions === 0 ? 0 : timeMs - REVISION_MS + run.reportingLagMs,
  };
}

/** The first row to come, its estimate, and how often that was put off; null when all rows are known. */
function forecastNext(
  run: TrainRun,
  lastKnown: number,
  nowMs: number,
): { readonly row: number; readonly timeMs: number; readonly revisions: number } | null {
  const row = lastKnown < 0 ? run.firstRow : lastKnown + 1;
  if (row > run.lastRow) return null;
  const calm = lastKnown < 0 ? run.scheduled[row] ?? 0 : followTimetable(run.plan, run.scheduled, {
    fromRow: lastKnown,
    toRow: row,
    timeMs: run.actual[lastKnown] ?? 0,
  })[row] ?? 0;
  const revisions = nowMs < calm ? 0 : Math.floor((nowMs - calm) / REVISION_MS) + 1;
  return { row, timeMs: calm + revisions * REVISION_MS, revisions };
}

function causesKnownMs(run: TrainRun, atMs: number): readonly number[] {
  if (run.cancelled || run.incidents.length === 0) return [];
  return run.incidents.map((incident) => causeKnownMs(run, incident.row)).filter((ms) => ms <= atMs);
}

/** When the API gets the cause of a delay at a row; never for rows without an actual time. */
export function causeKnownMs(run: TrainRun, row: number): number {
  return (run.actual[row] ?? Infinity) + run.reportingLagMs + CAUSE_LAG_MS;
}
