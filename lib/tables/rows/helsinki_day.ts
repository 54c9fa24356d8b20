/** The date and the time in Finland at a moment, for times of the last and the next century. */

const MICROS_PER_HOUR = 3_600_000_000;
const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;
const HOURS_PER_WEEK = 168;
/** The years in which the rule below is the law's, as far as anybody knows. */
const [FIRST_RULED_YEAR, LAST_RULED_YEAR] = [1996, 2037];
const MARCH = 2, OCTOBER = 9;

/** Made when it is first asked, which takes longer than to count the dates of ten thousand trains. */
let formatter: Intl.DateTimeFormat | undefined;
/** Clocks change on the hour, and trains of a file run within a few days: the offset of each hour is asked for once. */
const offsets = new Map<number, number>();
const MOST_OFFSETS = 4096;

/** Days from 1970-01-01 to the date in Finland; of microseconds since 1970 UTC. */
export function helsinkiDay(micros: number): number {
  const hour = Math.floor(micros / MICROS_PER_HOUR);
  return Math.floor((hour + offsetAt(hour)) / HOURS_PER_DAY);
}

/** What a clock in Finland shows, as if it showed UTC; of milliseconds since 1970 UTC. */
export function helsinkiMs(ms: number): number {
  return ms + offsetAt(Math.floor(ms / MS_PER_HOUR)) * MS_PER_HOUR;
}

/** Whole hours that the clock in Finland is ahead of UTC; before 1921 it was 1 h 40 min, which counts as 1. */
function offsetAt(hour: number): number {
  let offset = offsets.get(hour);
  if (offset === undefined) {
    offset = offsetByRule(hour) ?? offsetByCalendar(hour);
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    offsets.set(hour, offset);
  }
  return offset;
}

/** Summer time in the EU lasts from the last Sunday of March to that of October, 01:00 UTC; null beyond its years. */
function offsetByRule(hour: number): number | null {
  const year = new Date(hour * MS_PER_HOUR).getUTCFullYear();
  if (!(year >= FIRST_RULED_YEAR && year <= LAST_RULED_YEAR)) return null;
  return hour >= changeOf(year, MARCH) && hour < changeOf(year, OCTOBER) ? 3 : 2;
}

/** The hour since 1970 UTC in which the clock changes. */
function changeOf(year: number, month: number): number {
  const lastDay = Date.UTC(year, month, 31) / MS_PER_HOUR;
  // 1970-01-04 was a Sunday.
  const sinceSunday = (lastDay - 3 * HOURS_PER_DAY) % HOURS_PER_WEEK;
  return lastDay - sinceSunday + 1;
}

function offsetByCalendar(hour: number): number {
  formatter ??= new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Helsinki",
    hourCycle: "h23",
    hour: "2-digit",
  });
  const local = Number(formatter.format(new Date(hour * MS_PER_HOUR)));
  return (local - hour % HOURS_PER_DAY + 2 * HOURS_PER_DAY) % HOURS_PER_DAY;
}
