/** What changed since a version, over all departure dates, as `/trains?version=` pages it. */
import { datesBetween, departureDay, helsinkiDate } from "./departure_day.ts";
import { lastPublishedDate } from "./plan_fate.ts";
import { type Told, toldAt } from "./told_train.ts";
import { LATE_DAYS, QUIET_MS } from "./train_life.ts";
import { versionMoment } from "./version.ts";
import { MAX_TRAINS_PER_VERSION, type World } from "./world.ts";
import type { WorldDays } from "./world_days.ts";

const HOUR_MS = 3_600_000;
/** No train is published more days ahead. */
const AHEAD_DAYS = 13;
/** The API keeps so many days. */
export const KEPT_DATES = 720;

/** Of which world, at which moment. */
export interface WorldMoment {
  readonly world: World;
  readonly days: WorldDays;
  readonly atMs: number;
}

/**
 * One page of the trains with a higher version, ordered by version, date and number: whole versions only. As many
 * trains under one version as a version may have fill a page alone, and are passed over.
 */
export function changedSince(moment: WorldMoment, version: number): readonly Told[] {
  const most = moment.world.trainsPerVersion ?? MAX_TRAINS_PER_VERSION;
  for (let since = version;;) {
    const page = firstChanges(moment, { since, most });
    const [first, last] = [page[0], page.at(-1)];
    if (page.length < most || first === undefined || last === undefined) return page;
    if (first.version !== last.version) return page.filter((told) => told.version !== last.version);
    since = first.version;
  }
}

/** The trains of the newest version. */
export function newestChanges(moment: WorldMoment): readonly Told[] {
  for (const hours of [1, 48, 24 * 30, 24 * KEPT_DATES]) {
    const found = findChanges(moment, { sinceMs: moment.atMs - hours * HOUR_MS, most: Infinity });
    const newest = found.reduce((version, told) => Math.max(version, told.version), 0);
    if (newest > 0) return changedSince(moment, newest - 1);
  }
  return [];
}

function firstChanges(
  moment: WorldMoment,
  { since, most }: { readonly since: number; readonly most: number },
): readonly Told[] {
  const sinceMs = versionMoment(moment.world, since, moment.atMs);
  return findChanges(moment, { sinceMs, most })
    .filter((told) => told.version > since).toSorted(byVersion).slice(0, most);
}

interface Search {
  readonly sinceMs: number;
  /** Enough of them, the first ones. */
  readonly most: number;
}

/**
 * Looks at the days around now and to come whole, then goes through the days before until no later one can have a lower
 * version than those found. There, the trains that never ran are looked for further ahead: they may have changed days
 * before they would have left.
 */
function findChanges(moment: WorldMoment, { sinceMs, most }: Search): readonly Told[] {
  const { past, present } = datesSince(moment.atMs, sinceMs);
  const collect = (dates: readonly string[], isPlain?: boolean) =>
    dates.flatMap((date) => toldOf(moment, date, { sinceMs, isPlain }));
  const found = collect(present);
  for (const [index, date] of past.entries()) {
    const ahead = past.slice(index === 0 ? 0 : index + AHEAD_DAYS - 1, index + AHEAD_DAYS);
    for (const told of [...collect(ahead, true), ...collect([date], false)]) found.push(told);
    const endedMs = departureDay(date, 1).momentMs(0) - QUIET_MS;
    if (found.filter((told) => told.changedMs < endedMs).length >= most) break;
  }
  return found;
}

function toldOf(
  { world, days, atMs }: WorldMoment,
  date: string,
  { sinceMs, isPlain }: { readonly sinceMs: number; readonly isPlain: boolean | undefined },
): readonly Told[] {
  const trains = days(date).filter(({ life }) => isPlain === undefined || life.isPlain(atMs) === isPlain);
  return trains.map((train) => toldAt(world, train, atMs))
    .filter((told): told is Told => told !== null && told.changedMs >= sinceMs);
}

function datesSince(
  atMs: number,
  sinceMs: number,
): { readonly past: readonly string[]; readonly present: readonly string[] } {
  const today = helsinkiDate(atMs);
  const oldest = departureDay(today, -KEPT_DATES).date;
  const first = departureDay(helsinkiDate(Math.max(sinceMs, 0)), -LATE_DAYS).date;
  const late = departureDay(today, -LATE_DAYS).date;
  const dates = [...datesBetween(first < oldest ? oldest : first, lastPublishedDate(today, atMs))];
  return { past: dates.filter((date) => date < late), present: dates.filter((date) => date >= late) };
}

function byVersion(a: Told, b: Told): number {
  return a.version - b.version ||
    (a.date < b.date ? -1 : a.date > b.date ? 1 : a.trainNumber - b.trainNumber);
}
