/** What unknown fields and values mean, as people write it in quality.yaml or a data contract. */
import { z } from "../../packages/zod.ts";
import type { Limit } from "../policy.ts";
import type { SchemaPolicy } from "../schema_policy.ts";
import { wrong } from "./read_limits.ts";
import { FIELD_POLICY, readTablePolicies, type Section } from "./read_table_policies.ts";

/** The policy, and what of it can never fire, with its line. */
export interface ReadSchemaPolicy {
  readonly schema: SchemaPolicy;
  readonly notes: readonly string[];
}

const VALUES = "evolve, freeze or discard_row";
const schemaPolicy = z.strictObject({
  ...FIELD_POLICY,
  values: z.enum(["evolve", "freeze", "discard_row"], VALUES).default("evolve"),
  tables: z.unknown().optional(),
}, "evolve, freeze or discard_row, or what holds for fields and values");

/**
 * One word is for both.
 *
 * @throws {TypeError} naming the file, the line, what was found there and what was expected
 */
export function readSchemaPolicy(section: unknown, file: Section): ReadSchemaPolicy {
  const isBoth = ["evolve", "freeze", "discard_row"].some((mode) => mode === section);
  const parts = isBoth ? { fields: section, values: section } : section;
  const parsed = schemaPolicy.safeParse(parts);
  if (parsed.success) {
    const { tables: given, fields, values, known } = parsed.data;
    const { tables, notes } = readTablePolicies(given, { ...file, at: [...file.at, "tables"] });
    return { schema: { fields, values, known, ...(tables && { tables }) }, notes };
  }
  const place = { path: file.path, line: file.lineOf(file.at) };
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw wrong(place, `found "${issue.keys[0]}" in schema, expected fields, values, known or tables`);
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
