/** The monthly archives of the API: which there are, and the days in them. */
import { ArchiveError } from "./archive_error.ts";
import { readZip, type ZipMember } from "./read_zip.ts";

const MEMBER = /^(\d{4}-\d{2}-\d{2})_trains\.json$/;
/** An archive is made on the 5th of the month after; a day is left for it. */
const READY_DAY = 6;

/** A day in an archive. */
export interface ArchivedDay extends Pick<ZipMember, "content"> {
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** The path of a month's archive below the base address; the month is YYYY-MM. */
export function archivePath(month: string): string {
  return `trains/dumps/digitraffic-rata-trains-${month}-01.zip`;
}

/** Whether the archive of a month (YYYY-MM) has been made by that time. */
export function isArchived(month: string, nowMs: number): boolean {
  const [year = 0, number = 1] = month.split("-").map(Number);
  // Months count from 0 here, so this is the month after.
  return nowMs >= Date.UTC(year, number, READY_DAY);
}

/**
 * The days of an archive, each a body of `/trains/{date}`.
 *
 * @throws {ArchiveError} As readZip does, and when something else is in it than days of the month.
 */
export async function* readArchive(
  chunks: AsyncIterable<Uint8Array>,
  month: string,
): AsyncGenerator<ArchivedDay, void, undefined> {
  for await (const { name, content } of readZip(chunks)) {
    const [, date] = MEMBER.exec(name) ?? [];
    if (date === undefined || !isDate(date) || !date.startsWith(`${month}-`)) {
      throw new ArchiveError(`found member "${name}", expected days such as "${month}-01_trains.json"`);
    }
    yield { date, content };
  }
}

function isDate(text: string): boolean {
  const atMs = Date.parse(text);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}
