/** Departure dates by the calendar of Helsinki, which is the railway's: days of 23 and 25 hours are days too. */

const TIME_ZONE = "Europe/Helsinki";
/** A follower that was away for longer leaves the days before to a back-fill. */
const MOST_DAYS = 7;
/** Dates that wait to be compared, at most; a clock that was wrong may have named some. */
const MOST_DUE = 60;
/** When yesterday's trains are through and the nightly corrections are done. */
const RECONCILE_HOUR = 5;

/** Trains that departed since one moment, up to another; milliseconds since 1970 UTC. */
export interface FeedSpan {
  readonly sinceMs: number;
  readonly nowMs: number;
}

/**
 * The departure dates whose trains belong in the topic, in order: from the day before `sinceMs`, whose trains may still
 * have run then, to tomorrow, whose first trains come into the window tonight; at most a week back. The API gives a
 * new version to trains of two years and of timetables months ahead each night: they are no news of the railway.
 */
export function datesThatMatter({ sinceMs, nowMs }: FeedSpan): readonly string[] {
  const today = dateAt(nowMs);
  const oldest = today.subtract({ days: MOST_DAYS });
  const since = dateAt(Math.min(sinceMs, nowMs)).subtract({ days: 1 });
  const dates: string[] = [];
  const end = today.add({ days: 1 });
  let date = Temporal.PlainDate.compare(since, oldest) < 0 ? oldest : since;
  for (; Temporal.PlainDate.compare(date, end) <= 0; date = date.add({ days: 1 })) {
    dates.push(date.toString());
  }
  return dates;
}

/** The two dates that are compared as a whole each day, the one whose trains run first. */
export function datesToReconcile(nowMs: number): readonly string[] {
  const today = dateAt(nowMs);
  return [today.toString(), today.subtract({ days: 1 }).toString()];
}

/** Dates that wait to be compared, with more of them; of too many the newest. */
export function addDue(due: readonly string[], dates: readonly string[]): readonly string[] {
  const all = [...new Set([...due, ...dates])];
  const kept = new Set(all.toSorted().slice(-MOST_DUE));
  return all.filter((date) => kept.has(date));
}

/** False for dates that only a wrong clock can have named: too old for a follower, or beyond tomorrow. */
export function isNear(date: string, nowMs: number): boolean {
  const days = dateAt(nowMs).since(Temporal.PlainDate.from(date)).days;
  return -1 <= days && days <= 4 * MOST_DAYS;
}

/** The last time the daily comparison was due, milliseconds since 1970 UTC. */
export function reconcileDueMs(nowMs: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(TIME_ZONE);
  const atHour = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({
      timeZone: TIME_ZONE,
      plainTime: Temporal.PlainTime.from({ hour: RECONCILE_HOUR }),
    })
      .epochMilliseconds;
  const today = atHour(now.toPlainDate());
  return today <= nowMs ? today : atHour(now.toPlainDate().subtract({ days: 1 }));
}

function dateAt(milliseconds: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(milliseconds)).toZonedDateTimeISO(TIME_ZONE)
    .toPlainDate();
}
