/** What unknown fields of metadata mean, table by table; a policy that can never fire is pointed out. */
import { z } from "../../packages/zod.ts";
import {
  METADATA_PATHS,
  type MetadataName,
  PROCESS_PATHS,
  type ProcessTable,
} from "../../tables/table_paths.ts";
import type { SchemaPolicy, TablePolicy } from "../schema_policy.ts";
import { wrong } from "./read_limits.ts";
import type { YamlPath } from "./yaml_lines.ts";

/** A part of a file, and where things stand in it. */
export interface Section {
  readonly path: string;
  readonly lineOf: (path: YamlPath) => number;
  /** From the root of the file to the part. */
  readonly at: YamlPath;
}

/** The policies, and those that can never fire, in words with their lines. */
export interface TablePolicies {
  readonly tables: SchemaPolicy["tables"];
  readonly notes: readonly string[];
}

const KNOWN = "a list of names as the report shows them";
const MODES = "evolve, freeze, discard_value or discard_row";

/** What can be said of the fields of any input. */
export const FIELD_POLICY = {
  fields: z.enum(["evolve", "freeze", "discard_value", "discard_row"], MODES).default("evolve"),
  known: z.array(z.string(KNOWN), KNOWN).default([]),
};

/** A word for fields alone, or what holds for them. */
const tablePolicy = z.preprocess(
  (given) => typeof given === "string" ? { fields: given } : given,
  z.strictObject({ ...FIELD_POLICY, values: z.unknown().optional() }, `${MODES}, or what holds for fields`),
);

const NEVER: Readonly<Record<"messages" | "own", string>> = {
  messages: "what messages may bring is said by fields and values of schema itself",
  own: "its columns are Ratalake's own, and nothing from outside adds to them",
};
const OTHERS: Readonly<Record<ProcessTable, keyof typeof NEVER>> = {
  landing: "messages",
  quarantine: "messages",
  standard: "messages",
  batches: "own",
  runs: "own",
  results: "own",
  train_runs: "own",
  leg_delays: "own",
  station_days: "own",
};

/** @throws {TypeError} naming the file, the line, what was found there and what was expected */
export function readTablePolicies(given: unknown, section: Section): TablePolicies {
  if (given === undefined || given === null) return { tables: undefined, notes: [] };
  if (typeof given !== "object" || Array.isArray(given)) {
    throw fault(section, [], `found tables of schema: ${JSON.stringify(given)}, expected policies by table`);
  }
  const entries: (readonly [MetadataName, TablePolicy])[] = [];
  const notes: string[] = [];
  const note = (inside: YamlPath, what: string) =>
    notes.push(`${section.path}, line ${section.lineOf([...section.at, ...inside])}: ${what}`);
  for (const [table, policy] of Object.entries(given)) {
    const name = metadataNamed(table);
    const why = neverOf(table);
    if (name === undefined && why === undefined) {
      const expected = Object.keys(METADATA_PATHS).join(", ");
      throw fault(section, [table], `found "${table}" in tables of schema, expected ${expected}`);
    }
    if (entries.some(([other]) => other === name)) {
      const found = `found "${table}" in tables of schema after a policy of ${name}`;
      throw fault(section, [table], `${found}, expected one policy a table`);
    }
    const { values, ...chosen } = readPolicyOf(table, policy, section);
    if (name !== undefined) entries.push([name, chosen]);
    else note([table], `the schema policy of ${table} can never fire: ${why}`);
    if (name === undefined || values === undefined) continue;
    note([table, "values"], `values of ${table} can never fire: no list of values is known for this table`);
  }
  return { tables: entries.length === 0 ? undefined : Object.fromEntries(entries), notes };
}

function readPolicyOf(table: string, policy: unknown, section: Section) {
  const parsed = tablePolicy.safeParse(policy);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw fault(section, [table], `found "${issue.keys[0]}" in schema of ${table}, expected fields or known`);
  }
  const name = issue?.path[0];
  const found = name === undefined || typeof policy === "string" ? policy : Reflect.get(Object(policy), name);
  const what = name === "known" ? "known in schema" : "schema";
  throw fault(
    section,
    [table],
    `found ${what} of ${table}: ${JSON.stringify(found) ?? "nothing"}, expected ${issue?.message}`,
  );
}

function metadataNamed(table: string): MetadataName | undefined {
  const names = Object.entries(METADATA_PATHS) as [MetadataName, string][];
  return names.find(([name, path]) => table === name || table === path)?.[0];
}

/** Why a policy of another table of ours never fires; undefined when there is no such table. */
function neverOf(table: string): string | undefined {
  const names = Object.entries(PROCESS_PATHS) as [keyof typeof OTHERS, string][];
  const found = names.find(([name, path]) => table === name || table === path) ??
    names.find(([, path]) => path.endsWith(`/${table}`));
  return found && NEVER[OTHERS[found[0]]];
}

function fault({ path, lineOf, at }: Section, inside: YamlPath, what: string): TypeError {
  return wrong({ path, line: lineOf([...at, ...inside]) }, what);
}
