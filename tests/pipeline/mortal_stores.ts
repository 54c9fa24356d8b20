/** Stores that die: from a chosen moment on everything that a run does with them fails, as after a kill. */
import { gatedStore, type GateMoment } from "./gated_store.ts";
import type { StoreOf } from "./process_rig.ts";

/** What a dead store throws. */
class Death extends Error {
  override readonly name = "Death";
}

/** A folder that dies, and what it has counted by then. */
export interface MortalFolder {
  readonly storeOf: StoreOf;
  /** Operations so far, each with a moment before and one after it. */
  readonly moments: () => number;
  /** At which moment which table had a new commit. */
  readonly commits: readonly { readonly table: string; readonly moment: number }[];
}

/** Fails from the given moment on; of a folder that never dies the moments are those at which it could. */
export function mortal(storeOf: StoreOf, deathAt: number): MortalFolder {
  let moment = 0;
  const commits: { readonly table: string; readonly moment: number }[] = [];
  const gateOf = (table: string) => ({ operation, path, when }: GateMoment) => {
    if (operation === "putIfAbsent" && when === "after" && path.endsWith(".json")) {
      commits.push({ table, moment });
    }
    if (moment++ >= deathAt) throw new Death(`moment ${deathAt}`);
  };
  return { storeOf: (path) => gatedStore(storeOf(path), gateOf(path)), moments: () => moment, commits };
}

/** Maintenance that fails is told in the log and ends no run, since all messages are in by then. */
export async function untilDeath(run: Promise<unknown>): Promise<"done" | "died"> {
  try {
    await run;
    return "done";
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof Death) return "died";
    }
    throw error;
  }
}
