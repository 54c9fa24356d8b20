/** Names from outside in the closer looks: they move nothing, and an endless one makes no endless page. */
import { assert, assertEquals } from "@std/assert";
import type { Segment } from "../../lib/quality/count_segments.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import type { FailingRow } from "../../lib/quality/find_failures.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { jointFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import { renderExplanation } from "../../lib/report/render_explanation.ts";
import { renderSegments } from "../../lib/report/render_segments.ts";
import { renderRuns } from "../../lib/report/runs/render_runs.ts";
import { makeReport } from "./made_up_report.ts";
import { HOSTILE_NAMES } from "./random_report.ts";

const ENDLESS = "😀".repeat(50_000);
const LOOKS = { colour: false };
/** What terminals obey, and what turns the direction of reading; lines end where we end them. */
const UNSAFE = /[\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u;

function segmentsPage(value: string): string {
  const segment = (value: string): Segment => ({
    ...{
      value,
      units: { row: 9, stop: 3, train: 1 },
      ruleUnits: {},
      failures: { C2: value === "TPE" ? 0 : 5 },
    },
    traffic: jointFigures({ "longDistance.delay.15": 30, "longDistance.onTime": 3 }),
  });
  const segments = [segment(value), segment("TPE")];
  return renderSegments({ by: "station", segments, uncounted: {}, rules: RULES }, LOOKS);
}

function explanationPage(name: string): string {
  const rule = RULES.find(({ id }) => id === "C2");
  assert(rule !== undefined);
  const row: FailingRow = {
    ...{ departureDate: "2025-02-17", trainNumber: 5, trainType: name, rowNumber: 2, station: name },
    ...{ type: "DEPARTURE", scheduledTime: 0, actualTime: null, liveEstimateTime: null },
    ...{ differenceInMinutes: null, partition: 0, offset: 7 },
  };
  return renderExplanation({ rule, results: [], rows: [row, row], landing: "x" }, LOOKS);
}

function runsPage(name: string): string {
  const run = { ...makeReport().run, runId: name, topic: name };
  return renderRuns([{ run, verdict: evaluateRun(run) }], { format: "text", looks: LOOKS });
}

for (const [look, page] of Object.entries({ segmentsPage, explanationPage, runsPage })) {
  Deno.test(`${look}: a hostile name changes no line but its own, and an endless one is cut`, () => {
    const lines = page("HKI").split("\n").length;
    for (const name of [...HOSTILE_NAMES, ENDLESS]) {
      const text = page(name);
      assertEquals(
        [text.split("\n").length, UNSAFE.test(text)],
        [lines, false],
        JSON.stringify(name.slice(0, 50)),
      );
      assert(text.length < 5000, look);
    }
  });
}

Deno.test("before the first run the list of runs and an explanation say so", () => {
  assertEquals(renderRuns([], { format: "text" }), "no run yet: `deno task process` ends with one");
  assert(explanationPage("IC").includes("now        no run has come to its end yet"));
});
