/** Stage 0: stands in for the API. Makes trains out of a seed and a moment; hands them to the server or to a bench. */

import { observeTrain, type SimulatedTrain } from "./observe_train.ts";
import { MAX_TRAINS_PER_DAY, planTrain, type TrainPlan } from "./plan_train.ts";
import { runTrain } from "./run_train.ts";

const DAY_SECONDS = 86_400;
const DAY_MS = 86_400_000;
/** A train is in the answer from this long before its departure until a day before the next one of its slot. */
const LEAD_SECONDS = 6 * 3600;
const TIME_ZONE = "Europe/Helsinki";

/** What determines every byte that the simulator serves. */
export interface Simulation {
  readonly seed: number;
  /** Number of trains; those that do not fit a day lie on the days before. */
  readonly trains: number;
  /** The moment of the request, milliseconds since 1970 UTC. */
  readonly atMs: number;
  /**
   * How many trains a departure date holds. Default 2,500; at most {@linkcode MAX_TRAINS_PER_DAY}.
   * No script sets it: tests fill many days with few trains, and one day with all of its numbers.
   */
  readonly trainsPerDay?: number;
}

/**
 * All trains of one moment, ordered by departure date and number; exactly `trains` of them, made one at a time.
 * As the moment moves on, each train lives its day, leaves a day after it came, and the next date's takes its place.
 */
export function* simulateTrains(simulation: Simulation): Generator<SimulatedTrain, void, undefined> {
  const { seed, trains, atMs, trainsPerDay = 2_500 } = simulation;
  checkCounts(trains, trainsPerDay);
  const plans = Array.from({ length: Math.min(trains, trainsPerDay) }, (_, slot) => planTrain(seed, slot));
  const slots = [...plans.entries()].sort(([, a], [, b]) => a.trainNumber - b.trainNumber);
  const days = Math.ceil(trains / trainsPerDay);
  const latest = latestDeparture(atMs);
  const lastDay = Math.floor(latest / DAY_SECONDS);
  for (let day = lastDay - days; day <= lastDay; day++) {
    const departureDate = new Date(day * DAY_MS).toISOString().slice(0, 10);
    for (const [slot, plan] of slots) {
      const daysAgo = Math.floor((latest - plan.departureSecondOfDay) / DAY_SECONDS) - day;
      if (daysAgo < 0 || daysAgo >= days || daysAgo * trainsPerDay + slot >= trains) continue;
      const run = runTrain(seed, plan, departureMs(departureDate, plan));
      yield observeTrain(run, departureDate, atMs);
    }
  }
}

function checkCounts(trains: number, trainsPerDay: number): void {
  if (!Number.isSafeInteger(trains) || trains < 0) {
    throw new RangeError(`Cannot simulate ${trains} trains: expected a whole number from 0`);
  }
  if (!Number.isSafeInteger(trainsPerDay) || trainsPerDay < 1 || trainsPerDay > MAX_TRAINS_PER_DAY) {
    throw new RangeError(`Cannot simulate ${trainsPerDay} trains a day: expected 1 to ${MAX_TRAINS_PER_DAY}`);
  }
}

/**
 * The last departure that is already shown, in seconds of Helsinki's wall clock since 1970. On that clock every slot
 * has one train in any 24 hours, also on the two days a year that have 23 or 25.
 */
function latestDeparture(atMs: number): number {
  const wall = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(TIME_ZONE);
  return Math.floor((atMs + wall.offsetNanoseconds / 1e6) / 1000) + LEAD_SECONDS;
}

function departureMs(departureDate: string, plan: TrainPlan): number {
  const plainTime = Temporal.PlainTime.from({
    hour: Math.floor(plan.departureSecondOfDay / 3600),
    minute: Math.floor((plan.departureSecondOfDay % 3600) / 60),
  });
  return Temporal.PlainDate.from(departureDate).toZonedDateTime({ timeZone: TIME_ZONE, plainTime })
    .epochMilliseconds;
}
