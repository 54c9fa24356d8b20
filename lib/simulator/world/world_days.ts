/** The departure dates of a world, each with its trains; the dates that are asked for again are kept. */
import { planTrain, type TrainPlan } from "../plan_train.ts";
import { departureDay } from "./departure_day.ts";
import { burstMoment, planFate } from "./plan_fate.ts";
import { liveTrain, type TrainLife } from "./train_life.ts";
import { MAX_TRAINS_PER_VERSION, type World } from "./world.ts";

/** The 16 dates that a page of changes looks at, and a few to go through others. */
const KEPT_DAYS = 20;

/** A train of a date, with what its version needs. */
export interface WorldTrain {
  readonly date: string;
  readonly trainNumber: number;
  readonly life: TrainLife;
  /** Which version of the burst publishes it. */
  readonly chunk: number;
}

/**
 * Gives the trains of a date, ordered by number, whether they are published yet or not. Those of a date that is passed
 * by are not kept.
 */
export type WorldDays = (date: string, visit?: "passing") => readonly WorldTrain[];

/** Plans the timetable once; the least recently asked of 20 dates is forgotten first. */
export function openWorldDays(world: World): WorldDays {
  const slots = planSlots(world);
  const kept = new Map<string, readonly WorldTrain[]>();
  return (date, visit) => {
    const trains = kept.get(date) ?? makeDay(world.seed, date, slots);
    if (visit === "passing") return trains;
    kept.delete(date);
    kept.set(date, trains);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_DAYS) break;
      kept.delete(oldest);
    }
    return trains;
  };
}

interface Slot {
  readonly plan: TrainPlan;
  readonly chunk: number;
}

function planSlots({ seed, trains, trainsPerVersion = MAX_TRAINS_PER_VERSION }: World): readonly Slot[] {
  let published = 0;
  return Array.from({ length: trains }, (_, slot) => planTrain(seed, slot))
    .sort((a, b) => a.trainNumber - b.trainNumber)
    .map((plan) => ({ plan, chunk: plan.adhoc ? 0 : Math.floor(published++ / trainsPerVersion) }));
}

function makeDay(seed: number, date: string, slots: readonly Slot[]): readonly WorldTrain[] {
  const day = departureDay(date);
  const draws = { seed, burstMs: burstMoment(day) };
  return slots.map(({ plan, chunk }) => ({
    date,
    trainNumber: plan.trainNumber,
    chunk,
    life: liveTrain(seed, date, planFate(plan, day, draws)),
  }));
}
