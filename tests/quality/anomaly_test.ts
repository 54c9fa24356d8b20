/** What is unusual among runs: exactly the odd ones, however many ordinary ones differ a little. */
import { assertEquals } from "@std/assert";
import { habitOf, type Point } from "../../lib/quality/anomaly.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { makeReport } from "../report/made_up_report.ts";

const RUN = makeReport().run;
const SHOWN = 20;

/** What each run brings: trains, and rows per train. */
interface Day {
  readonly trains: number;
  readonly rows: number;
}

/** Runs one after another, as their sums stand after each. */
function runsOf(days: readonly Day[]): readonly RunRecord[] {
  let landed = 0, rowsAdded = 0;
  return days.map(({ trains, rows }, day) => {
    landed += trains;
    rowsAdded += trains * rows;
    const account = { ...RUN.account, landed, accepted: landed, rowsAdded };
    return { ...RUN, runId: `run-${day}`, account };
  });
}

/** The runs, by number, in which the rule is broken, or learns. */
function found(runs: readonly RunRecord[], id: string, outcome: string): readonly number[] {
  return runs.flatMap((run, i) => {
    const past = runs.slice(Math.max(0, i - SHOWN), i);
    return evaluateRun(run, { past }).rules.some((rule) => rule.id === id && rule.outcome === outcome)
      ? [i]
      : [];
  });
}

function ordinary(seed: number, count: number): readonly Day[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    trains: 1500 + Math.floor(random() * 60),
    rows: 42 + random(),
  }));
}

Deno.test("of fifty runs the one with half of the trains and the one with twice the rows are unusual, and no other", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const days = ordinary(seed, 50).map((day, i) => {
      if (i === 31) return { ...day, trains: Math.floor(day.trains / 2) };
      return i === 40 ? { ...day, rows: 2 * day.rows } : day;
    });
    const runs = runsOf(days);
    assertEquals([seed, found(runs, "O1b", "look"), found(runs, "O1c", "look")], [seed, [31], [40]]);
  }
});

Deno.test("seven runs are learned from, those that had nothing to do are not among them", () => {
  const runs = runsOf(ordinary(6, 10));
  // The first run has none before it to be told from.
  assertEquals(found(runs, "O1b", "learning"), [0, 1, 2, 3, 4, 5, 6, 7]);
  const idle = runs.flatMap((run) => [run, { ...run, runId: `${run.runId} again` }]);
  assertEquals(found(idle, "O1b", "look"), []);
  assertEquals(found(idle, "O1b", "passed"), [16, 18]);
});

Deno.test("runs of another topic are no habit of this one", () => {
  const runs = runsOf(ordinary(7, 12));
  const other = runs.map((run, i) => i === 11 ? { ...run, topic: "other" } : run);
  assertEquals(found(other, "O1b", "learning").includes(11), true);
});

/** One number a day at eight, from a Monday in winter on. */
function daily(values: readonly number[], hour = 8): readonly Point[] {
  return values.map((value, day) => ({ localMs: Date.UTC(2025, 0, 6 + day, hour), value }));
}

Deno.test("a habit is the median and what is near it; alike numbers leave room for a twentieth a few times over", () => {
  const now = Date.UTC(2025, 0, 13, 8);
  assertEquals(habitOf(daily([1, 2, 3, 4, 5, 6]), now), null);
  const alike = daily(new Array(7).fill(100));
  assertEquals(habitOf(alike, now), { median: 100, lowest: 82.5, highest: 117.5 });
  assertEquals(habitOf(alike, now, 10), { median: 100, lowest: 65, highest: 135 });
  const spread = habitOf(daily([10, 20, 30, 40, 50, 60, 1e9]), now);
  assertEquals(spread?.median, 40);
  // One number beyond measure moves nothing.
  assertEquals((spread?.highest ?? 0) < 200, true);
});

