/**
 * Compares the rows of a train with those of its version before. A row is the same one by station, type and scheduled
 * time, as the source names it; those that are left by station and type in the order of the route, so that a train that
 * was re-timed keeps its rows.
 */
import type { Route } from "./route.ts";
import type { VersionChanges } from "./version_changes.ts";

const MINUTE_MS = 60_000;
/** An actual time may be corrected by so much. */
const MOVE_TOLERANCE_MS = MINUTE_MS;

/** Per row of the version before its place in the other, -1 for none; and 1 where a row there is taken. */
let matches = new Int32Array(0), taken = new Uint8Array(0);

/** Counts what has changed; `seenMs` is when the newer version was first seen. */
export function compareRoutes(before: Route, after: Route, seenMs: number, changes: VersionChanges): void {
  // A train that was deleted is no more said to have been anywhere.
  if (after.isDeleted) return;
  matchRows(before, after);
  let vanishedTimes = 0, movedTimes = 0, vanishedRows = 0;
  for (let row = 0; row < before.rows; row++) {
    const match = matches[row] ?? -1;
    if (match < 0) {
      vanishedRows++;
      continue;
    }
    const was = before.actual[row] ?? NaN, is = after.actual[match] ?? NaN;
    if (Number.isNaN(was)) {
      if (Number.isNaN(is)) continue;
      changes.addReport(seenMs - is);
      changes.addEstimate(
        (before.estimate[row] ?? NaN) - before.writtenMs,
        is - (before.estimate[row] ?? NaN),
      );
    } else if (Number.isNaN(is)) vanishedTimes++;
    else if (Math.abs(is - was) > MOVE_TOLERANCE_MS) movedTimes++;
  }
  changes.addVersion({ vanishedTimes, movedTimes, vanishedRows });
}

function matchRows(before: Route, after: Route): void {
  if (matches.length < before.rows) matches = new Int32Array(2 * before.rows);
  if (taken.length < after.rows) taken = new Uint8Array(2 * after.rows);
  matches.fill(-1, 0, before.rows);
  taken.fill(0, 0, after.rows);
  if (matchByTime(before, after) < before.rows) matchByPlace(before, after);
}

/** One pass over both: times rise along a route. */
function matchByTime(before: Route, after: Route): number {
  let found = 0;
  for (let row = 0, next = 0; row < before.rows; row++) {
    const time = before.scheduled[row] ?? NaN;
    while (next < after.rows && (after.scheduled[next] ?? NaN) < time) next++;
    for (let at = next; at < after.rows && after.scheduled[at] === time; at++) {
      if (taken[at] === 1 || after.stops[at] !== before.stops[row]) continue;
      found++;
      match(row, at);
      break;
    }
  }
  return found;
}

/** From the row before on, then from the start. */
function matchByPlace(before: Route, after: Route): void {
  let next = 0;
  for (let row = 0; row < before.rows; row++) {
    if ((matches[row] ?? -1) < 0) {
      for (let i = 0; i < after.rows; i++) {
        const at = (next + i) % after.rows;
        if (taken[at] === 1 || after.stops[at] !== before.stops[row]) continue;
        match(row, at);
        break;
      }
    }
    const found = matches[row] ?? -1;
    if (found >= 0) next = found + 1;
  }
}

function match(row: number, at: number): void {
  matches[row] = at;
  taken[at] = 1;
}
