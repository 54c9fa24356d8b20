/** The error rules that check one train by itself (S3, S4, V1, V2): what zod's types leave open. Pure. */
import { dateToDays, timeToMicros } from "./iso_time.ts";
import { describeValue, type Fault, type RejectionCode } from "./rejection.ts";
import type { RowTimes } from "./row_columns.ts";
import type { Cause, TimetableRow, Train } from "../train/train_schema.ts";

/** Times and dates of an accepted train as numbers. */
export interface TrainTimes {
  /** Days since 1970-01-01. */
  readonly departureDay: number;
  readonly rows: readonly RowTimes[];
}

/** The times of the train, or the first fault that keeps it out. */
export function checkTrain(train: Train): TrainTimes | Fault {
  const fault = checkIdentity(train);
  if (fault !== null) return fault;
  const departureDay = dateToDays(train.departureDate);
  if (Number.isNaN(departureDay)) {
    return wrong(
      "date_format",
      "$.departureDate",
      train.departureDate,
      "a YYYY-MM-DD date of the calendar",
      "V1",
    );
  }
  const rows: RowTimes[] = [];
  for (const row of train.timeTableRows) {
    const times = checkRow(row, rows.length);
    if ("code" in times) return times;
    rows.push(times);
  }
  return { departureDay, rows };
}

function checkIdentity(train: Train): Fault | null {
  if (!isWholeWithin(train.trainNumber, 1, 99_999)) {
    return wrong("out_of_range", "$.trainNumber", train.trainNumber, "a whole number 1-99999", "V2");
  }
  if (!isWholeWithin(train.version, 0, Number.MAX_SAFE_INTEGER)) {
    return wrong("out_of_range", "$.version", train.version, "a whole number below 2^53", "S3");
  }
  if (!isWhole(train.operatorUICCode)) {
    return wrong("out_of_range", "$.operatorUICCode", train.operatorUICCode, "a whole number", "S1");
  }
  if (train.departureDate === "") return empty("$.departureDate", "S3");
  if (train.operatorShortCode === "") return empty("$.operatorShortCode", "S3");
  const { length } = train.timeTableRows;
  if (length >= 2) return null;
  const path = "$.timeTableRows";
  return {
    code: "too_few_rows",
    message: `Found ${length} rows at ${path}, expected at least 2`,
    path,
    rule: "S3",
  };
}

function checkRow(row: TimetableRow, index: number): RowTimes | Fault {
  const path = `$.timeTableRows[${index}]`;
  if (row.stationShortCode === "") return empty(`${path}.stationShortCode`, "S4");
  if (row.countryCode === "") return empty(`${path}.countryCode`, "S4");
  if (row.scheduledTime === "") return empty(`${path}.scheduledTime`, "S4");
  if (!isWhole(row.stationUICCode)) {
    return wrong("out_of_range", `${path}.stationUICCode`, row.stationUICCode, "a whole number", "S4");
  }
  if (!isWhole(row.differenceInMinutes)) {
    return wrong(
      "out_of_range",
      `${path}.differenceInMinutes`,
      row.differenceInMinutes,
      "a whole number",
      "S1",
    );
  }
  return checkCauses(row.causes, path) ?? checkTimes(row, path);
}

function checkCauses(causes: readonly Cause[] | null | undefined, path: string): Fault | null {
  for (const [index, cause] of (causes ?? []).entries()) {
    for (const field of ["categoryCodeId", "detailedCategoryCodeId", "thirdCategoryCodeId"] as const) {
      if (isWhole(cause[field])) continue;
      return wrong("out_of_range", `${path}.causes[${index}].${field}`, cause[field], "a whole number", "S1");
    }
  }
  return null;
}

function checkTimes(row: TimetableRow, path: string): RowTimes | Fault {
  const scheduled = timeToMicros(row.scheduledTime);
  const estimate = optionalTime(row.liveEstimateTime);
  const actual = optionalTime(row.actualTime);
  if (Number.isNaN(scheduled)) {
    const code = row.type === "ARRIVAL" ? "arrival_time_format" : "departure_time_format";
    return wrongTime(code, `${path}.scheduledTime`, row.scheduledTime);
  }
  if (Number.isNaN(estimate)) {
    return wrongTime("time_format", `${path}.liveEstimateTime`, row.liveEstimateTime);
  }
  if (Number.isNaN(actual)) return wrongTime("time_format", `${path}.actualTime`, row.actualTime);
  return { scheduled, estimate, actual };
}

/** The API writes "" where it has no value. */
function optionalTime(text: string | null | undefined): number | null {
  return text === undefined || text === null || text === "" ? null : timeToMicros(text);
}

function isWhole(value: number | null | undefined): boolean {
  return value === undefined || value === null || Number.isSafeInteger(value);
}

function isWholeWithin(value: number, lowest: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

function empty(path: string, rule: string): Fault {
  return { code: "empty_field", message: `Found "" at ${path}, expected a value`, path, rule };
}

function wrongTime(code: RejectionCode, path: string, found: unknown): Fault {
  return wrong(code, path, found, "an ISO-8601 time with zone", "V1");
}

function wrong(code: RejectionCode, path: string, found: unknown, expected: string, rule: string): Fault {
  return { code, message: `Found ${describeValue(found)} at ${path}, expected ${expected}`, path, rule };
}
