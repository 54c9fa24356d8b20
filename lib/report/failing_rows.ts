/** Rows that break a rule, as a table for the terminal. */
import type { FailingRow } from "../quality/find_failures.ts";
import { shortName } from "./short_name.ts";
import { textTable } from "./text_table.ts";

/** What the short forms in the table are. */
export const FAILING_ROWS_NOTE = "UTC, ~ is an estimate; of a stop the departure, of a train the first row";

/** A line per row, with the partition and offset of its message. */
export function failingRows(rows: readonly FailingRow[]): string {
  const table = textTable([
    "date",
    "train",
    "row",
    "station",
    "type",
    "planned",
    "actual",
    "diff",
    "message",
  ]);
  for (const row of rows) {
    const { departureDate, trainNumber, rowNumber, station, type, differenceInMinutes } = row;
    table.push([
      departureDate,
      `${shortName(row.trainType ?? "")} ${trainNumber}`.trim(),
      rowNumber,
      shortName(station ?? ""),
      (type ?? "").slice(0, 3).toLowerCase(),
      clock(row.scheduledTime, departureDate),
      row.actualTime === null
        ? clock(row.liveEstimateTime, departureDate, "~")
        : clock(row.actualTime, departureDate),
      differenceInMinutes ?? "",
      `${row.partition}:${row.offset}`,
    ]);
  }
  return table.toString();
}

/** The time of day, with the days that it is off from the departure date. */
function clock(micros: number | null, date: string, mark = ""): string {
  if (micros === null) return "";
  const iso = new Date(micros / 1000).toISOString();
  const days = Math.round((Date.parse(iso.slice(0, 10)) - Date.parse(date)) / 86_400_000);
  const offDays = days === 0 || Number.isNaN(days) ? "" : `${days > 0 ? "+" : ""}${days}d`;
  return `${mark}${iso.slice(11, 19)}${offDays}`;
}
