/** What the API would say about a simulated train at a moment. */
import type { Cause, TimetableRow, Train, TrainReady } from "../train/train_schema.ts";
import { followTimetable } from "./follow_timetable.ts";
import type { TrainRun } from "./run_train.ts";
import { mix } from "./seeded_random.ts";

/** The API's versions count milliseconds from about here. */
const VERSION_EPOCH_MS = Date.UTC(2015, 11, 4, 16, 45);
const MINUTE_MS = 60_000;
/** The estimate of an overdue train is revised this often. */
const REVISION_MS = 120_000;
/** A cause is entered by a person, some minutes after the fact. */
const CAUSE_LAG_MS = 180_000;
const REGULAR_ACCEPTANCE = "2024-10-31T06:14:29.000Z";
const NOTHING = {};

/** A train as the simulator writes it, sometimes with a field that no schema names. */
export interface SimulatedTrain extends Train {
  readonly maximumSpeedKmh?: number;
}

/** What the API knows at one moment. */
interface Knowledge {
  readonly atMs: number;
  /** Last row with an actual time, -1 before the first. */
  readonly lastKnown: number;
  /** Sparse: times of the rows still to come. */
  readonly estimates: readonly number[];
  readonly cancelled: boolean;
  readonly ready: TrainReady | null;
  readonly changedMs: number;
}

/** What the API would say about a train at a moment. Its version rises when, and only when, this changes. */
export function observeTrain(run: TrainRun, departureDate: string, atMs: number): SimulatedTrain {
  const { plan } = run;
  const known = learn(run, atMs);
  const operator = mix(run.salt, 3) % 50 === 0 && plan.service.stops === null ? "operail" : "vr";
  return {
    trainNumber: plan.trainNumber,
    departureDate,
    operatorUICCode: operator === "vr" ? 10 : 3803,
    operatorShortCode: operator,
    trainType: plan.trainType,
    trainCategory: plan.service.category,
    commuterLineID: plan.service.line,
    runningCurrently: known.lastKnown >= 0 && known.lastKnown < run.lastRow,
    cancelled: known.cancelled && run.cancelled,
    version: known.changedMs - VERSION_EPOCH_MS,
    timetableType: plan.adhoc ? "ADHOC" : "REGULAR",
    timetableAcceptanceDate: acceptanceDate(run),
    timeTableRows: run.scheduled.map((_, row) => observeRow(run, row, known)),
    ...(mix(plan.trainNumber, 7) % 100 === 0 ? { maximumSpeedKmh: plan.service.speedKmh + 20 } : {}),
  };
}

