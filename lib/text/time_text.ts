/** A time of the log for people: writers may have put any number there. */

/** ISO 8601; the number itself where the calendar ends, 270,000 years from 1970. */
export function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}
