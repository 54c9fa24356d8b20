/** What the API would answer of a living world at any moment: every date, the window of now, what changed. */
import type { SimulatedTrain } from "../observe_train.ts";
import { MAX_TRAINS_PER_DAY } from "../plan_train.ts";
import { changedSince, KEPT_DATES, newestChanges } from "./changed_trains.ts";
import { departureDay, helsinkiDate } from "./departure_day.ts";
import { isInWindow, WINDOW_MS } from "./live_window.ts";
import { lastPublishedDate } from "./plan_fate.ts";
import { rememberTold } from "./remember_told.ts";
import { tell, toldAt } from "./told_train.ts";
import type { World } from "./world.ts";
import { openWorldDays, type WorldTrain } from "./world_days.ts";

/** A world to be asked; all answers follow from the world and the moment alone. */
export interface LivingWorld {
  /**
   * All trains of a departure date, or the one of a number; deleted ones too, ordered by number. None of dates that the
   * API does not have.
   */
  trainsOf(date: string, atMs: number, trainNumber?: number): IteratorObject<SimulatedTrain>;
  /** All trains of a date as far as they are published, in any year: what archives are made of. */
  archivedTrains(date: string, atMs: number): IteratorObject<SimulatedTrain>;
  /** The trains in the window around the moment whose version is higher, ordered by date and number. */
  liveTrains(atMs: number, sinceVersion: number): IteratorObject<SimulatedTrain>;
  /** A page of what changed since a version, of any date and deleted ones too; null asks for the newest version. */
  changedTrains(atMs: number, sinceVersion: number | null): IteratorObject<SimulatedTrain>;
}

/** Opens a world. Only what is asked for is computed, and days that are asked for again are kept. */
export function openWorld(world: World): LivingWorld {
  checkWorld(world);
  const days = openWorldDays(world);
  const tellAgain = rememberTold();
  return {
    *trainsOf(date, atMs, trainNumber) {
      if (!isKept(date, atMs)) return;
      for (const train of days(date)) {
        if (trainNumber !== undefined && train.trainNumber !== trainNumber) continue;
        const told = toldAt(world, train, atMs);
        if (told !== null) yield tell(told);
      }
    },
    *archivedTrains(date, atMs) {
      for (const train of days(date, "passing")) {
        const told = toldAt(world, train, atMs);
        if (told !== null) yield tell(told);
      }
    },
    *liveTrains(atMs, sinceVersion) {
      const today = helsinkiDate(atMs);
      for (const plus of [-1, 0, 1]) {
        for (const train of days(departureDay(today, plus).date)) {
          if (!isInSight(train, atMs)) continue;
          const told = toldAt(world, train, atMs);
          if (told === null || told.isDeleted || told.version <= sinceVersion) continue;
          const seen = tellAgain(told);
          if (isInWindow(seen, atMs)) yield seen;
        }
      }
    },
    changedTrains(atMs, sinceVersion) {
      const moment = { world, days, atMs };
      const page = sinceVersion === null ? newestChanges(moment) : changedSince(moment, sinceVersion);
      return page.values().map(tell);
    },
  };
}

function checkWorld({ trains, trainsPerVersion = 1 }: World): void {
  if (!Number.isSafeInteger(trains) || trains < 0 || trains > MAX_TRAINS_PER_DAY) {
    throw new RangeError(
      `Cannot open a world of ${trains} trains a day: expected 0 to ${MAX_TRAINS_PER_DAY}`,
    );
  }
  if (!Number.isSafeInteger(trainsPerVersion) || trainsPerVersion < 1) {
    throw new RangeError(`Cannot give ${trainsPerVersion} trains a version: expected a whole number from 1`);
  }
}

/** Spares running and writing what is far from its window. */
function isInSight({ life }: WorldTrain, atMs: number): boolean {
  const { hidden } = life.fate;
  if (atMs < life.quietUntilMs || atMs > life.endMs() + WINDOW_MS) return false;
  return hidden === null || atMs < hidden.fromMs || atMs >= hidden.untilMs;
}

function isKept(date: string, atMs: number): boolean {
  const today = helsinkiDate(atMs);
  return date >= departureDay(today, -KEPT_DATES).date && date <= lastPublishedDate(today, atMs);
}
