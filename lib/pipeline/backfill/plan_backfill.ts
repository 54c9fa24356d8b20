/** Which days of a range are still to be fetched, and by which requests. */
import { isArchived } from "../../digitraffic/archives/archive_days.ts";
import type { FilledDay } from "./backfill_state.ts";

const DAY_MS = 86_400_000;
/** A train of the day may run, or be corrected, until the end of the next one; Finland is ahead of UTC. */
const COMPLETE_AFTER_MS = 2 * DAY_MS;

/** The first and the last departure date, YYYY-MM-DD. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** One request, and what it is for. */
export type Errand =
  | { readonly kind: "day"; readonly date: string }
  | { readonly kind: "archive"; readonly month: string; readonly dates: readonly string[] };

/** How {@linkcode planBackfill} plans. */
interface PlanOptions {
  readonly done: ReadonlyMap<string, FilledDay>;
  /** Days that are done too. */
  readonly again: boolean;
  /** Whole months from their archives, where they are made. */
  readonly archives: boolean;
  readonly nowMs: number;
}

/** What is to be done. */
export interface BackfillPlan {
  readonly days: number;
  /** Days that are done and stay so. */
  readonly before: number;
  /** The oldest first. */
  readonly errands: readonly Errand[];
}

/** The errands of a range. A day that was fetched before it was over counts as not done. */
export function planBackfill(range: DateRange, { done, again, archives, nowMs }: PlanOptions): BackfillPlan {
  const dates = listDates(range);
  const missing = dates.filter((date) => again || !isSettled(date, done.get(date)));
  const errands = [...Map.groupBy(missing, (date) => date.slice(0, 7))].flatMap((
    [month, ofMonth],
  ): Errand[] =>
    archives && isArchived(month, nowMs)
      ? [{ kind: "archive", month, dates: ofMonth }]
      : ofMonth.map((date) => ({ kind: "day", date }))
  );
  return { days: dates.length, before: dates.length - missing.length, errands };
}

/** The dates of an errand. */
export function datesOf(errand: Errand): readonly string[] {
  return errand.kind === "day" ? [errand.date] : errand.dates;
}

/** Dates as people write them: what follows on each other as "2024-01-01 to 2024-01-31". */
export function describeDates(dates: readonly string[], most = 5): string {
  const runs: { first: string; last: string }[] = [];
  for (const date of dates) {
    const run = runs.at(-1);
    if (run !== undefined && Date.parse(date) - Date.parse(run.last) === DAY_MS) run.last = date;
    else runs.push({ first: date, last: date });
  }
  const texts = runs.slice(0, most).map(({ first, last }) => first === last ? first : `${first} to ${last}`);
  return runs.length > most ? `${texts.join(", ")} and others up to ${runs.at(-1)?.last}` : texts.join(", ");
}

function listDates({ from, to }: DateRange): readonly string[] {
  const dates: string[] = [];
  for (let atMs = Date.parse(from); atMs <= Date.parse(to); atMs += DAY_MS) {
    dates.push(new Date(atMs).toISOString().slice(0, 10));
  }
  return dates;
}

function isSettled(date: string, day: FilledDay | undefined): boolean {
  return day !== undefined && day.at >= Date.parse(date) + COMPLETE_AFTER_MS;
}
