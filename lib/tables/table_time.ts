/** Times as tables can hold them. */

const FIRST_TIME_MS = Date.parse("0001-01-01T00:00:00Z");
/** A whole second, as microseconds of that size have no odd digits. */
const LAST_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A producer may write any 64 bits as the time of a message; tables and their readers know the years 1 to 9999. */
export function withinCalendar(milliseconds: number): number {
  return Math.min(Math.max(Math.trunc(milliseconds) || 0, FIRST_TIME_MS), LAST_TIME_MS);
}
