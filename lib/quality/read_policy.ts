/** Reads a policy from YAML, which people write: whatever is wrong is told with its line. */
import {
  EVENT_ALIAS,
  EVENT_POP,
  EVENT_SCALAR,
  load,
  parseEvents,
  YAMLException,
} from "../packages/js_yaml.ts";
import { z } from "../packages/zod.ts";
import { deadLimits, type Limit, type Policy } from "./policy.ts";
import { RULES } from "./rules.ts";

/** A policy, and what its author may want to know. */
export interface PolicyFile {
  readonly policy: Policy;
  /** Limits that can never break, in words, each with its line. */
  readonly notes: readonly string[];
}

const OPERATORS = ["mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"] as const;
const SEVERITIES = { error: "E", warning: "W", info: "I" } as const;
const ITEM_DEPTH = 3;

const number = z.number("a number").min(0, "a number from 0").optional();
const entrySchema = z.strictObject({
  rule: z.enum(RULES.map(({ id }) => id), `one of ${RULES.map(({ id }) => id).join(", ")}`),
  severity: z.enum(["error", "warning", "info"], "error, warning or info"),
  unit: z.enum(["rows", "percent"], "rows or percent").default("rows"),
  mustBe: number,
  mustBeLessThan: number,
  mustBeLessOrEqualTo: number,
  /** For people. */
  description: z.string("a text").optional(),
  dimension: z.string("a text").optional(),
});
type Entry = z.infer<typeof entrySchema>;

/**
 * The limits that a file sets.
 *
 * @throws {TypeError} naming the file, the line, what was found there and what was expected
 */
export function readPolicy(text: string, path: string): PolicyFile {
  const entries = entriesOf(text, path);
  const lines = linesOfEntries(text);
  const limits = entries.map((entry, i) => limitOf(entry, { path, line: lines[i] ?? 1 }));
  limits.forEach(({ rule, severity }, i) => {
    const first = limits.findIndex((other) => other.rule === rule && other.severity === severity);
    if (first === i) return;
    const found = `found a second limit of ${rule} with this severity, the first is in line ${lines[first]}`;
    throw wrong({ path, line: lines[i] ?? 1 }, `${found}, expected one`);
  });
  const notes = deadLimits(limits).flatMap((note, i) =>
    note === null ? [] : [`${path}, line ${lines[i]}: ${note}`]
  );
  return { policy: Map.groupBy(limits, ({ rule }) => rule), notes };
}

interface Place {
  readonly path: string;
  readonly line: number;
}

function entriesOf(text: string, path: string): readonly unknown[] {
  // A file of nothing but comments sets nothing.
  if (/^(\s*(#.*)?(\n|$))*$/.test(text)) return [];
  const root = loadYaml(text, path);
  if (root === null) return [];
  const shape = z.strictObject({ quality: z.array(z.unknown()).nullish() }).safeParse(root);
  if (shape.success) return shape.data.quality ?? [];
  throw wrong({ path, line: 1 }, 'expected "quality:" with a list of limits, and nothing beside it');
}

function loadYaml(text: string, path: string): unknown {
  try {
    return load(text, { maxDepth: 8 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw wrong({ path, line: (error.mark?.line ?? 0) + 1 }, `found no YAML: ${error.reason}`);
  }
}

/** Where the items of the list in the mapping of the document begin: three levels down. */
function linesOfEntries(text: string): readonly number[] {
  const lines: number[] = [];
  let depth = 0;
  if (text.trim() === "") return lines;
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_POP) depth--;
    else {
      const start = "start" in event ? event.start : "valueStart" in event ? event.valueStart : 0;
      if (depth === ITEM_DEPTH) lines.push(text.slice(0, start).split("\n").length);
      if (event.type !== EVENT_SCALAR && event.type !== EVENT_ALIAS) depth++;
    }
  }
  return lines;
}

function limitOf(entry: unknown, place: Place): Limit & { readonly rule: string } {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    if (unknown !== undefined) {
      throw wrong(place, `found "${unknown}", expected ${Object.keys(entrySchema.shape).join(", ")}`);
    }
    const name = String(issue?.path[0] ?? "");
    const found = name === "" ? "no limit" : `${name}: ${JSON.stringify(valueAt(entry, name)) ?? "nothing"}`;
    throw wrong(
      place,
      `found ${found}, expected ${name === "" ? "rule, severity and a number" : issue?.message}`,
    );
  }
  const { rule, severity, unit } = parsed.data;
  return { rule, severity: SEVERITIES[severity], unit, ...operatorOf(parsed.data, place) };
}

function operatorOf(entry: Entry, place: Place): Pick<Limit, "operator" | "value"> {
  const given = OPERATORS.flatMap((operator) => {
    const value = entry[operator];
    return value === undefined ? [] : [{ operator, value }];
  });
  const [one] = given;
  if (one !== undefined && given.length === 1) return one;
  const found = one === undefined ? "none" : given.map(({ operator }) => operator).join(" and ");
  throw wrong(place, `found ${found}, expected one of ${OPERATORS.join(", ")}`);
}

function valueAt(entry: unknown, name: string): unknown {
  return typeof entry === "object" && entry !== null ? Reflect.get(entry, name) : undefined;
}

function wrong({ path, line }: Place, what: string): TypeError {
  return new TypeError(`Cannot use "${path}", line ${line}: ${what}`);
}
