/** What happens to one planned train on one date. */
import type { Cause } from "../train/train_schema.ts";
import { CAUSES } from "./causes.ts";
import { followTimetable, scheduleRows } from "./follow_timetable.ts";
import type { TrainPlan } from "./plan_train.ts";
import { pick, type Random, seededRandom } from "./seeded_random.ts";
import type { TrainCategory } from "./services.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** How often, and how late, by category. Freight leaves early as a habit. */
const HABITS: Readonly<Record<TrainCategory, Habits>> = {
  "Commuter": {
    earlyMinutes: 0,
    lateMinutes: 0.5,
    incidentPerLeg: 0.0008,
    cancelled: 0.015,
    shortened: 0.01,
  },
  "Long-distance": {
    earlyMinutes: 0,
    lateMinutes: 1.2,
    incidentPerLeg: 0.006,
    cancelled: 0.02,
    shortened: 0.01,
  },
  "Cargo": { earlyMinutes: 40, lateMinutes: 15, incidentPerLeg: 0.006, cancelled: 0.08, shortened: 0.06 },
  "Shunting": { earlyMinutes: 8, lateMinutes: 3, incidentPerLeg: 0.002, cancelled: 0.02, shortened: 0 },
  "Locomotive": { earlyMinutes: 25, lateMinutes: 10, incidentPerLeg: 0.002, cancelled: 0.15, shortened: 0 },
  "On-track machines": {
    earlyMinutes: 20,
    lateMinutes: 20,
    incidentPerLeg: 0.01,
    cancelled: 0.05,
    shortened: 0,
  },
};

interface Habits {
  readonly earlyMinutes: number;
  readonly lateMinutes: number;
  readonly incidentPerLeg: number;
  readonly cancelled: number;
  readonly shortened: number;
}

/** What holds a train up on its way to one row, and why. */
interface Incident {
  readonly row: number;
  readonly delayMs: number;
  readonly cause: Cause;
}

/** All that will happen to one train on one date. Times in milliseconds since 1970 UTC. */
export interface TrainRun {
  readonly plan: TrainPlan;
  /** Draws that belong to single rows are keyed with it. */
  readonly salt: number;
  readonly scheduled: readonly number[];
  /** Rows from `firstRow` to `lastRow` run, the others are cancelled; none runs when `cancelled`. */
  readonly firstRow: number;
  readonly lastRow: number;
  readonly cancelled: boolean;
  /** True times, known to the API after `reportingLagMs`; empty before `firstRow`. */
  readonly actual: readonly number[];
  readonly reportingLagMs: number;
  readonly publishedMs: number;
  /** When the cancellation, whole or in part, is announced. */
  readonly announcedMs: number;
  /** When the driver says that the train is ready; null when nobody says so. */
  readonly readyMs: number | null;
  readonly incidents: readonly Incident[];
  /** True when the API has no estimates for it. */
  readonly unknownDelay: boolean;
}

/** Draws one day of a train's life; the same seed, plan and departure always live the same day. */
export function runTrain(seed: number, plan: TrainPlan, departureMs: number): TrainRun {
  const salt = departureMs / MINUTE_MS;
  const random = seededRandom(seed, plan.trainNumber, salt, 2);
  const habits = HABITS[plan.service.category];
  const scheduled = scheduleRows(plan, departureMs);
  const cancelled = random() < habits.cancelled;
  const { firstRow, lastRow } = drawActiveRows(random, scheduled.length, habits.shortened);
  const incidents = drawIncidents(random, scheduled.length, habits.incidentPerLeg);
  const startMs = (scheduled[firstRow] ?? departureMs) + drawStartDelay(random, habits);
  const actual = followTimetable(plan, scheduled, {
    fromRow: firstRow,
    timeMs: startMs,
    disturbanceMs: (row) => drawNoise(random) + delayOf(incidents, row),
  });
  return {
    plan,
    salt: seed ^ Math.imul(plan.trainNumber, 2_654_435_761) ^ salt,
    scheduled,
    firstRow,
    lastRow,
    cancelled,
    actual,
    reportingLagMs: (2 + Math.floor(random() * 28)) * 1000,
    publishedMs: departureMs - Math.floor((24 + random() * 12) * HOUR_MS),
    announcedMs: departureMs - Math.floor(20 * MINUTE_MS + random() * 6 * HOUR_MS),
    readyMs: drawReady(random, plan, { firstRow, startMs }),
    incidents: incidents.filter((incident) => incident.row > firstRow && incident.row <= lastRow),
    unknownDelay: random() < 0.01,
  };
}

/** All rows; or without the first stations, or without the last, cut where an arrival and its departure meet. */
function drawActiveRows(random: Random, rows: number, share: number): { firstRow: number; lastRow: number } {
  const whole = { firstRow: 0, lastRow: rows - 1 };
  if (random() >= share || rows < 6) return whole;
  const cut = 2 * (1 + Math.floor(random() * (rows / 2 - 2)));
  return random() < 0.5 ? { ...whole, firstRow: cut } : { ...whole, lastRow: cut - 1 };
}

function drawIncidents(random: Random, rows: number, perLeg: number): readonly Incident[] {
  const incidents: Incident[] = [];
  for (let row = 1; row < rows; row += 2) {
    if (random() >= perLeg) continue;
    const delayMs = Math.round(Math.min(120, 5 + exponential(random, 12)) * 60) * 1000;
    incidents.push({ row, delayMs, cause: pick(random, CAUSES) });
  }
  return incidents;
}

function delayOf(incidents: readonly Incident[], row: number): number {
  return incidents.find((incident) => incident.row === row)?.delayMs ?? 0;
}

function drawStartDelay(random: Random, habits: Habits): number {
  const early = habits.earlyMinutes === 0 ? 0 : Math.min(180, exponential(random, habits.earlyMinutes));
  const late = Math.min(60, exponential(random, habits.lateMinutes));
  return Math.round((late - early) * 60) * 1000;
}

/** Signals, snow and drivers: between 8 seconds sooner and 25 later. */
function drawNoise(random: Random): number {
  return Math.round(random() * 33 - 8) * 1000;
}

function drawReady(
  random: Random,
  plan: TrainPlan,
  start: { readonly firstRow: number; readonly startMs: number },
): number | null {
  const says = random() < 0.9;
  const leadMs = Math.floor(180 + random() * 540) * 1000;
  if (!says || plan.service.stops === null || start.firstRow > 0) return null;
  return start.startMs - leadMs;
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}
