/** What the API would say about a simulated train at a moment. */
import type { Cause, TimetableRow, Train } from "../train/train_schema.ts";
import { causeKnownMs, isReported, type Knowledge, knowTrain } from "./know_train.ts";
import type { TrainRun } from "./run_train.ts";
import { isoTime } from "./iso_time.ts";
import { mix } from "./seeded_random.ts";

/** The API's versions count milliseconds from about here. */
export const VERSION_EPOCH_MS = Date.UTC(2015, 11, 4, 16, 45);
const MINUTE_MS = 60_000;
const REGULAR_ACCEPTANCE = "2024-10-31T06:14:29.000Z";
const NOTHING = {};

/** A train as the simulator writes it, sometimes with a field that no schema names. */
export interface SimulatedTrain extends Train {
  readonly maximumSpeedKmh?: number;
}

/** What the API would say about a train at a moment. Its version rises when, and only when, this changes. */
export function observeTrain(run: TrainRun, departureDate: string, atMs: number): SimulatedTrain {
  const { plan } = run;
  const known = knowTrain(run, atMs);
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
    scheduledTime: isoTime(scheduledMs),
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
    const actual = { actualTime: isoTime(actualMs), ...difference(actualMs, scheduledMs) };
    // Some rows keep their last estimate beside the true time.
    return draw < 3 ? { liveEstimateTime: isoTime(actualMs), estimateSource, ...actual } : actual;
  }
  if (run.unknownDelay && known.lastKnown >= 0) return { unknownDelay: true };
  const estimateMs = known.estimates[index];
  if (estimateMs === undefined) return NOTHING;
  const liveEstimateTime = isoTime(estimateMs);
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
