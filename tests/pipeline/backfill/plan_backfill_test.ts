import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UsageError } from "../../../lib/errors.ts";
import { describeProgress } from "../../../lib/pipeline/backfill/backfill_progress.ts";
import type { FilledDay } from "../../../lib/pipeline/backfill/backfill_state.ts";
import type { BackfillSummary } from "../../../lib/pipeline/backfill/backfill_counts.ts";
import { checkRange } from "../../../lib/pipeline/backfill/check_range.ts";
import { describeBackfill, describePlan } from "../../../lib/pipeline/backfill/describe_backfill.ts";
import { datesOf, describeDates, planBackfill } from "../../../lib/pipeline/backfill/plan_backfill.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

const NOW_MS = Date.parse("2024-04-10T12:00:00Z");
const DAY: Omit<FilledDay, "at"> = { trains: 1, others: 0, sizeBytes: 1, from: "day" };
const FRESH = { done: new Map<string, FilledDay>(), again: false, archives: false, nowMs: NOW_MS };

function days(first: string, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, at) => new Date(Date.parse(first) + at * 86_400_000).toISOString().slice(0, 10),
  );
}

Deno.test("a range has every date, over both changes of the clock and a leap day", () => {
  const plan = planBackfill({ from: "2024-02-27", to: "2024-04-02" }, FRESH);
  assertEquals(plan.errands.flatMap(datesOf), days("2024-02-27", 36));
  assertEquals([plan.days, plan.before], [36, 0]);
  const autumn = planBackfill({ from: "2023-10-28", to: "2023-10-30" }, FRESH);
  assertEquals(autumn.errands.flatMap(datesOf), ["2023-10-28", "2023-10-29", "2023-10-30"]);
});

Deno.test("every date is either done before or in one errand, in order, whatever was done", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seededRandom(seed);
    const all = days("2024-01-15", 1 + Math.floor(random() * 100));
    const done = new Map(
      all.filter(() => random() < 0.5).map((date) => [
        date,
        { ...DAY, at: Date.parse(date) + Math.floor(random() * 4 * 86_400_000) },
      ]),
    );
    const range = { from: all[0] ?? "", to: all.at(-1) ?? "" };
    const plan = planBackfill(range, { ...FRESH, done, archives: random() < 0.5 });
    const complete = all.filter((date) => (done.get(date)?.at ?? 0) >= Date.parse(date) + 2 * 86_400_000);
    assertEquals(plan.errands.flatMap(datesOf), all.filter((date) => !complete.includes(date)));
    assertEquals([plan.days, plan.before], [all.length, complete.length]);
    assertEquals(planBackfill(range, { ...FRESH, done, again: true }).before, 0);
  }
});

Deno.test("months whose archive is made are one errand each, the open one goes by date", () => {
  const range = { from: "2024-01-30", to: "2024-03-02" };
  const kinds = (nowMs: number) =>
    planBackfill(range, { ...FRESH, archives: true, nowMs }).errands
      .map((errand) => errand.kind === "day" ? errand.date : `${errand.month}: ${errand.dates.length}`);
  assertEquals(kinds(Date.parse("2024-03-06T00:00:00Z")), [
    "2024-01: 2",
    "2024-02: 29",
    "2024-03-01",
    "2024-03-02",
  ]);
  assertEquals(kinds(NOW_MS), ["2024-01: 2", "2024-02: 29", "2024-03: 2"]);
});

Deno.test("dates are written as runs", () => {
  assertEquals(describeDates([]), "");
  assertEquals(
    describeDates(["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-05"]),
    "2024-02-28 to 2024-03-01, 2024-03-05",
  );
  assertEquals(
    describeDates(["2024-01-01", "2024-01-03", "2024-01-05", "2024-01-07"], 2),
    "2024-01-01, 2024-01-03 and others up to 2024-01-07",
  );
});

