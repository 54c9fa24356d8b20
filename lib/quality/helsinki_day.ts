/** The date in Finland at a moment, for times of the last and the next century. */

const MICROS_PER_HOUR = 3_600_000_000;
const HOURS_PER_DAY = 24;

/** Made when it is first asked: that takes 10 ms, and a run that has nothing to do counts no dates. */
let formatter: Intl.DateTimeFormat | undefined;
/** Clocks change on the hour, and trains of a file run within a few days: the offset of each hour is asked for once. */
const offsets = new Map<number, number>();
const MOST_OFFSETS = 4096;

/** Days from 1970-01-01 to the date in Finland; of microseconds since 1970 UTC. */
export function helsinkiDay(micros: number): number {
  const hour = Math.floor(micros / MICROS_PER_HOUR);
  return Math.floor((hour + offsetAt(hour)) / HOURS_PER_DAY);
}

/** Whole hours that the clock in Finland is ahead of UTC; before 1921 it was 1 h 40 min, which counts as 1. */
function offsetAt(hour: number): number {
  let offset = offsets.get(hour);
  if (offset === undefined) {
    formatter ??= new Intl.DateTimeFormat("en-GB", {
      timeZone: "Europe/Helsinki",
      hourCycle: "h23",
      hour: "2-digit",
    });
    const local = Number(formatter.format(new Date(hour * 3_600_000)));
    offset = (local - hour % HOURS_PER_DAY + 2 * HOURS_PER_DAY) % HOURS_PER_DAY;
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    offsets.set(hour, offset);
  }
  return offset;
}
