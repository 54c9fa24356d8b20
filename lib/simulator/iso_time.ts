/** Writing times as the API does is half of the work of a simulated train, so the date is written once for many. */

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

let lastDay = NaN;
let lastDate = "";

/** What `toISOString` writes. */
export function isoTime(atMs: number): string {
  const day = Math.floor(atMs / DAY_MS);
  const ofDayMs = atMs - day * DAY_MS;
  const millisecond = ofDayMs % 1000;
  if (millisecond !== 0) return new Date(atMs).toISOString();
  if (day !== lastDay) {
    lastDate = new Date(atMs).toISOString().slice(0, 11);
    lastDay = day;
  }
  const second = ofDayMs / 1000;
  const hours = TWO_DIGITS[Math.floor(second / 3600)];
  const minutes = TWO_DIGITS[Math.floor(second / 60) % 60];
  return `${lastDate}${hours}:${minutes}:${TWO_DIGITS[second % 60]}.000Z`;
}
