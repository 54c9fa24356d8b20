/** Which trains `/live-trains` has at a moment: the API's own rules, row by row. */
import type { TimetableRow, Train } from "../../train/train_schema.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Events within so long of now, on either side, show a train. */
export const WINDOW_MS = 4 * HOUR_MS;

/** True when any event of the train is within the window. */
export function isInWindow(train: Train, atMs: number): boolean {
  return train.timeTableRows.some((row) => showsTrain(row, atMs));
}

function showsTrain(row: TimetableRow, atMs: number): boolean {
  const scheduledMs = Date.parse(row.scheduledTime);
  if (Math.abs(scheduledMs - atMs) > 24 * HOUR_MS) return false;
  const actualMs = parse(row.actualTime);
  const estimateMs = parse(row.liveEstimateTime);
  const hasPassed = scheduledMs <= atMs - (row.cancelled ? 15 * MINUTE_MS : HOUR_MS);
  if (hasPassed && Number.isNaN(actualMs) && !(estimateMs > atMs - 2 * HOUR_MS)) return false;
  return [scheduledMs, actualMs, estimateMs].some((eventMs) => Math.abs(eventMs - atMs) <= WINDOW_MS);
}

/** NaN for none, which no comparison holds for. */
function parse(time: string | null | undefined): number {
  return typeof time === "string" ? Date.parse(time) : NaN;
}
