/** Which trains `/live-trains` has at a moment: the API's own rules, row by row. */
import type { TimetableRow, Train } from "../../train/train_schema.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Events within so long of now, on either side, show a train. */
export const WINDOW_MS = 4 * HOUR_MS;

/** The times of a row; NaN for none, which no comparison holds for. */
interface RowEvents {
  readonly scheduledMs: number;
  readonly actualMs: number;
  readonly estimateMs: number;
  readonly cancelled: boolean;
}

/** A train is looked at again in each answer until it changes. */
const eventsOf = new WeakMap<Train, readonly RowEvents[]>();

/** True when any event of the train is within the window. */
export function isInWindow(train: Train, atMs: number): boolean {
  const events = eventsOf.get(train) ?? train.timeTableRows.map(readEvents);
  eventsOf.set(train, events);
  return events.some((row) => showsTrain(row, atMs));
}

function readEvents({ scheduledTime, actualTime, liveEstimateTime, cancelled }: TimetableRow): RowEvents {
  return {
    scheduledMs: Date.parse(scheduledTime),
    actualMs: parse(actualTime),
    estimateMs: parse(liveEstimateTime),
    cancelled,
  };
}

function showsTrain({ scheduledMs, actualMs, estimateMs, cancelled }: RowEvents, atMs: number): boolean {
  if (Math.abs(scheduledMs - atMs) > 24 * HOUR_MS) return false;
  const hasPassed = scheduledMs <= atMs - (cancelled ? 15 * MINUTE_MS : HOUR_MS);
  if (hasPassed && Number.isNaN(actualMs) && !(estimateMs > atMs - 2 * HOUR_MS)) return false;
  return [scheduledMs, actualMs, estimateMs].some((eventMs) => Math.abs(eventMs - atMs) <= WINDOW_MS);
}

function parse(time: string | null | undefined): number {
  return typeof time === "string" ? Date.parse(time) : NaN;
}
