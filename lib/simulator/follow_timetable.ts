/** When a train reaches each row of its timetable, given where it is and what disturbs it. */
import type { TrainPlan } from "./plan_train.ts";

/** A late train runs this much faster than planned at best. */
const FASTEST_RUN = 0.97;
/** And stands this long at least, where it has to stop. */
const SHORTEST_DWELL_MS = 25_000;

/** From where a train goes on, and what happens to it on the way. */
interface Continuation {
  readonly fromRow: number;
  /** The last row that is asked for. Default the last of all. */
  readonly toRow?: number;
  /** When it is there. */
  readonly timeMs: number;
  /** Milliseconds added to the run that ends at this row; none when absent. */
  readonly disturbanceMs?: (row: number) => number;
}

/** Scheduled times of all rows: the departure, pairs of arrival and departure, the last arrival. */
export function scheduleRows(plan: TrainPlan, departureMs: number): readonly number[] {
  const times = plan.stops.flatMap((stop) => [stop.arrivalSeconds, stop.departureSeconds]);
  return times.slice(1, -1).map((seconds) => departureMs + seconds * 1000);
}

/**
 * Times of the rows from `fromRow` to `toRow`, whole seconds, never decreasing: a late train makes up for it in running and
 * standing, an early one keeps its lead, and passengers are never left behind.
 */
export function followTimetable(
  plan: TrainPlan,
  scheduled: readonly number[],
  continuation: Continuation,
): readonly number[] {
  const { fromRow, toRow = scheduled.length - 1, disturbanceMs } = continuation;
  const times: number[] = [];
  let time = continuation.timeMs;
  times[fromRow] = time;
  for (let row = fromRow + 1; row <= toRow; row++) {
    const due = timeOf(scheduled, row);
    const plannedMs = due - timeOf(scheduled, row - 1);
    // Odd rows arrive, even rows depart.
    time = row % 2 === 1
      ? arrive(time, { due, plannedMs, disturbanceMs: disturbanceMs?.(row) ?? 0 })
      : depart(time, { due, plannedMs, waits: plan.service.stops !== null });
    times[row] = time;
  }
  return times;
}

interface Run {
  readonly due: number;
  readonly plannedMs: number;
}

function arrive(leftMs: number, run: Run & { readonly disturbanceMs: number }): number {
  const fastest = wholeSecond(leftMs + run.plannedMs * FASTEST_RUN);
  const calm = Math.min(leftMs + run.plannedMs, Math.max(fastest, run.due));
  return Math.max(fastest, calm + run.disturbanceMs);
}

function depart(arrivedMs: number, stand: Run & { readonly waits: boolean }): number {
  if (stand.plannedMs === 0) return arrivedMs;
  const soonest = arrivedMs + Math.min(stand.plannedMs, SHORTEST_DWELL_MS);
  if (stand.waits) return Math.max(soonest, stand.due);
  return Math.min(arrivedMs + stand.plannedMs, Math.max(soonest, stand.due));
}

function wholeSecond(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000) * 1000;
}

function timeOf(times: readonly number[], row: number): number {
  const time = times[row];
  if (time === undefined) throw new RangeError(`Cannot follow the timetable: found no row ${row}`);
  return time;
}