function learn(run: TrainRun, atMs: number): Knowledge {
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

/** Some passing times of freight never reach the API. */
function isReported(run: TrainRun, row: number): boolean {
  if (run.plan.service.category !== "Cargo" || row === run.firstRow || row === run.lastRow) return true;
  const stop = (row + 1) >> 1;
  return run.plan.stops[stop]?.stopping === true || mix(run.salt, stop, 4) % 100 >= 5;
}

/** Times of the rows after the last known one; `revisedMs` is when they last moved without any report. */
function forecastRows(
  run: TrainRun,
  lastKnown: number,
  nowMs: number,
): { readonly times: readonly number[]; readonly revisedMs: number } {
  const next = lastKnown < 0 ? run.firstRow : lastKnown + 1;
  if (next > run.lastRow) return { times: [], revisedMs: 0 };
  const calm = lastKnown < 0 ? run.scheduled[next] ?? 0 : followTimetable(run.plan, run.scheduled, {
    fromRow: lastKnown,
    timeMs: run.actual[lastKnown] ?? 0,
  })[next] ?? 0;
  const revisions = nowMs < calm ? 0 : Math.floor((nowMs - calm) / REVISION_MS) + 1;
  const timeMs = calm + revisions * REVISION_MS;
  return {
    times: followTimetable(run.plan, run.scheduled, { fromRow: next, timeMs }),
    revisedMs: revisions === 0 ? 0 : timeMs - REVISION_MS + run.reportingLagMs,
  };
}

function causesKnownMs(run: TrainRun, atMs: number): readonly number[] {
  if (run.cancelled || run.incidents.length === 0) return [];
  return run.incidents.map((incident) => causeKnownMs(run, incident.row)).filter((ms) => ms <= atMs);
}

function causeKnownMs(run: TrainRun, row: number): number {
  return (run.actual[row] ?? Infinity) + run.reportingLagMs + CAUSE_LAG_MS;
}

function observeRow(run: TrainRun, index: number, known: Knowledge): TimetableRow {
  const stop = run.plan.stops[(index + 1) >> 1];
  const scheduledMs = run.scheduled[index];
  if (stop === undefined || scheduledMs === undefined) {
    throw new RangeError(`Cannot observe row ${index}: found none`);
  }
  const isActive = !run.cancelled && index >= run.firstRow && index <= run.lastRow;
  // The keys in the API's order.
  return {
    stationShortCode: stop.station.stationShortCode,
    stationUICCode: stop.station.stationUICCode,
    countryCode: stop.station.countryCode,
    type: index % 2 === 1 ? "ARRIVAL" : "DEPARTURE",
    trainStopping: stop.stopping,
    ...(stop.stopping ? { commercialStop: stop.commercial } : NOTHING),
    commercialTrack: stop.track,
    cancelled: !isActive && known.cancelled,
    scheduledTime: new Date(scheduledMs).toISOString(),
    ...(isActive ? observeTimes(run, { index, scheduledMs }, known) : NOTHING),
    causes: isActive ? observeCauses(run, index, known.atMs) : [],
    ...(known.ready !== null && index === run.firstRow ? { trainReady: known.ready } : NOTHING),
  };
}

interface RowPlace {
  readonly index: number;
  readonly scheduledMs: number;
}

type RowTimes = Pick<
  TimetableRow,
  "liveEstimateTime" | "estimateSource" | "unknownDelay" | "actualTime" | "differenceInMinutes"
>;

function observeTimes(run: TrainRun, place: RowPlace, known: Knowledge): RowTimes {
  const { index, scheduledMs } = place;
  const draw = mix(run.salt, index, 5) % 100;
  const estimateSource = draw < 97 ? "LIIKE_AUTOMATIC" : "LIIKE_USER";
  const actualMs = run.actual[index];
  if (index <= known.lastKnown) {
    if (actualMs === undefined || !isReported(run, index)) return NOTHING;
    const actual = { actualTime: new Date(actualMs).toISOString(), ...difference(actualMs, scheduledMs) };
    // Some rows keep their last estimate beside the true time.
    return draw < 3
      ? { liveEstimateTime: new Date(actualMs).toISOString(), estimateSource, ...actual }
      : actual;
  }
  if (run.unknownDelay && known.lastKnown >= 0) return { unknownDelay: true };
  const estimateMs = known.estimates[index];
  if (estimateMs === undefined) return NOTHING;
  const liveEstimateTime = new Date(estimateMs).toISOString();
  return { liveEstimateTime, estimateSource, ...difference(estimateMs, scheduledMs) };
}

/** Whole minutes, halves up. */
function difference(timeMs: number, scheduledMs: number): { readonly differenceInMinutes: number } {
  return { differenceInMinutes: Math.floor((timeMs - scheduledMs) / MINUTE_MS + 0.5) };
}

function observeCauses(run: TrainRun, row: number, atMs: number): Cause[] {
  return run.incidents
    .filter((incident) => incident.row === row && causeKnownMs(run, row) <= atMs)
    .map((incident) => incident.cause);
}

function acceptanceDate(run: TrainRun): string {
  if (run.plan.adhoc) return new Date(run.publishedMs - (run.publishedMs % 1000)).toISOString();
  return REGULAR_ACCEPTANCE;
}
