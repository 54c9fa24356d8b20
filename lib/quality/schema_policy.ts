/**
 * What it means that messages have fields or values that nobody knows (rule S2), in the words of dlt. Landing keeps every
 * message as it came whatever is chosen here; under "discard_row" quarantine has it too, and the standard table does not.
 */
import type { Counts } from "../tables/counts.ts";
import type { MetadataName } from "../tables/table_paths.ts";

/** What drifts: fields that the schema does not have, or values that a list of known ones does not have. */
export type DriftPart = "fields" | "values";

/** What is chosen for each. */
export interface SchemaPolicy {
  /** Fields are in no table but landing: they may be left out without a word too. */
  readonly fields: "evolve" | "freeze" | "discard_value" | "discard_row";
  readonly values: "evolve" | "freeze" | "discard_row";
  /** Names of drift that are known by now: not counted any more, and no reason to reject. */
  readonly known: readonly string[];
  /** The same for fields of the metadata, by table. No S2 counts these: `fetch --metadata` acts by it. */
  readonly tables?: Readonly<Partial<Record<MetadataName, TablePolicy>>>;
}

/** What is chosen for a table of the metadata. */
export type TablePolicy = Pick<SchemaPolicy, "fields" | "known">;

/** A warning, as without a policy. */
export const EVOLVE: SchemaPolicy = { fields: "evolve", values: "evolve", known: [] };

/** Lists of values; the name of a new value is one of these paths, "=" and the value. */
const VALUE = /^\$\.(?:timetableType|timeTableRows\[\]\.(?:estimateSource|countryCode))=/;

/** What counts, by its names, apart for fields and values; what came after too many names is among the fields. */
export function countedDrift(
  drift: Counts,
  { fields, known }: SchemaPolicy,
): Readonly<Record<DriftPart, Counts>> {
  const counted = Object.entries(drift).filter(([name]) => !known.includes(name));
  const isValue = ([name]: readonly [string, number]) => VALUE.test(name);
  return {
    fields: Object.fromEntries(fields === "discard_value" ? [] : counted.filter((each) => !isValue(each))),
    values: Object.fromEntries(counted.filter(isValue)),
  };
}
