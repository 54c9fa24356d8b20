/** Everything that happens in a world between two moments, in its order: what a feed of messages is made of. */
import type { SimulatedTrain } from "../observe_train.ts";
import { datesBetween, departureDay, helsinkiDate } from "./departure_day.ts";
import { lastPublishedDate } from "./plan_fate.ts";
import { tell, type Told, toldAt } from "./told_train.ts";
import { LATE_DAYS } from "./train_life.ts";
import { batchEndMs } from "./version.ts";
import type { World } from "./world.ts";
import { openWorldDays } from "./world_days.ts";

/** What is told of one train at the end of one batch. */
export interface WorldChange {
  readonly atMs: number;
  /** A timetable is published or replaced, a train is deleted, or something is known of its running. */
  readonly kind: "timetable" | "deleted" | "run";
  readonly train: SimulatedTrain;
}

/** Gives all that happens after one moment up to another, by batch, date and number. */
export type Happenings<Happening> = (
  fromMs: number,
  untilMs: number,
) => IteratorObject<Happening, undefined, undefined>;

/** Opens the changes of a world; days that are asked for again are kept. */
export function openWorldChanges(world: World): Happenings<WorldChange> {
  const days = openWorldDays(world);
  return (fromMs, untilMs) => {
    const changes: Told[] = [];
    const last = lastPublishedDate(helsinkiDate(untilMs), untilMs);
    const first = departureDay(helsinkiDate(fromMs), -LATE_DAYS).date;
    for (const date of datesBetween(first, last)) {
      for (const train of days(date)) {
        for (const changedMs of train.life.changesBetween(fromMs, untilMs)) {
          const told = toldAt(world, train, changedMs);
          if (told !== null) changes.push(told);
        }
      }
    }
    return changes.sort((a, b) => a.changedMs - b.changedMs).values().map(describeChange);
  };
}

function describeChange(told: Told): WorldChange {
  const { publishedMs, retiming } = told.life.fate;
  const timetables = [publishedMs, retiming?.atMs ?? publishedMs].map(batchEndMs);
  const kind = told.isDeleted ? "deleted" : timetables.includes(told.changedMs) ? "timetable" : "run";
  return { atMs: told.changedMs, kind, train: tell(told) };
}
