/** Delays as timetables print them: one way for all commands, pages and pictures. */

/** Minutes and seconds, and hours where there are some: "+5:01", "-0:40", "+1:02:05"; "" of none. */
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

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
