/** By what the trains of a question are told apart, and in which order their groups are shown. */
import { helsinkiMs } from "../../tables/rows/helsinki_day.ts";
import { TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";
import type { TrainRows } from "../../tables/rows/train_rows.ts";

/**
 * What trains are told apart by: hours and weekdays are those of the planned departure in Finland, stations final ones.
 */
export type GroupBy = "category" | "line" | "type" | "operator" | "station" | "hour" | "weekday" | "date";

/** Trains of one departure date. */
interface GroupedRows {
  readonly rows: TrainRows;
  readonly date: string | null;
  readonly kindAt: (row: number) => TrainKind | null;
}

const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;
const MICROS_PER_MS = 1000;
/** The last moment that has a date. */
const MAX_MICROS = 8.64e18;
const HOURS = Array.from({ length: HOURS_PER_DAY }, (_, hour) => String(hour).padStart(2, "0"));
/** From Monday on, as ISO-8601 counts them. */
const WEEKDAYS = ["1", "2", "3", "4", "5", "6", "7"];

const COLUMNS: Readonly<Record<GroupBy, string | null>> = {
  category: null,
  line: "commuterLineID",
  type: "trainType",
  operator: "operatorShortCode",
  station: "destination",
  hour: "plannedDeparture",
  weekday: "plannedDeparture",
  date: null,
};

/** The column of `train_runs` that tells them apart, beside those that every question needs. */
export function groupColumn(by: GroupBy): string | null {
  return COLUMNS[by];
}

/** Per row the key of its group; null where it has none. */
export function groupKeys(by: GroupBy, { rows, date, kindAt }: GroupedRows): (row: number) => string | null {
  if (by === "category") return kindAt;
  if (by === "date") return () => date;
  if (by === "hour" || by === "weekday") return clockKeys(by, rows.number("plannedDeparture"));
  const { codes, words } = rows.text(COLUMNS[by] ?? "");
  return (row) => words[codes[row] ?? -1] || null;
}

function clockKeys(by: "hour" | "weekday", times: Float64Array): (row: number) => string | null {
  return (row) => {
    const micros = times[row] ?? NaN;
    // Another engine may have written a time that no calendar has.
    if (!(Math.abs(micros) <= MAX_MICROS)) return null;
    const hour = Math.floor(helsinkiMs(micros / MICROS_PER_MS) / MS_PER_HOUR);
    if (by === "hour") return HOURS[modulo(hour, HOURS_PER_DAY)] ?? null;
    // 1970-01-01 was a Thursday.
    return WEEKDAYS[modulo(Math.floor(hour / HOURS_PER_DAY) + 3, WEEKDAYS.length)] ?? null;
  };
}

function modulo(number: number, length: number): number {
  return (number % length + length) % length;
}

/** Hours, weekdays, dates and categories in their own order, others with the most trains first. */
export function compareKeys(by: GroupBy): (a: Group, b: Group) => number {
  const byKey = (a: Group, b: Group) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  if (by === "hour" || by === "weekday" || by === "date") return byKey;
  const kinds = Object.keys(TRAIN_KINDS);
  if (by === "category") return (a, b) => kinds.indexOf(a.key) - kinds.indexOf(b.key);
  return (a, b) => b.trains - a.trains || byKey(a, b);
}

interface Group {
  readonly key: string;
  readonly trains: number;
}
