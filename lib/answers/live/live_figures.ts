/** Figures of the trains that are on the way: how many, how many of them on time, which are the latest. Pure. */
import { TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";
import type { LiveTrain } from "./live_trains.ts";

/** Trains of a kind that are on the way. */
export interface RunningTrains {
  readonly kind: TrainKind | "other";
  readonly name: string;
  readonly running: number;
  readonly onTime: number;
}

/** All that is said of them in numbers. */
export interface LiveFigures {
  readonly running: number;
  readonly onTime: number;
  /** In the order of the report; kinds without a train are left out. */
  readonly kinds: readonly RunningTrains[];
  /** The latest first. */
  readonly latest: readonly LiveTrain[];
}

/** A train that nobody has heard of for so long after it was due is not said to run. */
const SILENT_MS = 3_600_000;
const LATEST_SHOWN = 12;

/** Trains that are on the way at this moment; milliseconds since 1970 UTC. */
export function runningAt(trains: readonly LiveTrain[], nowMs: number): readonly LiveTrain[] {
  return trains.filter(({ leftMs, dueMs }) => leftMs <= nowMs + SILENT_MS && nowMs - dueMs <= SILENT_MS);
}

/** Of trains that run. */
export function liveFigures(trains: readonly LiveTrain[]): LiveFigures {
  const kinds = [...Object.entries(TRAIN_KINDS).map(([kind, { name }]) => [kind, name]), ["other", "other"]];
  const late = trains.filter(({ isOnTime }) => !isOnTime);
  return {
    running: trains.length,
    onTime: trains.length - late.length,
    kinds: kinds.map(([kind = "", name = ""]) => {
      const mine = trains.filter((train) => (train.kind ?? "other") === kind);
      const onTime = mine.filter(({ isOnTime }) => isOnTime).length;
      return { kind: kind as RunningTrains["kind"], name, running: mine.length, onTime };
    }).filter(({ running }) => running > 0),
    latest: late.sort((a, b) => (b.delaySeconds ?? 0) - (a.delaySeconds ?? 0) || (a.id < b.id ? -1 : 1))
      .slice(0, LATEST_SHOWN),
  };
}
