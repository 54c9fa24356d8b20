/** How far a back-fill is, and how long it will take. */
import { counted } from "../../printable.ts";

const MINUTE_SECONDS = 60;

/** A back-fill under way. */
export interface BackfillProgress {
  /** Of the range. */
  readonly days: number;
  /** Days that were done before. */
  readonly before: number;
  /** Days of this run that are over, whatever became of them. */
  readonly over: number;
  /** Published in this run. */
  readonly trains: number;
  readonly sizeBytes: number;
  /** Requests of this run. */
  readonly requests: number;
  readonly failures: number;
  readonly elapsedSeconds: number;
}

/** "day 17 of 91, 25,312 trains, 2.1 MB/s, about 12 min left". */
export function describeProgress(progress: BackfillProgress): string {
  const { days, before, over, trains, sizeBytes, elapsedSeconds } = progress;
  const at = Math.min(before + over + 1, days);
  const rate = elapsedSeconds > 0 && sizeBytes > 0
    ? `, ${(sizeBytes / 1e6 / elapsedSeconds).toFixed(1)} MB/s`
    : "";
  const leftSeconds = secondsLeft(progress);
  const left = leftSeconds === null ? "" : `, about ${describeDuration(leftSeconds)} left`;
  return `day ${at} of ${days}, ${counted(trains, "train")}${rate}${left}`;
}

/** Seconds, minutes or hours, as exact as an estimate is. */
export function describeDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / MINUTE_SECONDS);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** By the days that this run has done; null before there is one, and after the last. */
function secondsLeft({ days, before, over, elapsedSeconds }: BackfillProgress): number | null {
  const left = days - before - over;
  return over === 0 || left <= 0 || elapsedSeconds <= 0 ? null : elapsedSeconds / over * left;
}
