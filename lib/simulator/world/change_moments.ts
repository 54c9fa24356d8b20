/** When the API learns something new of a train, from its publication to its last report. */
import { causeKnownMs, isReported, nextRevisionMs } from "../know_train.ts";
import type { TrainRun } from "../run_train.ts";

/** All moments at which what the API says of a run changes, rising. */
export function changeMoments(run: TrainRun): readonly number[] {
  const reports = reportMoments(run);
  return reports.flatMap((
    atMs,
    index,
  ) => [atMs, ...revisionMoments(run, atMs, reports[index + 1] ?? Infinity)]);
}

function reportMoments(run: TrainRun): readonly number[] {
  const moments = new Set([run.publishedMs]);
  if (run.cancelled || run.firstRow > 0 || run.lastRow < run.scheduled.length - 1) {
    moments.add(run.announcedMs);
  }
  if (!run.cancelled) {
    if (run.readyMs !== null) moments.add(run.readyMs);
    for (let row = run.firstRow; row <= run.lastRow; row++) {
      if (isReported(run, row)) moments.add((run.actual[row] ?? Infinity) + run.reportingLagMs);
    }
    for (const { row } of run.incidents) moments.add(causeKnownMs(run, row));
  }
  return [...moments].filter((atMs) => atMs >= run.publishedMs && atMs < Infinity).sort((a, b) => a - b);
}

/** Estimates of an overdue train move on without any report, until one comes. */
function* revisionMoments(
  run: TrainRun,
  fromMs: number,
  untilMs: number,
): Generator<number, void, undefined> {
  for (let atMs = fromMs;;) {
    atMs = nextRevisionMs(run, atMs);
    if (atMs >= untilMs) return;
    yield atMs;
  }
}
