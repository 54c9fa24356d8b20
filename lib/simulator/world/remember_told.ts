/** Most trains are told many times before they change, and to write one takes longer than to find it. */
import type { SimulatedTrain } from "../observe_train.ts";
import { tell, type Told } from "./told_train.ts";
import type { TrainLife } from "./train_life.ts";

/** More than are in the window at once; some 20 MB. */
const MOST = 1_000;

/** Like {@linkcode tell}, but gives the same object again while nothing is new of a train. */
export function rememberTold(): (told: Told) => SimulatedTrain {
  const kept = new Map<TrainLife, { readonly changedMs: number; readonly train: SimulatedTrain }>();
  return (told) => {
    const { life, changedMs, version } = told;
    const known = kept.get(life);
    if (known?.changedMs === changedMs && known.train.version === version) return known.train;
    const train = tell(told);
    kept.delete(life);
    kept.set(life, { changedMs, train });
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST) break;
      kept.delete(oldest);
    }
    return train;
  };
}
