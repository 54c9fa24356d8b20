/** When the rules on the feed apply, and when they break: on made-up runs of lakes that ask often, seldom, or stop. */
import { assertEquals } from "@std/assert";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { DelayHistogram } from "../../lib/tables/delay_bins.ts";
import type { Counts } from "../../lib/tables/counts.ts";
import { addCounts, MEASURES } from "../../lib/tables/measures.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { makeReport } from "../report/made_up_report.ts";

const { run: RUN } = makeReport();
const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS;

/** One run: minutes between polls since the run before, and how old its newest message is. */
interface Step {
  readonly gaps: readonly number[];
  readonly ageMinutes: number;
  readonly topic?: string;
}

function polls(gaps: readonly number[]): Counts {
  const histogram = new DelayHistogram();
  for (const gap of gaps) histogram.add(gap * MINUTE_MS);
  return histogram.toCounts(MEASURES.polls);
}

/** What the rules came to in the last of the runs. */
function outcomes(steps: readonly Step[], ids: readonly string[] = ["T1", "T2"]) {
  let measures: Counts = { messages: 1 };
  const runs = steps.map(({ gaps, ageMinutes, topic = "trains" }): RunRecord => {
    measures = addCounts(measures, polls(gaps));
    const newestMessageTime = new Date(RUN.generatedAt.getTime() - ageMinutes * MINUTE_MS);
    return { ...RUN, topic, newestMessageTime, measures };
  });
  const [newest = RUN, ...past] = runs.toReversed();
  const { rules } = evaluateRun(newest, { past: past.reverse() });
  return ids.map((id) => {
    const { outcome, failures, units } = rules.find((rule) => rule.id === id) ?? {};
    return `${id} ${outcome} ${failures} of ${units}`;
  });
}

function repeated(count: number, step: Step): readonly Step[] {
  return Array.from({ length: count }, () => step);
}

/** A run a minute, right after the poll of the minute. */
const EACH_MINUTE = repeated(15, { gaps: [1], ageMinutes: 0.1 });

const CASES: readonly (readonly [name: string, steps: readonly Step[], expected: readonly string[]])[] = [
  ["a run a minute", EACH_MINUTE, ["T1 passed 0 of 1", "T2 passed 0 of 1"]],
  ["a run an hour with a poll a minute", [{ gaps: Array(59).fill(1), ageMinutes: 1 }], [
    "T1 passed 0 of 1",
    "T2 passed 0 of 59",
  ]],
  ["a source that has stood still for 6 minutes", [...EACH_MINUTE, { gaps: [], ageMinutes: 6 }], [
    "T1 failed 1 of 1",
    "T2 passed 0 of 0",
  ]],
  ["a source that has just not stood still for 5 minutes", [...EACH_MINUTE, { gaps: [], ageMinutes: 4.9 }], [
    "T1 passed 0 of 1",
    "T2 passed 0 of 0",
  ]],
  ["polls that came late once", [...EACH_MINUTE, { gaps: [1, 3, 1], ageMinutes: 0 }], [
    "T1 passed 0 of 1",
    "T2 look 1 of 3",
  ]],
  ["polls that are a bit uneven", [...EACH_MINUTE, { gaps: [1.5, 0.5, 2], ageMinutes: 0 }], [
    "T1 passed 0 of 1",
    "T2 passed 0 of 3",
  ]],
  ["fetching that has stopped", [...EACH_MINUTE, { gaps: [], ageMinutes: 61 }], [
    "T1 learning null of null",
    "T2 passed 0 of 0",
  ]],
  ["a lake that was followed once, and is asked by hand now", [...EACH_MINUTE, {
    gaps: [24 * 60],
    ageMinutes: 20,
  }], [
    "T1 learning null of null",
    "T2 passed 0 of 0",
  ]],
  ["polls that begin again after two hours", [...EACH_MINUTE, { gaps: [120], ageMinutes: 0 }], [
    "T1 learning null of null",
    "T2 look 1 of 1",
  ]],
  ["a lake that is asked once a day", repeated(30, { gaps: [24 * 60], ageMinutes: 20 }), [
    "T1 learning null of null",
    "T2 learning null of null",
  ]],
  ["a lake that is asked every five minutes", repeated(30, { gaps: [5], ageMinutes: 6 }), [
    "T1 learning null of null",
    "T2 learning null of null",
  ]],
  ["a lake that nobody has asked, as of recordings alone", repeated(30, { gaps: [], ageMinutes: 20 }), [
    "T1 learning null of null",
    "T2 learning null of null",
  ]],
  ["six polls", [{ gaps: Array(6).fill(1), ageMinutes: 9 }], [
    "T1 learning null of null",
    "T2 learning null of null",
  ]],
];

for (const [name, steps, expected] of CASES) {
  Deno.test(`the rules on the feed, for ${name}: ${expected.map((text) => text.slice(0, 7)).join(", ")}`, () => {
    assertEquals(outcomes(steps), expected);
  });
}

Deno.test("runs of another topic between two runs count for neither", () => {
  const other = { gaps: [], ageMinutes: 0, topic: "others" };
  const mixed = EACH_MINUTE.flatMap((step) => [other, step]);
  assertEquals(outcomes(mixed), ["T1 passed 0 of 1", "T2 passed 0 of 1"]);
});

Deno.test("a run tells what batches have counted since the run before, and in all", () => {
  const before = {
    ...RUN,
    measures: { messages: 100, versions: 50, "versions.revised": 2, "lag.60": 9, "whole.70": 100 },
  };
  const run = {
    ...RUN,
    measures: {
      messages: 110,
      versions: 56,
      "versions.revised": 3,
      "lag.60": 9,
      "lag.80": 4,
      "whole.70": 101,
      "whole.75": 9,
    },
  };
  const { rules } = evaluateRun(run, { past: [before] });
  const of = (id: string) => {
    const { failures, units, overall } = rules.find((rule) => rule.id === id) ?? {};
    return [failures, units, overall?.failures, overall?.units];
  };
  assertEquals(["C14", "T4", "T5", "C13"].map(of), [
    [1, 6, 3, 56],
    [4, 4, 4, 13],
    [9, 10, 9, 110],
    [0, 10, 0, 110],
  ]);
});

Deno.test("a lake whose batches were never measured passes none of these rules, and fails by none", () => {
  const verdict = evaluateRun({ ...RUN, measures: {} });
  const ids = ["C13", "C14", "A2", "T1", "T2", "T4", "T5"];
  const mine = verdict.rules.filter(({ id }) => ids.includes(id));
  assertEquals(
    mine.map(({ outcome, failures }) => [outcome, failures]),
    ids.map(() => ["learning" as const, null]),
  );
  assertEquals(verdict.passed, true);
});

Deno.test("versions that went back fail the run that finds them, and no later one", () => {
  const back = { ...RUN, measures: { messages: 100, "messages.backwards": 1 } };
  const later = { ...back, measures: { ...back.measures, messages: 120 } };
  assertEquals([evaluateRun(back).passed, evaluateRun(later, { past: [back] }).passed], [false, true]);
  const idle = { ...back, generatedAt: new Date(RUN.generatedAt.getTime() + HOUR_MS) };
  assertEquals(evaluateRun(idle, { past: [back] }).passed, true);
});
