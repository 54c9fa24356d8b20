/** A train that has all fields of the schema in its first row; a field that is new in the schema belongs here too. */

import { assertEquals } from "@std/assert";
import { type Field, TRAIN_FIELDS } from "../../../lib/validate/values/field_table.ts";

/** In the API's own spelling. */
export function completeTrain() {
  const ready = { source: "KUPLA", accepted: true, timestamp: "2025-02-16T17:20:33.000Z" };
  const cause = { categoryCode: "L", detailedCategoryCode: "L6", thirdCategoryCode: "", categoryCodeId: 40 };
  const ids = { detailedCategoryCodeId: 41, thirdCategoryCodeId: 42 };
  const stop = {
    stationShortCode: "KÄP",
    stationUICCode: 977,
    countryCode: "FI",
    type: "DEPARTURE",
    trainStopping: true,
    cancelled: false,
    scheduledTime: "2025-02-16T17:29:00.000Z",
  };
  const row = {
    ...stop,
    commercialStop: true,
    commercialTrack: "8",
    liveEstimateTime: "2025-02-16T17:29:38.000Z",
    estimateSource: "MIKU_USER",
    unknownDelay: false,
    unknownTrack: true,
    stopSector: "A1",
    actualTime: "2025-02-16T17:29:39.123Z",
    differenceInMinutes: -1,
    causes: [{ ...cause, ...ids }],
    trainReady: ready,
  };
  const train = {
    trainNumber: 265,
    departureDate: "2025-02-16",
    operatorUICCode: 10,
    operatorShortCode: "vr",
    trainType: "PYO",
    trainCategory: "Long-distance",
    commuterLineID: "",
    runningCurrently: true,
    cancelled: false,
    deleted: false,
    version: 290518454797,
    timetableType: "REGULAR",
    timetableAcceptanceDate: "2024-10-31T06:14:29.000Z",
    timeTableRows: [row, { ...stop, type: "ARRIVAL" }],
  };
  const namesOf = (fields: readonly Field[] | null | undefined) => new Set(fields?.map(({ name }) => name));
  assertEquals(new Set(Object.keys(train)), namesOf(TRAIN_FIELDS));
  const rows = TRAIN_FIELDS.find(({ name }) => name === "timeTableRows");
  assertEquals(new Set(Object.keys(row)), namesOf(rows?.nested));
  return train;
}
