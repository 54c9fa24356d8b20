/** How many messages were written in each of the last hours. */
import { type Add, columnBounds, columnsOfFrame, type DeltaTable } from "../../delta/mod.ts";
import { ColumnNumbers } from "../../tables/rows/column_numbers.ts";

/** Messages by the hours in which they were written. */
export interface HourlyMessages {
  /** Where the first hour begins. */
  readonly from: Date;
  readonly counts: readonly number[];
  /** Messages in files that were not read, which may be of any of these hours. */
  readonly unread: number;
}

/** What is looked at. */
export interface HourOptions {
  /** A moment in the last hour. */
  readonly until: Date;
  readonly hours: number;
  /** So many messages at most are read, those of the newest files first; one file in any case. */
  readonly mostMessages: number;
}

const COLUMN = "kafkaMessageTimestamp";
const MS_PER_HOUR = 3_600_000;
const MICROS_PER_HOUR = 3_600_000_000;

/** Reads one column of the files that may have messages of these hours. */
export async function messagesPerHour(
  landing: DeltaTable,
  { until, hours, mostMessages }: HourOptions,
): Promise<HourlyMessages> {
  const first = Math.floor(until.getTime() / MS_PER_HOUR) - hours + 1;
  const counts = new Array<number>(hours).fill(0);
  let read = 0, unread = 0;
  for (const add of newestFilesFirst(landing, first * MICROS_PER_HOUR)) {
    const rows = await landing.countRows(add);
    if (read > 0 && read + rows > mostMessages) {
      unread += rows;
      continue;
    }
    read += rows;
    for (const micros of await timesOf(landing, add)) {
      const hour = Math.floor(micros / MICROS_PER_HOUR) - first;
      // Without a time there is no hour.
      if (hour >= 0 && hour < hours) counts[hour] = (counts[hour] ?? 0) + 1;
    }
  }
  return { from: new Date(first * MS_PER_HOUR), counts, unread };
}

/** Those that may have a time from this one on; a file whose statistics do not say may have any. */
function newestFilesFirst({ snapshot }: DeltaTable, fromMicros: number): readonly Add[] {
  const boundsOf = columnBounds([COLUMN], snapshot);
  const timed = [...snapshot.files.values()].map((add) => {
    const { upper } = boundsOf(add);
    return { add, newest: typeof upper === "bigint" ? Number(upper) : Infinity };
  });
  return timed.filter(({ newest }) => newest >= fromMicros)
    .sort((a, b) => a.newest === b.newest ? (a.add.path < b.add.path ? -1 : 1) : b.newest - a.newest)
    .map(({ add }) => add);
}

async function timesOf(landing: DeltaTable, add: Add): Promise<Float64Array> {
  const options = { columns: [COLUMN] };
  const fields = landing.snapshot.schema.fields.filter(({ name }) => name === COLUMN);
  const columns = await landing.readColumns(add, options) ??
    columnsOfFrame(await landing.readFile(add, options), fields);
  return new ColumnNumbers(columns).of(COLUMN);
}
