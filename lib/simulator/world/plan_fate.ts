/** What befalls a train of the world besides running: published, timetabled anew, deleted, out of sight for a while. */
import type { TrainPlan } from "../plan_train.ts";
import { type Random, seededRandom } from "../seeded_random.ts";
import type { Correction } from "./correct_run.ts";
import { type DepartureDay, departureDay } from "./departure_day.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Timetables of regular trains come in one burst, at 23:15 in Helsinki, this many days ahead. */
const BURST_DAYS = 11;
const BURST_SECOND = (23 * 60 + 15) * 60;
const LAST_MINUTE = 24 * 60 - 1;

/** A train that gets another timetable. */
export interface Retiming {
  readonly atMs: number;
  readonly plan: TrainPlan;
  readonly departureMs: number;
}

/** What befalls one train of one date; whole milliseconds since 1970 UTC. */
export interface Fate {
  readonly plan: TrainPlan;
  readonly departureMs: number;
  readonly publishedMs: number;
  /** Null for most. */
  readonly retiming: Retiming | null;
  /** Null for most; also after the train could be seen in `/live-trains`. */
  readonly deletedMs: number | null;
  /** Null for most. */
  readonly correction: Correction | null;
  /** From when to when `/live-trains` does not have it, though nothing changed; null for most. */
  readonly hidden: { readonly fromMs: number; readonly untilMs: number } | null;
}

/** Draws what befalls the train of a plan on a day; regular trains are published at `burstMs`. */
export function planFate(
  plan: TrainPlan,
  day: DepartureDay,
  { seed, burstMs }: { readonly seed: number; readonly burstMs: number },
): Fate {
  const random = seededRandom(seed, plan.trainNumber, day.number, 21);
  const departureMs = day.momentMs(plan.departureSecondOfDay);
  const leadMs = Math.floor((24 + random() * 12) * HOUR_MS);
  const publishedMs = plan.adhoc ? departureMs - leadMs : burstMs;
  const [isDeleted, isRetimed, isHidden] = [random() < 0.015, random() < 0.04, random() < 0.03];
  const hiddenFromMs = departureMs - Math.floor(random() * 3 * HOUR_MS);
  const hiddenMs = Math.floor((20 + random() * 40) * MINUTE_MS);
  const known = { departureMs, publishedMs };
  return {
    plan,
    departureMs,
    publishedMs,
    retiming: isRetimed && !isDeleted ? drawRetiming(random, plan, { ...known, day }) : null,
    deletedMs: isDeleted ? drawDeletion(random, plan, known) : null,
    correction: drawCorrection(seededRandom(seed, plan.trainNumber, day.number, 22)),
    hidden: isHidden ? { fromMs: hiddenFromMs, untilMs: hiddenFromMs + hiddenMs } : null,
  };
}

/** When the regular trains of a day are published. */
export function burstMoment(day: DepartureDay): number {
  return departureDay(day.date, -BURST_DAYS).momentMs(BURST_SECOND);
}

/** The last departure date of which regular trains are published at a moment, given the date of that moment. */
export function lastPublishedDate(date: string, atMs: number): string {
  const isAfterBurst = departureDay(date).momentMs(BURST_SECOND) <= atMs;
  return departureDay(date, isAfterBurst ? BURST_DAYS : BURST_DAYS - 1).date;
}

interface Known {
  readonly departureMs: number;
  readonly publishedMs: number;
}

/** Some go days ahead, others when they are in sight already; none after it could have left. */
function drawDeletion(random: Random, plan: TrainPlan, { departureMs, publishedMs }: Known): number {
  const isEarly = random() < 0.4;
  const draw = random();
  if (isEarly && !plan.adhoc) return publishedMs + Math.floor((1 + draw * 23) * HOUR_MS);
  return departureMs - Math.floor((isPunctual(plan) ? 0.5 + draw * 4.5 : 4 + draw * 3) * HOUR_MS);
}

function drawCorrection(random: Random): Correction | null {
  if (random() >= 0.04) return null;
  return { place: random(), afterMs: Math.floor((20 + random() * 100) * MINUTE_MS) };
}

/** Passenger trains never leave early, so they may get another timetable until shortly before. */
function drawRetiming(
  random: Random,
  plan: TrainPlan,
  { departureMs, publishedMs, day }: Known & { readonly day: DepartureDay },
): Retiming {
  const isLate = random() < 0.5 && isPunctual(plan);
  const leadHours = isLate ? 1.5 + random() * 2 : 8 + random() * (plan.adhoc ? 12 : 200);
  const anew = { ...replan(random, plan), departureSecondOfDay: 60 * shiftMinutes(random, plan) };
  return {
    atMs: Math.max(publishedMs + HOUR_MS, departureMs - Math.floor(leadHours * HOUR_MS)),
    plan: anew,
    departureMs: day.momentMs(anew.departureSecondOfDay),
  };
}

/** The date of a train is that of its departure, so it stays. */
function shiftMinutes(random: Random, plan: TrainPlan): number {
  const minute = plan.departureSecondOfDay / 60;
  const shift = 1 + Math.floor(random() * 40);
  const isSooner = random() < 0.4;
  const shifted = minute + (isSooner ? -shift : shift);
  return shifted < 0 || shifted > LAST_MINUTE ? minute + (isSooner ? shift : -shift) : shifted;
}

/** A third ends at a station before, which leaves fewer rows; a third stands on other tracks. */
function replan(random: Random, plan: TrainPlan): TrainPlan {
  const draw = random();
  const { stops } = plan;
  if (draw < 1 / 3 && stops.length > 4) {
    const shorter = stops.slice(0, draw < 1 / 6 ? -1 : -2);
    return {
      ...plan,
      stops: shorter.map((stop, index) =>
        index < shorter.length - 1 ? stop : { ...stop, stopping: true, commercial: true }
      ),
    };
  }
  if (draw < 2 / 3) return plan;
  return {
    ...plan,
    stops: stops.map((stop) => stop.track === "" ? stop : { ...stop, track: `${stop.track}0` }),
  };
}

function isPunctual(plan: TrainPlan): boolean {
  return plan.service.stops !== null;
}
