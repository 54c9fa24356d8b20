/** The lines that the demo ends with. */
import { assertEquals } from "@std/assert";
import { type HeadlineFigures, headlines } from "../../lib/answers/headlines.ts";
import type { PicturedRun } from "../../lib/answers/pictures/run_rows.ts";
import { type Punctuality, PunctualityCounter } from "../../lib/answers/punctuality/punctuality.ts";
import { punctualityOf, run } from "./counted_trains.ts";

const QUESTION = { by: "category", category: "long-distance" } as const;
const none = new PunctualityCounter(QUESTION).result().all;
const NOTHING: HeadlineFigures = {
  punctuality: none,
  runs: [],
  legs: [],
  legsDate: "2025-02-17",
  nameOf: (station) => station,
};

Deno.test("the share on time is that of punctuality: neither cancelled, deleted nor commuter trains are in it", async () => {
  const found = await punctualityOf([
    ...[run(1, [0, 300]), run(2, [0, -20]), run(3, [0, 301]), run(4, [0, null])],
    ...[run(5, [0, 10], { deleted: true }), run(6, [0, 10], { cancelled: true })],
    run(7, [0, 10], { trainCategory: "Commuter" }),
  ], QUESTION);
  assertEquals(headlines({ ...NOTHING, punctuality: found.all }), [
    "on time    2 of 3 long-distance trains (66.7%), at most 5 min late at its\n           final station",
  ]);
});

Deno.test("it is 100.0% only where no train was late", () => {
  const shareOf = (ran: number, onTime: number) => {
    const punctuality: Punctuality["all"] = { ...none, ran, onTime, onTimeShare: onTime / ran };
    return /\(.*\)/.exec(headlines({ ...NOTHING, punctuality })[0] ?? "")?.[0];
  };
  assertEquals(shareOf(9999, 9999), "(100.0%)");
  assertEquals(shareOf(10_000, 9999), "(99.9%)");
});

Deno.test("most is lost on the leg that the charts rank first: in the mean of at least five trains of a category", () => {
  const leg = (from: string, trains: number, meanSeconds: number) => ({
    ...{ category: "Commuter", from, to: "Bä\u001b[2J", trains, meanSeconds, medianSeconds: 0 },
  });
  const legs = [leg("A", 5, 100.4), leg("C", 4, 900), leg("D", 50, 90)];
  assertEquals(headlines({ ...NOTHING, legs }), [
    "most lost  A to Bä\\u001b[2J: +1:40, mean of 5 commuter trains on 2025-02-17",
  ]);
  assertEquals(headlines({ ...NOTHING, legs: [leg("A", 9, -5), leg("D", 9, 0.4)] }), [], "nothing was lost");
});

Deno.test("the latest is a train with passengers, wherever it was latest; of equal ones that with the lower number", () => {
  const pictured = (number: number, kind: PicturedRun["kind"], worstSeconds: number | null): PicturedRun => ({
    ...{ number, kind, worstSeconds, name: `IC ${number}`, worstStation: "TPE", arrivalSeconds: null },
    ...{ date: "2025-02-17", destination: "", fate: "unfinished", isLate: false, plannedMs: null },
  });
  const runs = [
    ...[pictured(9, "freight", 90_000), pictured(28, "commuter", 7200), pictured(3, "longDistance", 7200)],
    ...[pictured(1, "longDistance", null), pictured(2, null, 90_000)],
  ];
  assertEquals(headlines({ ...NOTHING, runs, nameOf: () => "Tampere" }), [
    "latest     IC 3, +2:00:00 at Tampere",
  ]);
});

Deno.test("of no trains nothing is told", () => assertEquals(headlines(NOTHING), []));
