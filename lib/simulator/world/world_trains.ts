/** The truth about a living world, for everybody who wants to know what a follower must have found. */
import type { SimulatedTrain } from "../observe_train.ts";
import { datesBetween } from "./departure_day.ts";
import { openWorld } from "./open_world.ts";
import type { World } from "./world.ts";

/** Which departure dates, as known when. */
export interface Span {
  /** YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

/**
 * Every train of every date in the span as the API told it last up to the moment, ordered by date and number; those
 * that were deleted have `deleted: true`.
 *
 * A follower that asks `/live-trains?version=` and, at least every 15 minutes, `/live-trains`, and that once on each
 * day asks `/trains/{date}?include_deleted=true` for that day and the day before, holds exactly these trains of every
 * date whose next day it has asked about, as long as no answer failed for longer than the window of four hours, or it
 * asked `/trains?version=` from its last cursor afterwards:
 *
 * - All that is told of a train while it runs, or would run, is told within the window, also after it was hidden; so
 *   is a time that is corrected up to two hours after its arrival.
 * - What was told before (another timetable, a cancellation) is in the train that comes into the window.
 * - That a train was deleted is told by `/trains/{date}` and `/trains?version=` alone, never later than half an hour
 *   before its departure. A follower that leaves out `include_deleted` must take absence there for it.
 * - Of the day of the moment it holds what was told up to its last question about that day, and of later days no more
 *   than the trains that have come into the window (those before 4 o'clock of the next) or that a page brought.
 * - After a re-base a train that is not told again keeps the version that it had: compare such trains without it.
 * - A burst of as many trains under one version as a version may have is in no page: those trains come by the window
 *   and by the date.
 */
export function* worldTrains(
  world: World,
  { from, to, atMs }: Span,
): Generator<SimulatedTrain, void, undefined> {
  const living = openWorld(world);
  for (const date of datesBetween(from, to)) yield* living.trainsOf(date, atMs);
}
