/** The tables of the API's metadata, with the names that the API gives the fields. */
import { type StructType, tableSchema } from "../delta/mod.ts";
import type { MetadataName } from "./table_paths.ts";

const TRAIN_NUMBERS = tableSchema({
  id: "long",
  bottomLimit: "long",
  topLimit: "long",
  trainCategory: "string",
});

/** Columns by table; numbers and texts have the types that the standard table gives them. */
export const METADATA_SCHEMAS: Readonly<Record<MetadataName, StructType>> = {
  stations: tableSchema({
    stationShortCode: "string",
    stationUICCode: "long",
    stationName: "string",
    countryCode: "string",
    type: "string",
    passengerTraffic: "boolean",
    longitude: "double",
    latitude: "double",
  }),
  operators: tableSchema({
    operatorShortCode: "string",
    operatorUICCode: "long",
    operatorName: "string",
    id: "long",
    trainNumbers: { type: "array", elementType: TRAIN_NUMBERS, containsNull: true },
  }),
  train_types: tableSchema({ name: "string", trainCategory: "string" }),
  train_categories: tableSchema({ name: "string" }),
  // One table for the three levels: they have the same fields, and change together in one commit.
  causes: tableSchema({
    level: "string",
    code: "string",
    id: "long",
    name: "string",
    description: "string",
    validFrom: "date",
    validTo: "date",
    passengerTerm: tableSchema({ fi: "string", en: "string", sv: "string" }),
  }),
};
