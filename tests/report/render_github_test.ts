/** GitHub annotations: what the runner shows, and no more than it shows. */
import { assert, assertEquals } from "@std/assert";
import { renderGithub } from "../../lib/report/render_github.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { seededRandom } from "../delta/test_context.ts";
import { makeReport } from "./made_up_report.ts";
import { mixedReport } from "./mixed_report.ts";
import { parseCommands } from "./parse_formats.ts";
import { randomReport } from "./random_report.ts";

Deno.test("the verdict and each broken rule are one annotation, errors first and the worst first", () => {
  const commands = parseCommands(renderGithub(mixedReport()));
  assertEquals(commands.map(({ command, properties }) => `${command} ${properties.title}`), [
    "error Quality report of trains: failed",
    "error The accounting does not add up",
    "error C1 times rise",
    "error T3 no time < now",
    "error C8 cancelled is cancelled",
    "warning O1b a run lands as much as usual",
    "warning S1 messages are readable",
    "warning M1 a stop has a time",
    "warning S2 no unknown fields",
    "warning C6 it differs",
    "notice M4 a late train has a cause",
    "notice M3 rows of one train are unique",
    "notice 2 rules skipped",
    "notice Traffic, of 620 trains that have arrived",
  ]);
  assertEquals(commands[5]?.message, "found 12, usual are 1,000 to 1,461");
  assertEquals(commands[6]?.message, "4 of 1,239 messages (0.32 %): date_format (3), not_json (1)");
  assertEquals(commands[10]?.message, "600 of 1,200 trains (50.0 %)");
});

Deno.test("a report that has passed is a notice, so that the step is never silent", () => {
  const commands = parseCommands(renderGithub(makeReport({ schemaDrift: {}, quarantineReasons: {} })));
  assertEquals(commands.filter(({ command }) => command === "error"), []);
  const [headline] = commands.filter(({ command }) => command === "notice");
  assertEquals(headline?.properties.title, "Quality report of trains: passed");
  assertEquals(headline?.message.split("\n").length, 2);
});

Deno.test("how the trains ran is one notice with a line per kind; without figures there is none", () => {
  const traffic = (report: Report) =>
    parseCommands(renderGithub(report)).filter(({ properties }) => properties.title?.startsWith("Traffic"));
  assertEquals(traffic(mixedReport()).map(({ command, message }) => [command, message.split("\n")]), [[
    "notice",
    [
      "long-distance: 111 arrived, 88.3% on time, median +1:07, p90 +6:09, 6 cancelled, 3 in part",
      "commuter A, I, K, P: 330 arrived, 98.8% on time, median +0:14, p90 +0:50, 0 cancelled, 0 in part",
      "other commuter: 134 arrived, 96.3% on time, median +0:24, p90 +1:12, 2 cancelled, 0 in part",
      "freight: 45 arrived, 88.9% on time, median +0:58, p90 +11:48, 16 cancelled, 10 in part",
    ],
  ]]);
  const none = {
    trains: 2,
    arrived: 0,
    onTime: 0,
    medianSeconds: null,
    p90Seconds: null,
    delays: [],
    causes: {},
  };
  const [kind] = mixedReport().traffic ?? [];
  assert(kind !== undefined);
  const cancelled = { ...kind, ...none, cancelled: 2, partlyCancelled: 0, unfinished: 0 };
  assertEquals(
    traffic({ ...mixedReport(), traffic: [cancelled] })[0]?.message,
    "long-distance: 0 arrived, 2 cancelled, 0 in part",
  );
  for (const kinds of [null, []]) assertEquals(traffic({ ...mixedReport(), traffic: kinds }), []);
});

Deno.test("of each level there are at most the ten that GitHub shows; the last one names the others", () => {
  const [rule] = mixedReport().verdict.rules.filter(({ outcome }) => outcome === "look");
  assert(rule !== undefined);
  for (const [broken, shown, named] of [[9, 9, 9], [10, 10, 10], [11, 10, 11], [500, 10, 500]] as const) {
    const rules = Array.from({ length: broken }, (_, at) => ({ ...rule, id: `W${at}` }));
    const report = mixedReport();
    const text = renderGithub({ ...report, verdict: { ...report.verdict, rules } });
    const warnings = parseCommands(text).filter(({ command }) => command === "warning");
    const names = warnings.flatMap(({ properties, message }) =>
      `${properties.title}\n${message}`.match(/^W\d+/gm) ?? []
    );
    assertEquals([warnings.length, new Set(names).size], [shown, named]);
  }
});

Deno.test("an error is shown exactly when the report has failed, a warning when a W rule is broken or threw", () => {
  const random = seededRandom(3);
  for (let time = 0; time < 200; time++) {
    const report = randomReport(random);
    const commands = new Set(parseCommands(renderGithub(report)).map(({ command }) => command));
    const isWarned = report.verdict.rules.some(({ outcome, severity }) =>
      outcome === "look" || (outcome === "error" && severity === "W")
    );
    assertEquals([commands.has("error"), commands.has("warning")], [!report.verdict.passed, isWarned]);
  }
});
