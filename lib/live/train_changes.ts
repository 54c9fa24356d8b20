/** What of the trains a browser has to be told, when it has been told some before. Pure. */
import type { TrainEntry, TrainsMessage } from "./messages.ts";

/** The trains by their ids. */
export type KnownTrains = ReadonlyMap<string, TrainEntry>;

/** The same trains by their ids. */
export function trainsById(trains: readonly TrainEntry[]): KnownTrains {
  return new Map(trains.map((train) => [train.id, train]));
}

/** All trains, for a browser that knows none. */
export function wholeMessage(trains: KnownTrains, nowMs: number): TrainsMessage {
  return { nowMs, isWhole: true, trains: [...trains.values()], gone: [] };
}

/** What has changed since `before`; null when nothing has. */
export function changesSince(before: KnownTrains, trains: KnownTrains, nowMs: number): TrainsMessage | null {
  const changed = [...trains.values()].filter((train) => !isSame(before.get(train.id), train));
  const gone = [...before.keys()].filter((id) => !trains.has(id));
  return changed.length + gone.length === 0 ? null : { nowMs, isWhole: false, trains: changed, gone };
}

function isSame(a: TrainEntry | undefined, b: TrainEntry): boolean {
  return a !== undefined && a.from === b.from && a.to === b.to && a.leftMs === b.leftMs &&
    a.dueMs === b.dueMs &&
    a.delaySeconds === b.delaySeconds && a.isOnTime === b.isOnTime && a.name === b.name;
}
