/** The report as test results: what Jenkins, GitLab and others show beside those of a build. */
import type { Equation } from "../quality/account.ts";
import type { Outcome, RuleResult } from "../quality/evaluate_run.ts";
import type { KindFigures } from "../quality/traffic/traffic_figures.ts";
import type { RunRecord } from "../tables/run_record.ts";
import type { Report } from "./build_report.ts";
import { describeRule } from "./describe_rule.ts";
import { xmlElement } from "./xml_text.ts";

/** Before the message of what is skipped. */
const WORDS: Readonly<Partial<Record<Outcome, string>>> = {
  look: "worth a look: ",
  note: "for information: ",
};

/** What is told of each kind of trains. */
const TRAFFIC_FIGURES = [
  ...["trains", "arrived", "onTime", "medianSeconds", "p90Seconds"] as const,
  ...["cancelled", "partlyCancelled", "unfinished"] as const,
];

/** What a test case came to: "skipped" is shown and fails nothing, "error" was not counted or threw. */
interface Problem {
  readonly kind: "failure" | "error" | "skipped";
  readonly message: string;
}

/** A rule, or an equation of the account. */
interface Case {
  readonly name: string;
  readonly problem?: Problem;
}

/** Values by their names. */
type Properties = Readonly<Record<string, string | number>>;

/** Test cases that belong together. */
interface Suite {
  readonly name: string;
  /** Beside those that all suites have. */
  readonly properties?: Properties;
  readonly cases: readonly Case[];
}

/**
 * One suite for the accounting, one per dimension; names are the same in every run. A broken E rule is a failure, one
 * that threw or was not counted an error; W and I, and what lacked its input, are skipped with a message.
 *
 * Elements and attributes are those of the xUnit schema of Jenkins, which knows no number of skipped ones above the
 * suites. What a test took is not known, so it is 0. How the trains ran stands among the properties of the first suite.
 */
export function renderJunit(report: Report): string {
  const suites = suitesOf(report);
  const cases = suites.flatMap((suite) => suite.cases);
  const name = `Ratalake quality report of ${report.run.topic}`;
  const inside = suites.flatMap((suite) => suiteElement(suite, report));
  const root = xmlElement("testsuites", { name, ...numbersOf(cases), time: 0 }, inside);
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...root].join("\n");
}

function suitesOf({ verdict, run, traffic }: Report): readonly Suite[] {
  const dimensions = Map.groupBy(verdict.rules, ({ dimension }) => dimension);
  const names = [...dimensions.keys()].sort();
  return [
    {
      name: "accounting",
      cases: verdict.equations.map(caseOfEquation),
      properties: trafficProperties(traffic ?? []),
    },
    ...names.map((name) => ({
      name,
      cases: (dimensions.get(name) ?? []).map((rule) => caseOfRule(rule, run)),
    })),
  ];
}

function caseOfEquation({ name, left, right, holds }: Equation): Case {
  return holds ? { name } : { name, problem: { kind: "failure", message: `${left} is not ${right}` } };
}

function caseOfRule(rule: RuleResult, run: RunRecord): Case {
  const name = `${rule.id} ${rule.title}`;
  return rule.outcome === "passed" ? { name } : { name, problem: problemOf(rule, run) };
}

function problemOf(rule: RuleResult, run: RunRecord): Problem {
  const message = describeRule(rule, run);
  const { severity, outcome } = rule;
  if (outcome === "failed") return { kind: "failure", message };
  // A rule that has limits of several severities is named by the gravest, and may have broken a milder one.
  if (severity === "E" && (outcome === "unknown" || outcome === "error")) return { kind: "error", message };
  return { kind: "skipped", message: `${WORDS[outcome] ?? ""}${message}` };
}

function suiteElement({ name, cases, properties = {} }: Suite, report: Report): readonly string[] {
  const numbers = { ...numbersOf(cases), skipped: countOf(cases, "skipped") };
  // Without its zone, which the schema does not know: it is UTC.
  const timestamp = report.run.generatedAt.toISOString().replace(/\.\d+Z$/, "");
  return xmlElement("testsuite", { name, ...numbers, time: 0, timestamp }, [
    ...xmlElement("properties", {}, propertyElements({ ...propertiesOf(report), ...properties })),
    ...cases.flatMap((each) => caseElement(each, name)),
  ]);
}

function caseElement({ name, problem }: Case, suite: string): readonly string[] {
  const attributes = { name, classname: `ratalake.${suite}`, time: 0 };
  if (problem === undefined) return xmlElement("testcase", attributes);
  return xmlElement(
    "testcase",
    attributes,
    xmlElement(problem.kind, { type: suite, message: problem.message }),
  );
}

function propertiesOf({ run, tables }: Report): Properties {
  return {
    runId: run.runId,
    generatedAt: run.generatedAt.toISOString(),
    topic: run.topic,
    ...(run.ruleSet === null ? {} : { ruleSet: run.ruleSet }),
    ...Object.fromEntries(tables.map(({ path, version }) => [`version of ${path}`, version])),
  };
}

/** The figures by the names that they have in JSON, as `traffic.freight.onTime`; those that nobody knows are left out. */
function trafficProperties(kinds: readonly KindFigures[]): Properties {
  return Object.fromEntries(kinds.flatMap((kind) =>
    TRAFFIC_FIGURES.flatMap((name) => {
      const value = kind[name];
      return value === null ? [] : [[`traffic.${kind.kind}.${name}`, value] as const];
    })
  ));
}

function propertyElements(properties: Properties): readonly string[] {
  return Object.entries(properties).flatMap(([name, value]) => xmlElement("property", { name, value }));
}

function numbersOf(cases: readonly Case[]): Readonly<Record<"tests" | "failures" | "errors", number>> {
  return { tests: cases.length, failures: countOf(cases, "failure"), errors: countOf(cases, "error") };
}

function countOf(cases: readonly Case[], kind: "failure" | "error" | "skipped"): number {
  return cases.filter(({ problem }) => problem?.kind === kind).length;
}
