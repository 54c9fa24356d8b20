/** The standard table: one row per timetable row of the newest version of each train. */
import { tableSchema } from "../delta/reading.ts";

const CAUSE = tableSchema({
  categoryCode: "string",
  detailedCategoryCode: "string",
  categoryCodeId: "long",
  detailedCategoryCodeId: "long",
  thirdCategoryCode: "string",
  thirdCategoryCodeId: "long",
});

/** Names, types and order of the replaced system's table up to trainTravelId; what follows is added. */
export const STANDARD_SCHEMA = tableSchema({
  trainNumber: "long",
  departureDate: "date",
  operatorUICCode: "long",
  operatorShortCode: "string",
  trainType: "string",
  trainCategory: "string",
  commuterLineID: "string",
  runningCurrently: "boolean",
  trainCancelled: "boolean",
  version: "long",
  timetableType: "string",
  timetableAcceptanceDate: "string",
  kafkaMessageTimestamp: "timestamp",
  stationShortCode: "string",
  stationUICCode: "long",
  countryCode: "string",
  type: "string",
  trainStopping: "boolean",
  commercialStop: "boolean",
  commercialTrack: "string",
  cancelled: "boolean",
  scheduledTime: "timestamp",
  liveEstimateTime: "timestamp",
  estimateSource: "string",
  actualTime: "timestamp",
  differenceInMinutes: "long",
  causes: { type: "array", elementType: CAUSE, containsNull: true },
  trainReady: tableSchema({ source: "string", accepted: "boolean", timestamp: "string" }),
  trainTravelId: "string",
  rowNumber: "integer",
  unknownDelay: "boolean",
  unknownTrack: "boolean",
  stopSector: "string",
  trainDeleted: "boolean",
  contentHash: "long",
  kafkaPartition: "integer",
  kafkaOffset: "long",
  sourceEpoch: "integer",
});

/** The table's partition column. */
export const STANDARD_PARTITION = "departureDate";
