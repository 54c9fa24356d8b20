/** JUnit XML: what a CI system counts is what the report says. */
import { assert, assertEquals } from "@std/assert";
import { renderJson } from "../../lib/report/render_json.ts";
import { renderJunit } from "../../lib/report/render_junit.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { seededRandom } from "../delta/test_context.ts";
import { makeReport } from "./made_up_report.ts";
import { mixedReport } from "./mixed_report.ts";
import { parseXml, type XmlElement } from "./parse_formats.ts";
import { randomReport } from "./random_report.ts";

function named(element: XmlElement, name: string): readonly XmlElement[] {
  return element.inside.flatMap((each) => [...(each.name === name ? [each] : []), ...named(each, name)]);
}

function propertiesOf(
  { inside: [properties] }: XmlElement,
): readonly (readonly [name: string, value: string])[] {
  return (properties?.inside ?? []).map(({ attributes }) => [attributes.name ?? "", attributes.value ?? ""]);
}

/** What became of each test case, by its name. */
function outcomes(report: Report): ReadonlyMap<string, string> {
  const cases = named(parseXml(renderJunit(report)), "testcase");
  return new Map(cases.map(({ attributes, inside }) => [attributes.name ?? "", inside[0]?.name ?? "passed"]));
}

Deno.test("the numbers of suites and of all are those of the cases in them, whatever the report", () => {
  const random = seededRandom(2);
  for (const report of [mixedReport(), ...Array.from({ length: 200 }, () => randomReport(random))]) {
    const root = parseXml(renderJunit(report));
    for (const element of [root, ...named(root, "testsuite")]) {
      const kinds = { failures: "failure", errors: "error", skipped: "skipped", tests: "testcase" };
      for (const [attribute, kind] of Object.entries(kinds)) {
        if (element === root && attribute === "skipped") continue;
        assertEquals(element.attributes[attribute], String(named(element, kind).length));
      }
    }
    const { equations, rules } = report.verdict;
    assertEquals(root.attributes.tests, String(equations.length + rules.length));
    const names = named(root, "testcase").map(({ attributes }) =>
      `${attributes.classname} ${attributes.name}`
    );
    assertEquals(new Set(names).size, names.length);
    // A build is red exactly when the report has failed.
    const isRed = root.attributes.failures !== "0" || root.attributes.errors !== "0";
    assertEquals(isRed, !report.verdict.passed);
  }
});

Deno.test("a broken E rule fails, one that threw or was not counted is an error, W and I and what lacked its input are skipped", () => {
  assertEquals(Object.fromEntries(outcomes(mixedReport())), {
    "landed = rows of the landing table": "passed",
    "quarantined = rows of the quarantine table": "failure",
    "U1 rows of one train are unique": "passed",
    "C1 times rise": "failure",
    "O1 there are rows": "passed",
    "T3 no time < now": "error",
    "S1 messages are readable": "skipped",
    "S2 no unknown fields": "skipped",
    "M1 a stop has a time": "skipped",
    "M3 rows of one train are unique": "skipped",
    "O1b a run lands as much as usual": "skipped",
    "O1c rows are as many as usual": "skipped",
    "M4 a late train has a cause": "skipped",
    "C8 cancelled is cancelled": "error",
    "C6 it differs": "skipped",
    "V3 stations are known": "skipped",
    "V5 causes are known": "skipped",
  });
});

Deno.test("each suite says which run and which versions of the tables it is about, and when that was", () => {
  for (const suite of named(parseXml(renderJunit(mixedReport())), "testsuite")) {
    assertEquals(propertiesOf(suite).filter(([name]) => !name.startsWith("traffic.")), [
      ["runId", "run-1"],
      ["generatedAt", "2025-02-17T05:00:00.000Z"],
      ["topic", "trains"],
      ["ruleSet", "rules-1"],
      ["version of landing_zone/trains_travel", "3"],
      ["version of standard_zone/trains_travel", "3"],
    ]);
    assertEquals(suite.attributes.timestamp, "2025-02-17T05:00:00");
    const cases = suite.inside.slice(1);
    assert(cases.every(({ attributes }) => attributes.classname === `ratalake.${suite.attributes.name}`));
  }
});

Deno.test("how the trains ran is told once, by kind, with the names that the figures have in JSON", () => {
  const report = mixedReport();
  const suites = named(parseXml(renderJunit(report)), "testsuite");
  const traffic = suites.map((suite) => propertiesOf(suite).filter(([name]) => name.startsWith("traffic.")));
  const kinds: readonly { readonly kind: string; readonly onTime: number }[] =
    JSON.parse(renderJson(report)).traffic;
  assertEquals(
    traffic[0]?.filter(([name]) => name.endsWith(".onTime")),
    kinds.map(({ kind, onTime }) => [`traffic.${kind}.onTime`, String(onTime)] as const),
  );
  assertEquals(traffic[0]?.slice(0, 8), [
    ["traffic.longDistance.trains", "203"],
    ["traffic.longDistance.arrived", "111"],
    ["traffic.longDistance.onTime", "98"],
    ["traffic.longDistance.medianSeconds", "67"],
    ["traffic.longDistance.p90Seconds", "369"],
    ["traffic.longDistance.cancelled", "6"],
    ["traffic.longDistance.partlyCancelled", "3"],
    ["traffic.longDistance.unfinished", "83"],
  ]);
  assertEquals(traffic.slice(1).flat(), []);
  const uncounted = named(parseXml(renderJunit({ ...report, traffic: null })), "property");
  assertEquals(uncounted.filter(({ attributes }) => attributes.name?.startsWith("traffic.")), []);
});

Deno.test("an E rule that does not apply fails nothing", () => {
  const report = makeReport();
  const rule = report.verdict.rules.find(({ id }) => id === "T1");
  assertEquals([rule?.severity, rule?.outcome], ["E", "learning"]);
  const { attributes: { failures, errors } } = parseXml(renderJunit(report));
  assertEquals([failures, errors], ["0", "0"]);
});
