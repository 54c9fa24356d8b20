/** Delays and times of the day as timetables print them. */
import { helsinkiMs } from "../tables/rows/helsinki_day.ts";

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 1440;

/** Minutes and seconds: "+5:01", "-0:40", "+1:02:05"; "" of none. */
export function delayText(seconds: number | null): string {
  if (seconds === null) return "";
  const whole = Math.round(seconds);
  return (whole < 0 ? "-" : "+") + lengthText(whole);
}

/** The same without a sign. */
export function lengthText(seconds: number | null): string {
  if (seconds === null) return "";
  const whole = Math.abs(Math.round(seconds)), minutes = Math.floor(whole / 60);
  const head = minutes < 60 ? String(minutes) : `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}`;
  return `${head}:${twoDigits(whole % 60)}`;
}

/** What a clock in Finland shows: "07:24"; "" of none. Of a time as ISO-8601. */
export function clockText(time: string | null): string {
  if (time === null) return "";
  const minutes = Math.floor(helsinkiMs(Date.parse(time)) / MS_PER_MINUTE);
  const ofDay = (minutes % MINUTES_PER_DAY + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return `${twoDigits(Math.floor(ofDay / 60))}:${twoDigits(ofDay % 60)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
