/** What a table demands of every row: CHECK constraints of its properties, invariants of its columns. */

import type { Metadata } from "../actions/actions.ts";
import type { Predicate } from "./predicate.ts";
import { parsePredicate } from "./parser.ts";
import { toPolars } from "./polars.ts";
import { type DataType, parseSchema, type StructType } from "../schema/schema.ts";
import type { Frame } from "../schema/polars_type.ts";

/** One rule for every row. */
export interface TableRule {
  readonly name: string;
  /** As the table writes it, in SQL. */
  readonly text: string;
  /** Undefined when this library cannot evaluate it: then the table is not written to. */
  readonly predicate: Predicate | undefined;
}

const CONSTRAINT = "delta.constraints.";
const INVARIANT = "delta.invariants";

/** The CHECK constraints of a table. */
export function checkConstraints({ configuration, schemaString }: Metadata): readonly TableRule[] {
  const names = Object.keys(configuration).filter((key) => key.startsWith(CONSTRAINT));
  if (names.length === 0) return [];
  const schema = parseSchema(schemaString);
  return names.map((key) => ruleOf(key.slice(CONSTRAINT.length), configuration[key] ?? "", schema));
}

/** The invariants of the columns of a table. */
export function columnInvariants({ schemaString }: Pick<Metadata, "schemaString">): readonly TableRule[] {
  // Hardly any table has one, and this runs for every file.
  if (!schemaString.includes(INVARIANT)) return [];
  const schema = parseSchema(schemaString);
  return invariantsIn(schema, "").map(({ name, text }) => ruleOf(name, text, schema));
}

/** All rules of a table. */
export function tableRules(metadata: Metadata): readonly TableRule[] {
  return [...checkConstraints(metadata), ...columnInvariants(metadata)];
}

/**
 * Throws unless each rule is true for every row; null is not true.
 *
 * @throws {TypeError} naming the rule and the number of rows that break it
 */
export function assertRules(frame: Frame, rules: readonly TableRule[], schema: StructType): void {
  for (const { name, text, predicate } of rules) {
    const kept = predicate === undefined ? undefined : frame.filter(toPolars(predicate, schema));
    if (kept?.height === frame.height) continue;
    const broken = frame.height - (kept?.height ?? 0);
    const rows = broken === 1 ? "1 row that breaks it" : `${broken} rows that break it`;
    const found = kept === undefined ? "no way to evaluate it" : rows;
    throw new TypeError(`Cannot write the frame: the table has the rule "${name}" (${text}), found ${found}`);
  }
}

function ruleOf(name: string, text: string, schema: StructType): TableRule {
  try {
    return { name, text, predicate: parsePredicate(text, schema) };
  } catch (error) {
    if (error instanceof TypeError) return { name, text, predicate: undefined };
    throw error;
  }
}

interface Invariant {
  readonly name: string;
  readonly text: string;
}

function invariantsIn(type: DataType, path: string): readonly Invariant[] {
  if (typeof type === "string") return [];
  // Inside lists and maps the text is about each value, which no predicate says: it will not parse.
  if (type.type === "array") return invariantsIn(type.elementType, `${path}[]`);
  if (type.type === "map") {
    return [...invariantsIn(type.keyType, `${path}.key`), ...invariantsIn(type.valueType, `${path}.value`)];
  }
  return type.fields.flatMap((field) => {
    const name = path === "" ? field.name : `${path}.${field.name}`;
    const own = Object.hasOwn(field.metadata, INVARIANT)
      ? [{ name, text: expressionOf(field.metadata[INVARIANT], name) }]
      : [];
    return [...own, ...invariantsIn(field.type, name)];
  });
}

// {"expression":{"expression":"id > 0"}}; anything else is passed on as it is and will not parse.
function expressionOf(value: unknown, name: string): string {
  const text = String(value);
  try {
    const expression: unknown = JSON.parse(text)?.expression?.expression;
    return typeof expression === "string" && !name.includes("[]") ? expression : `invariant ${text}`;
  } catch {
    return `invariant ${text}`;
  }
}
