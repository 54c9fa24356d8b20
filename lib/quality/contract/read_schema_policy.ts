/** What unknown fields and values mean, as people write it in quality.yaml or a data contract. */
import { z } from "../../packages/zod.ts";
import type { Limit } from "../policy.ts";
import type { SchemaPolicy } from "../schema_policy.ts";
import { type Place, wrong } from "./read_limits.ts";

const FIELDS = "evolve, freeze, discard_value or discard_row";
const VALUES = "evolve, freeze or discard_row";
const KNOWN = "a list of names as the report shows them";

const schemaPolicy = z.strictObject({
  fields: z.enum(["evolve", "freeze", "discard_value", "discard_row"], FIELDS).default("evolve"),
  values: z.enum(["evolve", "freeze", "discard_row"], VALUES).default("evolve"),
  known: z.array(z.string(KNOWN), KNOWN).default([]),
}, "evolve, freeze or discard_row, or what holds for fields and values");

/**
 * One word is for both.
 *
 * @throws {TypeError} naming the file, the line, what was found there and what was expected
 */
export function readSchemaPolicy(section: unknown, place: Place): SchemaPolicy {
  const isBoth = ["evolve", "freeze", "discard_row"].some((mode) => mode === section);
  const parts = isBoth ? { fields: section, values: section } : section;
  const parsed = schemaPolicy.safeParse(parts);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw wrong(place, `found "${issue.keys[0]}" in schema, expected fields, values or known`);
  }
  const name = issue?.path[0];
  const found = name === undefined ? section : Reflect.get(Object(section), name);
  const where = name === undefined ? "schema" : `${String(name)} of schema`;
  throw wrong(place, `found ${where}: ${JSON.stringify(found) ?? "nothing"}, expected ${issue?.message}`);
}

/** The limits of S2 that follow from it; null when they are the rule's own. */
export function limitsUnder(schema: SchemaPolicy): readonly Limit[] | null {
  if (schema.fields !== "freeze" && schema.values !== "freeze") return null;
  return (["fields", "values"] as const).map((part): Limit => ({
    severity: schema[part] === "freeze" ? "E" : "W",
    operator: "mustBe",
    value: 0,
    unit: "rows",
    part,
  }));
}
