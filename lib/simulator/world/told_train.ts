/** A train of a world with the change that the API tells last of it. */
import type { SimulatedTrain } from "../observe_train.ts";
import { versionOf } from "./version.ts";
import { BATCH_MS, type World } from "./world.ts";
import type { WorldTrain } from "./world_days.ts";

/** Of which train, since when, under which version. */
export interface Told extends WorldTrain {
  readonly changedMs: number;
  readonly version: number;
  readonly isDeleted: boolean;
}

/** What is told of a train at a moment; null before its publication. */
export function toldAt(world: World, train: WorldTrain, atMs: number): Told | null {
  const { life, chunk } = train;
  const changedMs = life.lastChangeMs(atMs);
  if (changedMs === null) return null;
  const isPublication = changedMs < life.fate.publishedMs + BATCH_MS;
  const version = versionOf(world, { changedMs, chunk: isPublication ? chunk : 0 }, atMs);
  return { ...train, changedMs, version, isDeleted: (life.fate.deletedMs ?? Infinity) <= changedMs };
}

/** The train as the API writes it. */
export function tell({ life, changedMs, version }: Told): SimulatedTrain {
  return { ...life.tell(changedMs), version };
}
