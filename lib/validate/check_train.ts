/** The error rules that check one train by itself (S3, S4, V1, V2): what zod's types leave open. Pure. */
import { counted } from "../printable.ts";
import { dateToDays, timeToMicros } from "./iso_time.ts";
import { describeValue, type Fault, type RejectionCode } from "./rejection.ts";
import { FILLED_TEXTS, MIN_ROWS, NUMBER_LIMITS } from "./train_rules.ts";
import type { Cause, TimetableRow, Train } from "../train/train_schema.ts";

/** The first fault that keeps the train out, or null. */
export function checkTrain(train: Train): Fault | null {
  return checkIdentity(train) ?? checkDate(train) ?? checkRows(train);
}

function checkDate({ departureDate }: Train): Fault | null {
  if (!Number.isNaN(dateToDays(departureDate))) return null;
  return wrong("date_format", "$.departureDate", departureDate, "a YYYY-MM-DD date of the calendar", "V1");
}

function checkRows({ timeTableRows }: Train): Fault | null {
  for (const [index, row] of timeTableRows.entries()) {
    const fault = checkRow(row, `$.timeTableRows[${index}]`);
    if (fault !== null) return fault;
  }
  return null;
}

function checkIdentity(train: Train): Fault | null {
  if (!isWholeWithin(train.trainNumber, NUMBER_LIMITS.trainNumber)) {
    return wrong("out_of_range", "$.trainNumber", train.trainNumber, "a whole number 1-99999", "V2");
  }
  if (!isWholeWithin(train.version, NUMBER_LIMITS.version)) {
    return wrong("out_of_range", "$.version", train.version, "a whole number below 2^53", "S3");
  }
  if (!isWhole(train.operatorUICCode)) {
    return wrong("out_of_range", "$.operatorUICCode", train.operatorUICCode, "a whole number", "S1");
  }
  for (const name of FILLED_TEXTS.train) if (train[name] === "") return empty(`$.${name}`, "S3");
  const { length } = train.timeTableRows;
  if (length >= MIN_ROWS) return null;
  const path = "$.timeTableRows";
  return {
    code: "too_few_rows",
    message: `Found ${counted(length, "row")} at ${path}, expected at least ${MIN_ROWS}`,
    path,
    rule: "S3",
  };
}

function checkRow(row: TimetableRow, path: string): Fault | null {
  for (const name of FILLED_TEXTS.row) if (row[name] === "") return empty(`${path}.${name}`, "S4");
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

function checkTimes(row: TimetableRow, path: string): Fault | null {
  if (Number.isNaN(timeToMicros(row.scheduledTime))) {
    const code = row.type === "ARRIVAL" ? "arrival_time_format" : "departure_time_format";
    return wrongTime(code, `${path}.scheduledTime`, row.scheduledTime);
  }
  for (const name of ["liveEstimateTime", "actualTime"] as const) {
    if (Number.isNaN(optionalTime(row[name]))) return wrongTime("time_format", `${path}.${name}`, row[name]);
  }
  return null;
}

/** The API writes "" where it has no value. */
function optionalTime(text: string | null | undefined): number | null {
  return text === undefined || text === null || text === "" ? null : timeToMicros(text);
}

function isWhole(value: number | null | undefined): boolean {
  return value === undefined || value === null || Number.isSafeInteger(value);
}

function isWholeWithin(value: number, [lowest, highest]: readonly [number, number]): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

function empty(path: string, rule: string): Fault {
  return { code: "empty_field", message: `Found "" at ${path}, expected a value`, path, rule };
}

function wrongTime(code: RejectionCode, path: string, found: string | null | undefined): Fault {
  const expected = isFarAway(found ?? "")
    ? "a time between 1684-07-29 and 2255-06-05"
    : "an ISO-8601 time with zone";
  return wrong(code, path, found, expected, "V1");
}

/** A time but for its year: one whose microseconds a number cannot hold exactly. */
function isFarAway(text: string): boolean {
  const year = Number(text.slice(0, 4));
  return (year <= 1684 || year >= 2255) && !Number.isNaN(timeToMicros(`2000${text.slice(4)}`));
}

function wrong(code: RejectionCode, path: string, found: unknown, expected: string, rule: string): Fault {
  return { code, message: `Found ${describeValue(found)} at ${path}, expected ${expected}`, path, rule };
}
