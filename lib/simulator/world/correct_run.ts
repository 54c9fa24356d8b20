/** A reported time that somebody corrects by hand when the train has long arrived. */
import { isReported } from "../know_train.ts";
import type { TrainRun } from "../run_train.ts";

/** Which of its rows, from 0 to 1, and how long after all else is known. */
export interface Correction {
  readonly place: number;
  readonly afterMs: number;
}

/**
 * The run with one time moved half of the way to the next row's; null when there is none to move. Its first and last
 * rows stay, so that nothing else depends on it.
 */
export function correctRun(run: TrainRun, { place }: Correction): TrainRun | null {
  if (run.cancelled) return null;
  const rows = run.actual.keys().filter((row) => {
    return row > run.firstRow && row < run.lastRow && isReported(run, row) && moveMs(run, row) > 0;
  }).toArray();
  const row = rows[Math.floor(place * rows.length)];
  if (row === undefined) return null;
  return { ...run, actual: run.actual.with(row, (run.actual[row] ?? 0) + moveMs(run, row)) };
}

/** Whole seconds. */
function moveMs({ actual }: TrainRun, row: number): number {
  return Math.floor(((actual[row + 1] ?? 0) - (actual[row] ?? Infinity)) / 2000) * 1000;
}
