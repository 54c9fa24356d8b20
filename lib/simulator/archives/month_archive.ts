/** The monthly archives of the API: which there are at a moment, and what is in them. */
import { arrayJson } from "../json_answer.ts";
import { departureDay } from "../world/departure_day.ts";
import type { LivingWorld } from "../world/open_world.ts";
import { zipStream } from "./zip_stream.ts";

const FIRST_MONTH = "2016-01";
/** An archive is made on this day of the month that follows, and stays as it is. */
const MADE_ON = "05";

/** The names of all archives that are made at a moment, the oldest first. */
export function archiveNames(atMs: number): readonly string[] {
  const names: string[] = [];
  for (let month = FIRST_MONTH; madeMs(month) <= atMs; month = monthAfter(month)) names.push(nameOf(month));
  return names;
}

/** The bytes of the archive of a name; null when there is none at the moment. */
export function archiveBytes(
  world: LivingWorld,
  name: string,
  atMs: number,
): Iterable<Uint8Array<ArrayBuffer>> | null {
  const month = /^digitraffic-rata-trains-(\d{4}-(?:0[1-9]|1[0-2]))-01\.zip$/.exec(name)?.[1];
  if (month === undefined || month < FIRST_MONTH || madeMs(month) > atMs) return null;
  return zipStream(monthMembers(world, month));
}

/** Each member is what `/trains/{date}` answered when the archive was made. */
function* monthMembers(world: LivingWorld, month: string) {
  const atMs = madeMs(month);
  const [year = 0, monthNumber = 0, day = 0] = `${monthAfter(month)}-${MADE_ON}`.split("-").map(Number);
  for (let date = `${month}-01`; date.startsWith(month); date = departureDay(date, 1).date) {
    yield {
      name: `${date}_trains.json`,
      date: [year, monthNumber, day] as const,
      parts: arrayJson(world.archivedTrains(date, atMs).filter((train) => train.deleted !== true)),
    };
  }
}

function madeMs(month: string): number {
  return departureDay(`${monthAfter(month)}-${MADE_ON}`).momentMs(0);
}

function monthAfter(month: string): string {
  return Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();
}

function nameOf(month: string): string {
  return `digitraffic-rata-trains-${month}-01.zip`;
}