Deno.test("a range that cannot be is refused with all that is wrong", () => {
  const check = (from: string, to: string, archives = false) =>
    checkRange({ from, to }, { archives, nowMs: NOW_MS });
  check("2024-04-01", "2024-04-11");
  check("2015-01-01", "2015-01-01", true);
  const error = assertThrows(() => check("2024-04-30", "2024-04-12"), UsageError);
  assertEquals(error.faults, [
    'Cannot back-fill from "2024-04-30" to "2024-04-12": found a first date after the last',
    'Cannot use "--to": found "2024-04-12", expected a date up to tomorrow, 2024-04-11',
  ]);
  for (const archives of [true, false]) {
    const old = () => check("2014-12-31", "2015-01-01", archives);
    assertThrows(old, UsageError, "expected 2015-01-01 or later");
  }
  // In Finland it is tomorrow already.
  checkRange({ from: "2024-04-12", to: "2024-04-12" }, {
    archives: false,
    nowMs: Date.parse("2024-04-10T21:30:00Z"),
  });
});

Deno.test("progress says the day, the trains, the rate and the time that is left", () => {
  const progress = {
    days: 91,
    before: 0,
    over: 0,
    trains: 0,
    sizeBytes: 0,
    requests: 1,
    failures: 0,
    elapsedSeconds: 0,
  };
  assertEquals(describeProgress(progress), "day 1 of 91, 0 trains");
  assertEquals(
    describeProgress({ ...progress, over: 16, trains: 25_312, sizeBytes: 344e6, elapsedSeconds: 164 }),
    "day 17 of 91, 25,312 trains, 2.1 MB/s, about 13 min left",
  );
  assertEquals(
    describeProgress({ ...progress, before: 80, over: 10, trains: 1, sizeBytes: 1e6, elapsedSeconds: 10 }),
    "day 91 of 91, 1 train, 0.1 MB/s, about 1 s left",
  );
  assertMatch(describeProgress({ ...progress, over: 1, elapsedSeconds: 120 }), /about 3 h 0 min left$/);
  assertEquals(describeProgress({ ...progress, over: 91, elapsedSeconds: 9 }), "day 91 of 91, 0 trains");
});

const SUMMARY: BackfillSummary = {
  from: "2024-01-01",
  to: "2024-01-31",
  days: 31,
  before: 0,
  done: 31,
  empty: [],
  failed: [],
  left: 0,
  trains: 45_000,
  others: 0,
  sizeBytes: 1e9,
  requests: 31,
  durationSeconds: 700,
};

Deno.test("a summary says what became of every day, and the way on", () => {
  assertEquals(
    describeBackfill(SUMMARY),
    "Back-filled 31 days: 31 done; 45,000 trains published (1,000 MB); 31 requests, 12 min. `deno task process` ingests " +
      "what was published.",
  );
  assertEquals(
    describeBackfill({
      ...SUMMARY,
      before: 3,
      done: 20,
      empty: ["2024-01-01", "2024-01-02"],
      failed: [{ date: "2024-01-05", reason: "x" }],
      left: 5,
      others: 7,
    }),
    "Back-filled 31 days: 20 done, 3 done before, 2 without trains (2024-01-01 to 2024-01-02), 1 failed (2024-01-05), " +
      "5 left; 45,000 trains published (1,000 MB), 7 of them of other departure dates; 31 requests, 12 min. The same " +
      "command goes on from here. What the API has no trains of by date may be in its monthly archives " +
      "(`--archives`). `deno task process` ingests what was published.",
  );
});

Deno.test("a plan says what is missing and what it takes", () => {
  const range = { from: "2024-02-28", to: "2024-04-02" };
  assertEquals(
    describePlan(planBackfill(range, FRESH)),
    "35 days: 35 days missing (2024-02-28 to 2024-04-02), 35 requests",
  );
  assertEquals(
    describePlan(planBackfill(range, { ...FRESH, archives: true })),
    "35 days: 35 days missing (2024-02-28 to 2024-04-02), 4 requests (2 monthly archives)",
  );
  const done = new Map(days("2024-02-28", 35).map((date) => [date, { ...DAY, at: NOW_MS }]));
  assertEquals(
    describePlan(planBackfill(range, { ...FRESH, done })),
    "35 days, 35 of them done: nothing to fetch",
  );
});
