/** The analysis tables: what the standard table says of trains, legs and stations, so that nobody has to work it out. */
import type { StructType } from "../delta/mod.ts";
import { tableSchema } from "../delta/reading.ts";
import type { AnalysisName } from "./table_paths.ts";

/** The partition column of all three: the departure date of the trains, as in the standard table. */
export const ANALYSIS_PARTITION = "departureDate";

/** Columns that files have bounds of: a file is a whole date, whose other values lie between everywhere the same ones. */
export const ANALYSIS_STATISTICS: Readonly<Record<AnalysisName, readonly string[]>> = {
  train_runs: ["trainNumber", "plannedDeparture"],
  leg_delays: ["trainNumber", "plannedDeparture"],
  station_days: ["stationShortCode"],
};

/** Columns by table; README says what each means. Seconds are whole ones, below 0 early; a fraction is cut off. */
export const ANALYSIS_SCHEMAS: Readonly<Record<AnalysisName, StructType>> = {
  train_runs: tableSchema({
    departureDate: "date",
    trainNumber: "long",
    trainCategory: "string",
    trainType: "string",
    commuterLineID: "string",
    operatorShortCode: "string",
    origin: "string",
    destination: "string",
    plannedDeparture: "timestamp",
    actualDeparture: "timestamp",
    plannedArrival: "timestamp",
    actualArrival: "timestamp",
    departureDelaySeconds: "integer",
    arrivalDelaySeconds: "integer",
    worstDelaySeconds: "integer",
    worstDelayStation: "string",
    stopsPlanned: "integer",
    stopsMade: "integer",
    stopsSkipped: "integer",
    cancelled: "boolean",
    partiallyCancelled: "boolean",
    deleted: "boolean",
    causeCategories: { type: "array", elementType: "string", containsNull: true },
    lastVersion: "long",
    lastSeen: "timestamp",
    firstVersion: "long",
    firstSeen: "timestamp",
    tracks: { type: "array", elementType: "string", containsNull: true },
    lastSourceEpoch: "long",
    firstSourceEpoch: "long",
  }),
  leg_delays: tableSchema({
    departureDate: "date",
    trainNumber: "long",
    leg: "integer",
    trainCategory: "string",
    fromStation: "string",
    toStation: "string",
    plannedDeparture: "timestamp",
    plannedRunningSeconds: "integer",
    actualRunningSeconds: "integer",
    plannedDwellSeconds: "integer",
    actualDwellSeconds: "integer",
    delayAddedSeconds: "integer",
    cancelled: "boolean",
  }),
  station_days: tableSchema({
    departureDate: "date",
    stationShortCode: "string",
    trainCategory: "string",
    plannedArrivals: "integer",
    arrivals: "integer",
    lateArrivals: "integer",
    cancelledArrivals: "integer",
    medianArrivalDelaySeconds: "integer",
    p95ArrivalDelaySeconds: "integer",
    plannedDepartures: "integer",
    departures: "integer",
    lateDepartures: "integer",
    cancelledDepartures: "integer",
    medianDepartureDelaySeconds: "integer",
    p95DepartureDelaySeconds: "integer",
    trackChangedArrivals: "integer",
    trackChangedDepartures: "integer",
  }),
};
