/** Limits of several severities on one rule: formats tell of the limit that is broken. */
import { assertEquals, assertMatch } from "@std/assert";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import type { Limit } from "../../lib/quality/policy.ts";
import { renderOpenLineage } from "../../lib/report/openlineage/render_openlineage.ts";
import { renderGithub } from "../../lib/report/render_github.ts";
import { renderJunit } from "../../lib/report/render_junit.ts";
import { makeReport } from "./made_up_report.ts";

Deno.test("where a rule keeps its error limit and breaks a milder one, no format tells of an error", async () => {
  const limits: readonly Limit[] = [
    { severity: "E", operator: "mustBeLessThan", value: 50, unit: "percent" },
    { severity: "W", operator: "mustBe", value: 0, unit: "rows" },
  ];
  const report = makeReport();
  const run = { ...report.run, anomalies: { ...report.run.anomalies, actualTime_out_of_order: 5 } };
  const verdict = evaluateRun(run, { policy: new Map([["C2", limits]]) });
  const [rule] = verdict.rules.filter(({ id }) => id === "C2");
  assertEquals([rule?.outcome, rule?.severity, verdict.passed], ["look", "E", true]);
  const mild = { ...report, run, verdict };
  assertEquals(renderGithub(mild).split("\n").filter((line) => line.startsWith("::error")), []);
  assertEquals(renderJunit(mild).includes("<failure"), false);
  const places = { log: { namespace: "x" }, folder: ".", schemas: {}, columns: new Map() };
  assertMatch(await renderOpenLineage(mild, places), /"assertion":"C2","success":false,"severity":"warn"/);
});
