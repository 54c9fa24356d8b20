/** What counts as broken: limits for rules, in the words of the Open Data Contract Standard 3.1. */
import type { Rule, Severity } from "./rules/rule.ts";
import type { DriftPart, SchemaPolicy } from "./schema_policy.ts";

/** What the failures of a rule must be, and what it is otherwise. */
export interface Limit {
  readonly severity: Severity;
  readonly operator: "mustBe" | "mustBeLessThan" | "mustBeLessOrEqualTo";
  readonly value: number;
  /** Failures as they are counted, or their share of the units that were looked at. */
  readonly unit: "rows" | "percent";
  /** Of a rule that tells parts apart: of which failures. */
  readonly part?: DriftPart;
}

/** Limits by the ids of rules; those that are not named have their own. */
export interface Policy extends ReadonlyMap<string, readonly Limit[]> {
  /** What the user has chosen for unknown fields and values. */
  readonly schema?: SchemaPolicy;
}

/** The limits of a rule: those of the policy, or that there is no failure at all. */
export function limitsOf({ id, severity }: Pick<Rule, "id" | "severity">, policy: Policy): readonly Limit[] {
  return policy.get(id) ?? [{ severity, operator: "mustBe", value: 0, unit: "rows" }];
}

/** What a rule has counted. */
interface Failures {
  readonly failures: number;
  readonly units: number | null;
  readonly parts?: Readonly<Record<DriftPart, number>> | undefined;
}

/** The gravest severity whose limit the failures break; null when they break none. */
export function brokenSeverity(
  limits: readonly Limit[],
  { failures, units, parts }: Failures,
): Severity | null {
  const broken = limits.filter((limit) => {
    const mine = limit.part === undefined ? failures : parts?.[limit.part] ?? failures;
    return !holds(limit, mine, units);
  }).map(({ severity }) => severity);
  return gravest(broken);
}

/** The gravest of them; null of none. */
export function gravest(severities: readonly Severity[]): Severity | null {
  return (["E", "W", "I"] as const).find((severity) => severities.includes(severity)) ?? null;
}

function holds({ operator, value, unit }: Limit, failures: number, units: number | null): boolean {
  // Of nothing, or of nobody knows how much, no share can be told: any failure is all of it.
  const whole = units === null || units === 0 ? failures : units;
  const found = unit === "rows" ? failures : failures === 0 ? 0 : 100 * failures / whole;
  if (operator === "mustBe") return found === value;
  return operator === "mustBeLessThan" ? found < value : found <= value;
}

/** Limits that can never break on their own, or never hold, in words; numbered as given. */
export function deadLimits(
  limits: readonly (Limit & { readonly rule: string })[],
): readonly (string | null)[] {
  return limits.map((limit) => {
    const { rule, severity, operator, value, unit } = limit;
    if (operator === "mustBeLessThan" && value === 0) {
      return `the limit of ${rule} is always broken: nothing is less than 0`;
    }
    // It breaks below its value as well as above.
    if (operator === "mustBe" && value > 0) {
      return unit === "percent" && value > 100
        ? `the limit of ${rule} is always broken: no share is above 100 percent`
        : null;
    }
    if (unit === "percent" && (value > 100 || (value === 100 && operator === "mustBeLessOrEqualTo"))) {
      return `the limit of ${rule} can never be broken: no share is above 100 percent`;
    }
    const graver = limits.find((other) =>
      other.rule === rule && other.unit === unit && RANK[other.severity] < RANK[severity] &&
      boundOf(other) <= boundOf(limit)
    );
    return graver === undefined
      ? null
      : `the limit of ${rule} with severity ${WORDS[severity]} can never break on its own: that with ${
        WORDS[graver.severity]
      } is broken before`;
  });
}

const RANK = { E: 0, W: 1, I: 2 } as const;

/** Severities as people write them. */
export const WORDS = { E: "error", W: "warning", I: "info" } as const;

/** From where on it is broken; "less than" breaks at its value, the others above it. */
function boundOf({ operator, value }: Limit): number {
  return operator === "mustBeLessThan" ? value : value + Number.EPSILON * Math.max(1, value);
}
