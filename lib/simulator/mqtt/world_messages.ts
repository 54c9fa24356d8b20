/** What the API publishes over MQTT of a living world: right after each batch the trains that changed in it. */
import type { SimulatedTrain } from "../observe_train.ts";
import { departureDay, helsinkiDate } from "../world/departure_day.ts";
import { tell, type Told, toldAt } from "../world/told_train.ts";
import { batchEndMs } from "../world/version.ts";
import { BATCH_MS, type World } from "../world/world.ts";
import { openWorldDays } from "../world/world_days.ts";
import { mqttTopic, writePayload } from "./payload.ts";

/** No train changes more days after its departure date, and none that is told by MQTT more days before. */
const LATE_DAYS = 4;
const EARLY_DAYS = 2;

/** One message. */
export interface WorldMessage {
  readonly topic: string;
  readonly payload: string;
}

/** Gives the messages of the batch that ends at a moment; the moments of a broker rise. */
export type WorldMessages = (batchMs: number) => readonly WorldMessage[];

/**
 * Not told are deletions, timetables that are made anew, and those of regular trains that the nightly job publishes:
 * the API tells them by REST alone.
 */
export function openWorldMessages(world: World): WorldMessages {
  const days = openWorldDays(world);
  return (batchMs) => {
    const today = helsinkiDate(batchMs);
    const told: Told[] = [];
    for (let plus = -LATE_DAYS; plus <= EARLY_DAYS; plus++) {
      for (const train of days(departureDay(today, plus).date)) {
        const last = toldAt(world, train, batchMs);
        if (last !== null && last.changedMs === batchMs && isPublished(last)) told.push(last);
      }
    }
    return told.map(tell).map(messageOf);
  };
}

/** The ends of the batches after one moment, up to another. */
export function* batchesBetween(fromMs: number, toMs: number): Generator<number, void, undefined> {
  for (let batchMs = batchEndMs(fromMs + 1); batchMs <= toMs; batchMs += BATCH_MS) yield batchMs;
}

function isPublished({ isDeleted, changedMs, life: { fate } }: Told): boolean {
  if (isDeleted) return false;
  if (fate.retiming !== null && batchEndMs(fate.retiming.atMs) === changedMs) return false;
  return fate.plan.adhoc || batchEndMs(fate.publishedMs) !== changedMs;
}

function messageOf(train: SimulatedTrain): WorldMessage {
  return { topic: mqttTopic(train), payload: writePayload(train) };
}
