/** Times of the day as clocks in Finland show them: one way for all commands, pages and pictures. */
import { helsinkiMs } from "./helsinki_day.ts";

/** The last moment that a calendar has, without the hours that a clock in Finland is ahead. */
const MAX_MS = 8.64e15 - 86_400_000;

/** "06:05", of milliseconds since 1970 UTC or ISO-8601; "" of none, or of a time that no calendar has. */
export function clockText(time: string | number | null): string {
  const ms = typeof time === "string" ? Date.parse(time) : time ?? NaN;
  if (!(Math.abs(ms) <= MAX_MS)) return "";
  return new Date(helsinkiMs(ms)).toISOString().slice(-13, -8);
}
