/** A departure date on Helsinki's clock, with the two days a year that have 23 or 25 hours. */

const TIME_ZONE = "Europe/Helsinki";
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The calendar takes longer than all that is asked about a date: some two years of dates are kept. */
const KEPT = 1_000;
const days = new Map<string, DepartureDay>();
const datesByHour = new Map<number, string>();

/** A departure date. */
export interface DepartureDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Days since 1970-01-01: keys the draws of the day. */
  readonly number: number;
  /** The moment of a time of its wall clock. */
  momentMs(secondOfDay: number): number;
}

/** The day of a date, `plus` days later. */
export function departureDay(date: string, plus = 0): DepartureDay {
  return keep(days, `${date} ${plus}`, () => findDay(date, plus));
}

/** The dates from one to another, both included; none when the first is after the last. */
export function* datesBetween(from: string, to: string): Generator<string, undefined, undefined> {
  for (let date = from; date <= to; date = departureDay(date, 1).date) yield date;
}

/** The date in Helsinki at a moment. Its clock is whole hours away from UTC, and has been since 1921. */
export function helsinkiDate(atMs: number): string {
  const hour = Math.floor(atMs / HOUR_MS);
  return keep(datesByHour, hour, () => {
    return Temporal.Instant.fromEpochMilliseconds(hour * HOUR_MS).toZonedDateTimeISO(TIME_ZONE).toPlainDate()
      .toString();
  });
}

function findDay(date: string, plus: number): DepartureDay {
  const day = Temporal.PlainDate.from(date).add({ days: plus });
  const start = day.toZonedDateTime(TIME_ZONE);
  const startMs = start.epochMilliseconds;
  const isPlain = start.hoursInDay === 24;
  return {
    date: day.toString(),
    number: Math.round(Date.parse(day.toString()) / DAY_MS),
    momentMs: (second) => isPlain ? startMs + second * 1000 : wallMoment(day, second),
  };
}

/** The value that was made for a key, or a new one; the one made first is forgotten first. */
function keep<Key, Value>(kept: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  for (const oldest of kept.keys()) {
    if (kept.size < KEPT) break;
    kept.delete(oldest);
  }
  const made = make();
  kept.set(key, made);
  return made;
}

function wallMoment(day: Temporal.PlainDate, secondOfDay: number): number {
  const plainTime = new Temporal.PlainTime(0).add({ seconds: secondOfDay });
  return day.toZonedDateTime({ timeZone: TIME_ZONE, plainTime }).epochMilliseconds;
}