Deno.test("runs are compared with those of their weekday and hour, else of their hour, else with all", () => {
  const week = [10, 10, 10, 10, 10, 3, 1];
  const weeks = Array.from({ length: 49 }, (_, day) => week[day % 7] ?? 0);
  const medianAt = (points: readonly Point[], localTime: string) =>
    habitOf(points, Date.parse(`${localTime}Z`))?.median;
  assertEquals(medianAt(daily(weeks), "2025-03-02T08:20"), 1);
  assertEquals(medianAt(daily(weeks.slice(7)), "2025-03-02T08:20"), 10);
  const both = [...daily(weeks), ...daily(weeks.map((value) => -value), 20)];
  const asked = ["2025-02-24T20:29", "2025-02-25T07:30", "2025-03-01T20:00", "2025-02-24T23:00"];
  assertEquals(asked.map((time) => medianAt(both, time)), [-10, 10, -3, 0]);
});

Deno.test("the same hour is the one that clocks in Finland show, in summer too", () => {
  // On even days at eight a hundred trains, on odd days at seven a thousand.
  const added = Array.from({ length: 20 }, (_, day) => ({ trains: day % 2 === 0 ? 100 : 1000, rows: 1 }));
  const winter = runsOf(added).map((run, day) => {
    return { ...run, generatedAt: new Date(Date.UTC(2025, 0, 6 + day, day % 2 === 0 ? 6 : 5)) };
  });
  const isUnusual = (utc: string, trains: number) => {
    const landed = (winter.at(-1)?.account.landed ?? 0) + trains;
    const summer = { ...RUN, generatedAt: new Date(utc), account: { ...RUN.account, landed } };
    return found([...winter, summer], "O1b", "look").includes(20);
  };
  const [eight, seven] = ["2025-06-03T05:00:00Z", "2025-06-03T04:00:00Z"];
  assertEquals([isUnusual(eight, 100), isUnusual(seven, 100)], [false, true]);
  assertEquals([isUnusual(eight, 1000), isUnusual(seven, 1000)], [true, false]);
});

/** Runs one after another, by what each adds of long-distance, commuter and cargo trains. */
function categoriesOf(days: readonly (readonly number[])[]): readonly RunRecord[] {
  const sums = [0, 0, 0];
  return days.map((added, day) => {
    added.forEach((count, i) => sums[i] = (sums[i] ?? 0) + count);
    const [far = 0, near = 0, cargo = 0] = sums;
    const trainsByCategory = { "Long-distance": far, Commuter: near, Cargo: cargo };
    return { ...RUN, runId: `run-${day}`, trainsByCategory };
  });
}

Deno.test("the day on which cargo is missing has other shares than usual, and no other day has", () => {
  for (const seed of [1, 2, 3]) {
    const random = seededRandom(seed);
    const some = (most: number) => Math.floor(most * (0.95 + random() / 10));
    const days = Array.from({ length: 30 }, (_, i) => [some(300), some(900), i === 25 ? 0 : some(250)]);
    assertEquals([seed, found(categoriesOf(days), "O2", "note")], [seed, [25]]);
  }
});

Deno.test("a handful of new trains has no shares, and a run that knew no categories is none to compare with", () => {
  const days = Array.from({ length: 12 }, (_, i) => i === 0 ? [100, 100, 100] : [9, 9, 9]);
  const runs = categoriesOf(days);
  assertEquals(found(runs, "O2", "learning").length, runs.length);
  const unknown = categoriesOf(days.map(() => [50, 60, 70])).map((run) => ({
    ...run,
    trainsByCategory: null,
  }));
  assertEquals(found(unknown, "O2", "learning").length, unknown.length);
});

Deno.test("a category that is called as every object has something moves the shares as any other", () => {
  const days = Array.from({ length: 30 }, (_, i) => [300, 900, i === 25 ? 1200 : 250]);
  for (const name of ["Military", "constructor", "valueOf"]) {
    const runs = categoriesOf(days).map((run, day) => {
      const { Cargo, ...others } = run.trainsByCategory ?? {};
      // The first of them comes on the day that is unusual.
      return { ...run, trainsByCategory: day < 25 ? others : { ...others, [name]: Cargo ?? 0 } };
    });
    assertEquals([name, found(runs, "O2", "note")], [name, [25]]);
  }
});
