/** What zod's types leave open in a train, one rule in one place: for `check_train.ts`, which names the fault, and for the scanner. */

/** Whole numbers within these limits; all other numbers are whole too, and exact. */
export const NUMBER_LIMITS: Readonly<
  Record<"trainNumber" | "version", readonly [lowest: number, highest: number]>
> = {
  trainNumber: [1, 99_999],
  version: [0, Number.MAX_SAFE_INTEGER],
};

/** Texts that may not be empty, in the order in which they are looked at. */
export const FILLED_TEXTS = {
  train: ["departureDate", "operatorShortCode"],
  row: ["stationShortCode", "countryCode", "scheduledTime"],
} as const;

/** Texts that are a date or a time with zone. The API writes "" where an optional time has no value. */
export const CALENDAR_TEXTS = {
  departureDate: "date",
  scheduledTime: "time",
  liveEstimateTime: "time",
  actualTime: "time",
} as const;

/** A train stops twice at least. */
export const MIN_ROWS = 2;
