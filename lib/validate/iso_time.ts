/** ISO-8601 dates and times as numbers, strict where `Date.parse` guesses. */

const MS_PER_DAY = 86_400_000;
const DIGIT_ZERO = 48;
const GENERAL =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))$/;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Days since 1970-01-01 of a `YYYY-MM-DD` text, or NaN when it is not a date of the calendar, years 1 to 9999.
 *
 * @example 2025-02-17 -> 20136, 2025-02-30 -> NaN
 */
export function dateToDays(text: string): number {
  if (text.length !== 10) return NaN;
  return text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 ? daysAt(text) : NaN;
}

/**
 * Microseconds since 1970 UTC of an ISO-8601 time *with zone*, or NaN.
 *
 * Digits after the sixth decimal are cut. Exact: years 0-9999 stay below 2^53 microseconds only from 1684 to 2255,
 * which is why other years are NaN too.
 */
export function timeToMicros(text: string): number {
  if (text.length === 24 && text.charCodeAt(23) === 90 && text.charCodeAt(19) === 46) {
    return parseMilliseconds(text);
  }
  return parseGeneral(text);
}

/** Microseconds since 1970 UTC of a time on a day since 1970, or NaN when there is no such time or it is not exact. */
export function microsAt(days: number, hour: number, minute: number, ms: number): number {
  return exact(assemble(days, hour, minute, ms, 0));
}

/** The API's own spelling, `2025-02-16T17:29:38.000Z`, without a regular expression. */
function parseMilliseconds(text: string): number {
  const separators = text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 && text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58;
  if (!separators) return NaN;
  const hour = twoDigits(text, 11), minute = twoDigits(text, 14), second = twoDigits(text, 17);
  const milliseconds = digit(text, 20) * 100 + twoDigits(text, 21);
  return microsAt(daysAt(text), hour, minute, second * 1000 + milliseconds);
}

function parseGeneral(text: string): number {
  const match = GENERAL.exec(text);
  if (match === null) return NaN;
  const [, date = "", hour, minute, second = "0", fraction = "", sign, zoneHour = "0", zoneMinute = "0"] =
    match;
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return NaN;
  const micros = Number(fraction.slice(0, 6).padEnd(6, "0"));
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === "-" ? -1 : 1);
  const whole = assemble(dateToDays(date), Number(hour), Number(minute), Number(second) * 1000, zone);
  return exact(whole + micros);
}

function assemble(days: number, hour: number, minute: number, ms: number, zoneMinutes: number): number {
  if (!(hour <= 23 && minute <= 59 && ms < 60_000)) return NaN;
  return (days * MS_PER_DAY + (hour * 60 + minute - zoneMinutes) * 60_000 + ms) * 1000;
}

function exact(micros: number): number {
  return Number.isSafeInteger(micros) ? micros : NaN;
}

/** Days since 1970 of the date at the start of the text, by Howard Hinnant's `days_from_civil`. */
function daysAt(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5), day = twoDigits(text, 8);
  // Tables can hold the year 0; Python, and so most readers of tables, has no such year.
  if (!(year >= 1 && month >= 1 && day >= 1 && day <= monthLength(year, month))) return NaN;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400), yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function monthLength(year: number, month: number): number {
  const leap = month === 2 && (year % 4 === 0 && year % 100 !== 0 || year % 400 === 0);
  return (MONTH_LENGTHS[month - 1] ?? NaN) + (leap ? 1 : 0);
}

function twoDigits(text: string, position: number): number {
  return digit(text, position) * 10 + digit(text, position + 1);
}

/** One decimal digit, or NaN, which spoils every sum it enters. */
function digit(text: string, position: number): number {
  const value = text.charCodeAt(position) - DIGIT_ZERO;
  return value >= 0 && value <= 9 ? value : NaN;
}
