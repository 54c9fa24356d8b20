/**
 * Limits from a data contract of the Open Data Contract Standard 3: the entries of its quality lists that name a rule of
 * ours. Others are for other programs; they are told, and do no harm.
 */
import { z } from "../../packages/zod.ts";
import { printable } from "../../printable.ts";
import { limitsOf, WORDS } from "../policy.ts";
import { RULES } from "../rules.ts";
import type { SchemaPolicy } from "../schema_policy.ts";
import { type PlacedLimit, readLimit, wrong } from "./read_limits.ts";
import { type ReadSchemaPolicy, readSchemaPolicy } from "./read_schema_policy.ts";
import type { YamlPath } from "./yaml_lines.ts";

/** The engine of custom entries that are ours. */
export const ENGINE = "ratalake";

const headSchema = z.looseObject({
  kind: z.literal("DataContract", "DataContract"),
  apiVersion: z.string("v3.1.0").regex(/^v3\./, "v3.1.0, or another of v3"),
});

/** What a quality list has. */
interface Found {
  readonly entry: unknown;
  readonly path: YamlPath;
}

/** The limits, and what was not understood, with their lines. */
export interface ContractLimits {
  readonly limits: readonly PlacedLimit[];
  readonly notes: readonly string[];
  readonly schema: SchemaPolicy | undefined;
}

/** A file, and where in it something stands. */
export interface YamlFile {
  readonly path: string;
  readonly lineOf: (path: YamlPath) => number;
}

/** Whether a document is meant as a contract, right or not. */
export function isContract(root: unknown): boolean {
  return hasKeys(root) && ("apiVersion" in root || "kind" in root);
}

/** @throws {TypeError} naming the file, the line, what was found there and what was expected */
export function readContract(root: unknown, { path, lineOf }: YamlFile): ContractLimits {
  const head = headSchema.safeParse(root);
  if (!head.success) {
    const [issue] = head.error.issues;
    const name = String(issue?.path[0]);
    const found = JSON.stringify(valueOf(root, name)) ?? "nothing";
    throw wrong({ path, line: lineOf([name]) }, `found ${name}: ${found}, expected ${issue?.message}`);
  }
  const limits: PlacedLimit[] = [];
  const notes: string[] = [];
  for (const { entry, path: at } of qualityOf(root, [])) {
    const line = lineOf(at);
    const ours = limitIn(entry);
    if (ours !== null) limits.push(readLimit(ours, { path, line }));
    else notes.push(`${path}, line ${line}: ${nameOf(entry)} is no rule of ours and was not understood`);
  }
  const read = schemaIn(root, { path, lineOf });
  return { limits: changed(limits), notes: [...notes, ...read?.notes ?? []], schema: read?.schema };
}

/** From custom properties of the contract. */
function schemaIn(root: unknown, file: YamlFile): ReadSchemaPolicy | undefined {
  const properties = valueOf(root, "customProperties");
  if (!Array.isArray(properties)) return undefined;
  const chosen = Object.fromEntries(properties.flatMap((each) => {
    const [, part] = /^ratalakeSchema(Fields|Values|Known|Tables)$/.exec(String(valueOf(each, "property"))) ??
      [];
    return part === undefined ? [] : [[part.toLowerCase(), valueOf(each, "value")]];
  }));
  if (Object.keys(chosen).length === 0) return undefined;
  return readSchemaPolicy(chosen, { ...file, at: ["customProperties"] });
}

/** A contract has all rules: those as they are anyway are no limits of the user. */
function changed(limits: readonly PlacedLimit[]): readonly PlacedLimit[] {
  const byRule = Map.groupBy(limits, ({ rule }) => rule);
  const isOwn = (rule: string) => {
    const [limit, ...more] = byRule.get(rule) ?? [];
    const [own] = RULES.filter(({ id }) => id === rule).flatMap((found) => limitsOf(found, new Map()));
    return limit !== undefined && own !== undefined && more.length === 0 &&
      limit.severity === own.severity && limit.operator === own.operator && limit.value === own.value &&
      limit.unit === own.unit;
  };
  return limits.filter(({ rule }) => !isOwn(rule));
}

/** The quality lists of tables, of columns and of what is inside of these, in the order of the file. */
function qualityOf(node: unknown, path: YamlPath, seen = new Set<unknown>()): readonly Found[] {
  // Aliases of aliases can make a few lines as large as one likes.
  if (typeof node !== "object" || node === null || seen.has(node)) return [];
  seen.add(node);
  if (Array.isArray(node)) return node.flatMap((item, i) => qualityOf(item, [...path, i], seen));
  if (!hasKeys(node)) return [];
  const own = Array.isArray(node.quality)
    ? node.quality.map((entry, i) => ({ entry, path: [...path, "quality", i] }))
    : [];
  const inside = ["schema", "properties", "items"].flatMap((name) =>
    qualityOf(node[name], [...path, name], seen)
  );
  return [...inside, ...own];
}

/** The entry as quality.yaml would have it; null when it names no rule of ours. */
function limitIn(entry: unknown): Readonly<Record<string, unknown>> | null {
  if (!hasKeys(entry)) return null;
  const inside = entry.engine === ENGINE ? implementationOf(entry.implementation) : {};
  const rule = inside.rule ?? ruleNamedBy(entry);
  if (rule === undefined && entry.engine !== ENGINE) return null;
  const own = RULES.find(({ id }) => id === rule);
  const { severity = own && WORDS[own.severity], unit } = entry;
  const operators = Object.entries(entry).filter(([name]) => name.startsWith("must"));
  return {
    severity,
    ...(unit === undefined ? {} : { unit }),
    ...Object.fromEntries(operators),
    ...inside,
    rule,
  };
}

function implementationOf(value: unknown): Readonly<Record<string, unknown>> {
  return hasKeys(value) ? value : { rule: value };
}

/** By a custom property, else by id or name. */
function ruleNamedBy({ customProperties, id, name }: Readonly<Record<string, unknown>>): unknown {
  const properties: readonly unknown[] = Array.isArray(customProperties) ? customProperties : [];
  const property = properties.find((each) => valueOf(each, "property") === `${ENGINE}Rule`);
  if (property !== undefined) return valueOf(property, "value");
  return [id, name].find((text) => RULES.some((rule) => rule.id === text));
}

function nameOf(entry: unknown): string {
  const name = ["name", "id", "metric", "description"].map((key) => valueOf(entry, key)).find((value) =>
    typeof value === "string"
  );
  return typeof name === "string" ? `"${printable(name).slice(0, 60)}"` : "an entry without a name";
}

function hasKeys(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueOf(value: unknown, key: string): unknown {
  return hasKeys(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
