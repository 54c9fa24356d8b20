/** What rules came to, as OpenLineage tells it: assertions on a table, and tests of the run. */
import { printable } from "../../printable.ts";
import type { Equation } from "../../quality/account.ts";
import type { RuleResult } from "../../quality/evaluate_run.ts";
import type { Report } from "../build_report.ts";
import { describeFailures } from "../describe_rule.ts";
import { facet, type Facets } from "./facets.ts";

/** Information alone has no word there. */
const SEVERITIES = { E: { severity: "error" }, W: { severity: "warn" }, I: {} } as const;
/** Of a rule that is broken, the severity of the limit that is: a graver one may hold. */
const BROKEN: Partial<Readonly<Record<RuleResult["outcome"], keyof typeof SEVERITIES>>> = {
  failed: "E",
  look: "W",
  note: "I",
};

/** Columns by the ids of the rules that look at one. */
export type RuleColumns = ReadonlyMap<string, string>;

/** Whether the rule has a result; the others are tests that were skipped. */
function isCounted({ outcome }: RuleResult): boolean {
  return !["unknown", "error", "skipped", "learning"].includes(outcome);
}

/** The rules with a result, on the table that they look at. */
export function assertionsFacet(rules: readonly RuleResult[], columns: RuleColumns): Facets {
  return facet("dataQualityAssertions", {
    assertions: rules.filter(isCounted).map((rule) => assertionOf(rule, columns.get(rule.id))),
  });
}

function assertionOf(rule: RuleResult, column: string | undefined): Readonly<Record<string, unknown>> {
  const { id, title, dimension, grain, failures, units, outcome, severity } = rule;
  return {
    assertion: id,
    success: outcome === "passed",
    ...(column === undefined ? {} : { column }),
    ...SEVERITIES[BROKEN[outcome] ?? severity],
    name: `${id} ${title}`,
    actual: describeFailures(rule),
    params: { dimension, grain, failures, ...(units === null ? {} : { units }) },
  };
}

/** What is no property of one table: the equations of the account, and rules that have no result. */
export function testsFacet({ verdict }: Report): Facets {
  const skipped = verdict.rules.filter((rule) => !isCounted(rule));
  return facet("test", { tests: [...verdict.equations.map(testOf), ...skipped.map(skippedTest)] });
}

function testOf({ name, left, right, holds }: Equation): Readonly<Record<string, unknown>> {
  const values = { expected: String(left), actual: String(right) };
  return { name, status: holds ? "pass" : "fail", severity: "error", type: "accounting", ...values };
}

function skippedTest(rule: RuleResult): Readonly<Record<string, unknown>> {
  const { id, title, severity, dimension } = rule;
  const head = { name: `${id} ${title}`, status: "skip", ...SEVERITIES[severity] };
  return { ...head, type: dimension, actual: describeFailures(rule) };
}

/** Why the report failed; nothing when it did not. */
export function errorFacet({ verdict, run }: Report): Facets {
  if (verdict.passed) return {};
  const equations = verdict.equations.filter(({ holds }) => !holds).map(({ name, left, right }) =>
    `${name}: ${left} is not ${right}`
  );
  const rules = verdict.rules.filter(({ severity, outcome }) =>
    severity === "E" && ["failed", "unknown", "error"].includes(outcome)
  ).map((rule) => `${rule.id} ${rule.title}: ${describeFailures(rule)}`);
  const message = `The quality report of ${printable(run.topic)} failed. ${
    [...equations, ...rules].join("; ")
  }`;
  return facet("errorMessage", { message, programmingLanguage: "TypeScript" });
}
