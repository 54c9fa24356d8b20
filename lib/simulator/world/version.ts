/** Versions of a world: numbers of batches, shared by all trains that changed in one. */
import { VERSION_EPOCH_MS } from "../observe_train.ts";
import { BATCH_MS, type World } from "./world.ts";

/** The end of the batch in which something happens: from then on the API tells it. */
export function batchEndMs(atMs: number): number {
  return Math.ceil(atMs / BATCH_MS) * BATCH_MS;
}

/**
 * The version, as it is told at `atMs`, of a train that changed in the batch that ended at `changedMs`. `chunk` counts
 * the versions that a burst of many trains takes within one batch.
 */
export function versionOf(
  world: World,
  change: { readonly changedMs: number; readonly chunk: number },
  atMs: number,
): number {
  return Math.max(1, change.changedMs - VERSION_EPOCH_MS + change.chunk - loweredBy(world, atMs));
}

/** The moment before which no train with a higher version can have changed. */
export function versionMoment(world: World, version: number, atMs: number): number {
  return version + loweredBy(world, atMs) + VERSION_EPOCH_MS - BATCH_MS;
}

function loweredBy({ rebases = [] }: World, atMs: number): number {
  return rebases.reduce((sum, rebase) => rebase.atMs <= atMs ? sum + rebase.lowerBy : sum, 0);
}
