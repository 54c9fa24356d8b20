/** The stringline of the hours around now, of a line that somebody names or of the busiest. */
import { busiestLine } from "../../answers/pictures/choose_line.ts";
import { type Hours, lineRows } from "../../answers/pictures/line_rows.ts";
import type { Chart } from "../../charts/chart.ts";
import { stringline } from "../../charts/stringline.ts";
import { UsageError } from "../../errors.ts";
import { helsinkiMs } from "../../tables/rows/helsinki_day.ts";
import { lineEnds } from "../pictures/find_line.ts";
import type { KnownStations } from "../pictures/read_places.ts";
import type { LiveStandard } from "./live_tables.ts";

const HOURS_BEFORE = 4, HOURS_AFTER = 3;
/** Before this hour most trains on the way are still those of the day before. */
const DAY_BEGINS = 3;
const HOUR_MS = 3_600_000, DAY_MS = 86_400_000;

/** The picture, or a sentence that says why there is none. */
export function drawLiveLine(
  line: string | null,
  standard: Pick<LiveStandard, "routed">,
  { nowMs, stations }: { readonly nowMs: number; readonly stations: KnownStations },
): Chart | string {
  const { date, hours } = hoursAround(nowMs), trains = standard.routed(date);
  try {
    const ends = line === null ? busiestLine(trains) : lineEnds(line, trains, stations);
    if (ends === null) return `No train of ${date} is in the tables yet.`;
    return stringline(lineRows(trains, { ends, date, hours, nameOf: stations.nameOf }), { id: "line-now" });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** The departure date whose trains run, and hours of its clock: from 24 on they are those of the next day. */
export function hoursAround(nowMs: number): { readonly date: string; readonly hours: Hours } {
  const shownMs = helsinkiMs(nowMs), hourOfDay = Math.floor((shownMs % DAY_MS) / HOUR_MS);
  const isNight = hourOfDay < DAY_BEGINS;
  const date = new Date(shownMs - (isNight ? DAY_MS : 0)).toISOString().slice(0, 10);
  const hour = isNight ? hourOfDay + 24 : hourOfDay;
  return { date, hours: { from: Math.max(0, hour - HOURS_BEFORE), to: hour + HOURS_AFTER } };
}
