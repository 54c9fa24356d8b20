import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
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

Deno.test("each rule on a run leads to where its failures are to be seen", () => {
  const advised = (id: string) =>
    explain(id, null).split("What one can do\n")[1]?.replaceAll("\n  ", " ") ?? "";
  assertMatch(advised("S1"), /^`deno task quarantine list` lists the messages/);
  assertMatch(advised("V1"), /^`deno task quarantine list`/);
  assertMatch(advised("S2"), /^`deno task report` names the fields and values under Schema drift/);
  assertMatch(advised("O4"), /^`deno task fetch --full` publishes the live trains again/);
  assertMatch(advised("U1"), /`deno task process` rebuilds it from landing/);
  assertMatch(advised("O1"), /^`deno task status`/);
});

Deno.test("what a station or a type is called never reaches the terminal as commands", () => {
  const text = explain("C2", [{ ...ROW, station: "\u001b[31mX\u202e", trainType: "a\nb\u0007" }]);
  // deno-lint-ignore no-control-regex
  assertEquals(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(text), false);
});

Deno.test("of a rule that tells stations apart the ten worst are named, those with hardly a row are not", () => {
  const rule = RULES.find(({ id }) => id === "A3");
  assert(rule !== undefined);
  const segments = Array.from({ length: 40 }, (_, i) => ({
    value: `S${i}\u001b`,
    units: { row: 500, stop: 0, train: 0 },
    ruleUnits: { A3: i < 5 ? 9 : 100 },
    failures: { A3: i < 5 ? 9 : i },
  }));
  const places = { by: "station", segments };
  const text = renderExplanation({ rule, results: [], rows: [], places, landing: LANDING });
  assertStringIncludes(
    text,
    "The worst of 40 stations with 10 rows at least\nstation    failures  of   share\n",
  );
  const shown = [...text.matchAll(/^S(\d+)\\u001b +(\d+) +100 /gm)].map(([, station]) => Number(station));
  assertEquals(shown, [39, 38, 37, 36, 35, 34, 33, 32, 31, 30]);
});

Deno.test("a rule that was skipped or threw is explained by its reason, and by no rows that would not be all", () => {
  const rule = RULES.find(({ id }) => id === "V3");
  assert(rule !== undefined);
  const { run } = makeReport({ uncounted: { V3: { outcome: "skipped", reason: "no list: \u001bfetch" } } });
  const results = evaluateRun(run).rules.filter(({ id }) => id === "V3");
  const text = renderExplanation({ rule, results, rows: null, noRows: "no list", landing: LANDING });
  assertStringIncludes(text, "now        skipped: no list: \\u001bfetch\n");
  assertStringIncludes(text, "Rows cannot be shown\nno list\n");
  assertStringIncludes(text.replaceAll("\n  ", " "), `source     ${rule.source}`);
});

Deno.test("the categories are told with their trains, their shares and what has come since the run before", () => {
  const rule = RULES.find(({ id }) => id === "O2");
  assert(rule !== undefined);
  const categories = {
    now: { Cargo: 30, Commuter: 60, "": 10 },
    before: { Cargo: 30, Commuter: 20, Old: 50 },
  };
  const text = renderExplanation({ rule, results: [], rows: null, categories, landing: LANDING });
  const lines = text.split("\n").map((line) => line.trim().split(/  +/));
  assertEquals(lines.slice(lines.findIndex(([first]) => first === "category") + 1).slice(0, 3), [
    ["Commuter", "60", "60.0%", "+40", "20.0%"],
    ["Cargo", "30", "30.0%", "+0", "30.0%"],
    ["(none)", "10", "10.0%", "+10", "0.00%"],
  ]);
});
