/** Where a train is drawn: as far along its leg as its time is, never beyond. Pure. */
import type { NetFrame, TrainEntry } from "../messages.ts";

/** In pixels of the map. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A train that is late for its next station waits just before it. */
const LAST_PART = 0.97;

/** Null where nobody knows one of its stations. */
export function placeOfTrain(train: TrainEntry, places: NetFrame["places"], nowMs: number): Point | null {
  const from = places[train.from], to = places[train.to];
  if (from === undefined || to === undefined) return null;
  const length = train.dueMs - train.leftMs;
  const part = length <= 0 ? 0 : Math.min(Math.max((nowMs - train.leftMs) / length, 0), LAST_PART);
  return { x: from[0] + part * (to[0] - from[0]), y: from[1] + part * (to[1] - from[1]) };
}
