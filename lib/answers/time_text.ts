/** Delays and times of the day as timetables print them. */
import { helsinkiMs } from "../tables/rows/helsinki_day.ts";

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 1440;
const MICROS_PER_MS = 1000;

/** Minutes and seconds: "+5:01", "-0:40", "+1:02:05"; "" of none. */
export function delayText(seconds: number | null): string {
  if (seconds === null) return "";
  const whole = Math.round(seconds);
  return (whole < 0 ? "-" : "+") + lengthText(whole);
}

/** The same without a sign. */
export function lengthText(seconds: number | null): string {
  if (seconds === null) return "";
  const whole = Math.abs(Math.round(seconds));
  const minutes = Math.floor(whole / 60), two = (number: number) => String(number).padStart(2, "0");
  const head = minutes < 60 ? String(minutes) : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return `${head}:${two(whole % 60)}`;
}

/** What a clock in Finland shows: "07:24"; "" of none. Of microseconds since 1970 UTC. */
export function clockText(micros: number | null): string {
  if (micros === null) return "";
  const minutes = Math.floor(helsinkiMs(micros / MICROS_PER_MS) / MS_PER_MINUTE) % MINUTES_PER_DAY;
  const ofDay = (minutes + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return `${String(Math.floor(ofDay / 60)).padStart(2, "0")}:${String(ofDay % 60).padStart(2, "0")}`;
}
