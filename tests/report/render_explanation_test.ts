import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FailingRow } from "../../lib/quality/find_failures.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { renderExplanation } from "../../lib/report/render_explanation.ts";
import { makeReport } from "./made_up_report.ts";

const ROW: FailingRow = {
  ...{ departureDate: "2025-02-17", trainNumber: 53503, trainType: "T", rowNumber: 2, station: "UKP" },
  ...{ type: "DEPARTURE", scheduledTime: Date.parse("2025-02-18T00:04:00Z") * 1000 },
  ...{ actualTime: null, liveEstimateTime: Date.parse("2025-02-17T23:38:00Z") * 1000 },
  ...{ differenceInMinutes: -26, partition: 2, offset: 4080 },
};
const LANDING = "data files/landing";

function explain(id: string, rows: readonly FailingRow[] | null, counts: readonly number[] = [0]): string {
  const rule = RULES.find((candidate) => candidate.id === id);
  assert(rule !== undefined);
  const { run } = makeReport();
  const name = rule.count.from === "rows" ? rule.count.anomaly : "";
  const results = counts.flatMap((count) =>
    evaluateRun({ ...run, anomalies: { ...run.anomalies, [name]: count } }).rules.filter((result) =>
      result.id === id
    )
  );
  return renderExplanation({ rule, results, rows, landing: LANDING }, { colour: false });
}

Deno.test("an explanation says what the rule is for, how it came out, which rows break it and what one can do", () => {
  assertEquals(
    explain("C2", [ROW], [0, 3, 1]).split("\n").map((line) => line.trimEnd()).join("\n"),
    `C2  actualTime never decreases along the route
why        a time that goes back was mostly entered by hand, and makes a running
  time negative
severity   W: worth a look, fails nothing
counts     consistency, by row
now        1 of 49,000 rows
last runs  ▁█▃  0 3 1

Rows that break it, the newest files first
date        train    row  station  type  planned      actual     diff  message
2025-02-17  T 53503    2  UKP      dep   00:04:00+1d  ~23:38:00   -26  2:4080
UTC, ~ is an estimate; of a stop the departure, of a train the first row

What one can do
the values come from the source: tell it, or leave such rows out of your figures
the first message as it was received (partition:offset):
  deno task table cat 'data files/landing' \\
    --where "kafkaPartition = 2 and kafkaOffset = 4080" --format ndjson`,
  );
});

Deno.test("every rule can be explained, with rows and without", () => {
  for (const { id, why, count } of RULES) {
    const text = explain(id, count.from === "rows" ? [] : null);
    assertStringIncludes(text.replaceAll("\n  ", " "), why);
    assertEquals(text.includes("No row of the table breaks it"), count.from === "rows");
  }
});

Deno.test("a rule that batches count tells both what is new and what there ever was, and why it has no rows", () => {
  const rule = RULES.find(({ id }) => id === "T4");
  assert(rule !== undefined);
  const { run } = makeReport();
  const past = [{ ...run, measures: { messages: 9, "lag.60": 30 } }];
  const now = { ...run, measures: { messages: 12, "lag.60": 32, "lag.76": 1 } };
  const results = evaluateRun(now, { past }).rules.filter(({ id }) => id === "T4");
  const text = renderExplanation({ rule, results, rows: null, landing: "lake/landing_zone/trains_travel" });
  assertStringIncludes(text, "\nnow        1 of 3 times; p50 36 s, p95 9.5 min\n");
  assertStringIncludes(text, "\never       1 of 33 times; p50 36 s, p95 36 s\n");
  assertStringIncludes(text, "no rows can be shown");
  assertStringIncludes(text, "deno task table cat lake/quality_zone/batches");
});

Deno.test("a rule of batches that does not apply says so, and nothing of what there ever was", () => {
  const text = explain("T1", null);
  assertStringIncludes(text, "now        it does not apply, or nothing was counted that it could go by");
  assertEquals(text.includes("\never"), false);
});

Deno.test("what a station or a type is called never reaches the terminal as commands", () => {
  const text = explain("C2", [{ ...ROW, station: "\u001b[31mX\u202e", trainType: "a\nb\u0007" }]);
  // deno-lint-ignore no-control-regex
  assertEquals(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(text), false);
});
