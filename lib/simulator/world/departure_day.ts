/** A departure date on Helsinki's clock, with the two days a year that have 23 or 25 hours. */

const TIME_ZONE = "Europe/Helsinki";
const DAY_MS = 86_400_000;

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

/** The date in Helsinki at a moment. */
export function helsinkiDate(atMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(TIME_ZONE).toPlainDate()
    .toString();
}

function wallMoment(day: Temporal.PlainDate, secondOfDay: number): number {
  const plainTime = new Temporal.PlainTime(0).add({ seconds: secondOfDay });
  return day.toZonedDateTime({ timeZone: TIME_ZONE, plainTime }).epochMilliseconds;
}
