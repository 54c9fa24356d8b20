/**
 * The lists of `GET /api/v1/metadata/...` as zod schemas. Required is what a row is of no use without; anything else may
 * be absent or null, since the API leaves out what it does not know, and one odd station must not keep all others out.
 */
import { z } from "../packages/zod.ts";
import type { KnownFields } from "./unknown_fields.ts";

// Parquet has no half characters, which JSON may spell.
const text = (length: number) => z.string().max(length).transform((given) => given.toWellFormed());
const code = text(50).refine((given) => given.trim() !== "", "Invalid input: expected a code, received none");
const name = text(500);
const date = z.iso.date().refine((given) => !given.startsWith("0000"), "Invalid ISO date");

/** A place where trains stop, pass or turn. */
export const station = z.object({
  stationShortCode: code,
  /** Unique per country. */
  stationUICCode: z.int(),
  stationName: name,
  countryCode: text(50).nullish(),
  /** An open list: STATION, STOPPING_POINT, TURNOUT_IN_THE_OPEN_LINE. */
  type: text(100).nullish(),
  passengerTraffic: z.boolean().nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  latitude: z.number().min(-90).max(90).nullish(),
});

const numberRange = z.object({
  id: z.int().nullish(),
  bottomLimit: z.int().nullish(),
  topLimit: z.int().nullish(),
  trainCategory: name.nullish(),
});

/** A company that runs trains, with the numbers that it may give them. */
export const operator = z.object({
  operatorShortCode: code,
  operatorUICCode: z.int(),
  operatorName: name.nullish(),
  id: z.int().nullish(),
  trainNumbers: z.array(numberRange).max(10_000).nullish(),
});

const categoryName = z.object({ name: code });

/** A type of train with the category that it belongs to. */
export const trainType = z.object({ name: code, trainCategory: categoryName.nullish() });

/** What trains are for. */
export const trainCategory = categoryName;

const passengerTerm = z.object({ fi: name.nullish(), en: name.nullish(), sv: name.nullish() });

/** What the three levels of causes have in common; ids are unique, codes are not. */
const cause = z.object({
  id: z.int(),
  validFrom: date.nullish(),
  /** Absent while the code is in use. */
  validTo: date.nullish(),
  passengerTerm: passengerTerm.nullish(),
});

/** Causes by level, each with names of its own for the same things. */
export const causes = {
  category: cause.extend({ categoryCode: code, categoryName: name.nullish() }),
  detailed: cause.extend({ detailedCategoryCode: code, detailedCategoryName: name.nullish() }),
  third: cause.extend({
    thirdCategoryCode: code,
    thirdCategoryName: name.nullish(),
    description: text(10_000).nullish(),
  }),
} as const;

const NONE: KnownFields["within"] = {};

/** The known fields of an object of this schema. */
export function knownFields(
  { shape }: { readonly shape: Readonly<Record<string, unknown>> },
  within: KnownFields["within"] = NONE,
): KnownFields {
  return { names: new Set(Object.keys(shape)), within };
}

/** The known fields of the objects within. */
export const WITHIN = {
  operator: { trainNumbers: knownFields(numberRange) },
  trainType: { trainCategory: knownFields(categoryName) },
  cause: { passengerTerm: knownFields(passengerTerm) },
} as const;
