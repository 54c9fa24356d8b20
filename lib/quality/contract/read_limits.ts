/** Limits as people write them, in quality.yaml or in a data contract: whatever is wrong is told with its line. */
import { z } from "../../packages/zod.ts";
import type { Limit } from "../policy.ts";
import { RULES } from "../rules.ts";

/** Where it stands. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** A limit, of which rule, and where it stands. */
export interface PlacedLimit extends Limit {
  readonly rule: string;
  readonly line: number;
}

const OPERATORS = ["mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"] as const;
const SEVERITIES = { error: "E", warning: "W", info: "I" } as const;

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

/** @throws {TypeError} naming the file, the line, what was found there and what was expected */
export function readLimit(entry: unknown, place: Place): PlacedLimit {
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
  return {
    rule,
    severity: SEVERITIES[severity],
    unit,
    ...operatorOf(parsed.data, place),
    line: place.line,
  };
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

/** What is wrong, and where. */
export function wrong({ path, line }: Place, what: string): TypeError {
  return new TypeError(`Cannot use "${path}", line ${line}: ${what}`);
}
