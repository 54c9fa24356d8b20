/** Days and microseconds as text and back, in the proleptic Gregorian calendar, for all years that fit. */

import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";

const MICROS_PER_DAY = 86_400_000_000n;
const DATE = /^([+-]?\d{4,7})-(\d{2})-(\d{2})$/;
const TIME = /^([+-]?\d{4,7}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(.*))?$/;
const ZONE = /^(?:Z|UTC|([+-])(\d{2}):?(\d{2}))$/;

/** A point in time as text says it. */
export interface ParsedTime {
  /** Microseconds since 1970-01-01 00:00; UTC when there is a zone. */
  readonly micros: bigint;
  readonly hasZone: boolean;
}

/** Days since 1970-01-01 of a date such as `2025-02-17` or `-0044-03-15`; undefined when there is no such day. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const days = daysOf(year, month, day);
  const isReal = month >= 1 && month <= 12 && dateOf(days).day === day && day > 0;
  return isReal ? days : undefined;
}

/** A date as text; years beyond four digits carry a sign, as in ISO 8601. */
export function formatDate(days: number): string {
  const { year, month, day } = dateOf(days);
  const digits = String(Math.abs(year)).padStart(4, "0");
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${digits}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** Reads `2025-02-17`, `2025-02-17 04:21:00`, `2025-02-17T04:21:00.123456Z`; digits below microseconds are dropped. */
export function parseTime(text: string): ParsedTime | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, date = "", hours = "0", minutes = "0", seconds = "0", fraction = "", zoneText = ""] = match;
  const days = parseDate(date);
  const zone = zoneText === "" ? 0 : zoneMinutes(zoneText);
  const isTime = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
  if (days === undefined || zone === undefined || !isTime) return undefined;
  const secondOfDay = (Number(hours) * 60 + Number(minutes) - zone) * 60 + Number(seconds);
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  return {
    micros: BigInt(days) * MICROS_PER_DAY + BigInt(secondOfDay) * 1_000_000n + micros,
    hasZone: zoneText !== "",
  };
}

/**
 * Microseconds since 1970 as `2025-02-17T04:21:00.123456`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTime } from "../mod.ts";
 *
 * assertEquals(formatTime(1_739_766_060_123_456n), "2025-02-17T04:21:00.123456");
 * ```
 */
export function formatTime(micros: bigint): string {
  // Called for each value of a column: the check costs nothing where nothing is wrong.
  if (typeof micros !== "bigint") checkArguments("formatTime", { micros }, { micros: KIND.micros });
  const rest = micros % MICROS_PER_DAY;
  const ofDay = rest < 0n ? rest + MICROS_PER_DAY : rest;
  const days = Number((micros - ofDay) / MICROS_PER_DAY);
  const seconds = Number(ofDay / 1_000_000n);
  const clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map((part) => twoDigits(Math.floor(part)));
  return `${formatDate(days)}T${clock.join(":")}.${String(ofDay % 1_000_000n).padStart(6, "0")}`;
}

function zoneMinutes(text: string): number | undefined {
  const match = ZONE.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, hours = "0", minutes = "0"] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

// Years are counted from March, so that the leap day is the last one.
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
