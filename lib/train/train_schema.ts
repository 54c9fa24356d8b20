/**
 * The train as Digitraffic's `GET /api/v1/live-trains` writes it, as zod schemas; its types follow from them. Loose: a field that is not named here is drift (kept in landing,
 * counted), never a reason to reject. `null` stands for absent in optional fields, as some writers spell it.
 *
 * Types only: each further check (`min(1)`, `int()`) would take zod off its compiled path and cost as much as all
 * the types together (measured: 50 against 15 ms for 6.8 MB). `check_train.ts` makes them in the pass that it makes anyway.
 */
import { z } from "../packages/zod.ts";

const text = z.string().nullish();
const flag = z.boolean().nullish();
const number = z.number().nullish();

/** Ids are stable, codes are not unique. */
const cause = z.object({
  categoryCode: text,
  detailedCategoryCode: text,
  thirdCategoryCode: text,
  categoryCodeId: number,
  detailedCategoryCodeId: number,
  thirdCategoryCodeId: number,
});

const trainReady = z.object({ source: text, accepted: flag, timestamp: text });

const timetableRow = z.object({
  stationShortCode: z.string(),
  stationUICCode: z.number(),
  countryCode: z.string(),
  type: z.enum(["ARRIVAL", "DEPARTURE"]),
  trainStopping: z.boolean(),
  commercialStop: flag,
  commercialTrack: text,
  cancelled: z.boolean(),
  /** ISO-8601 with zone, like all times here. */
  scheduledTime: z.string(),
  liveEstimateTime: text,
  estimateSource: text,
  unknownDelay: flag,
  unknownTrack: flag,
  stopSector: text,
  actualTime: text,
  /** Whole minutes, positive when late. */
  differenceInMinutes: number,
  causes: z.array(cause).nullish(),
  trainReady: trainReady.nullish(),
});

/** A train with its timetable rows; times are still text here. */
export const trainSchema = z.object({
  trainNumber: z.number(),
  /** YYYY-MM-DD, Helsinki date of the first departure. */
  departureDate: z.string(),
  operatorUICCode: number,
  operatorShortCode: z.string(),
  trainType: text,
  trainCategory: text,
  commuterLineID: text,
  runningCurrently: flag,
  cancelled: flag,
  deleted: flag,
  /** A global, rising batch number of the API. */
  version: z.number(),
  timetableType: text,
  timetableAcceptanceDate: text,
  timeTableRows: z.array(timetableRow),
});

/** One train of one departure date; `(departureDate, trainNumber)` is its identity, `version` rises with each change. */
export type Train = Readonly<z.infer<typeof trainSchema>>;
/** One arrival or departure at one station. */
export type TimetableRow = Readonly<z.infer<typeof timetableRow>>;
/** A reason for a deviation. */
export type Cause = Readonly<z.infer<typeof cause>>;
/** The notice that a train is ready to leave. */
export type TrainReady = Readonly<z.infer<typeof trainReady>>;

/** Known field names per object, to tell drift. */
export const KNOWN_FIELDS = {
  train: new Set(Object.keys(trainSchema.shape)),
  row: new Set(Object.keys(timetableRow.shape)),
  cause: new Set(Object.keys(cause.shape)),
  trainReady: new Set(Object.keys(trainReady.shape)),
} as const;

/** Values that open lists had so far; the API may add to them at any time. */
export const KNOWN_VALUES = {
  timetableType: new Set(["REGULAR", "ADHOC"]),
  estimateSource: new Set(["LIIKE_AUTOMATIC", "LIIKE_USER", "MIKU_USER", "COMBOCALC", "UNKNOWN"]),
  countryCode: new Set(["FI", "RU", "SE"]),
} as const;
