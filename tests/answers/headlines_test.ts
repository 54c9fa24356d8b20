/** The lines that the demo ends with. */
import { assertEquals } from "@std/assert";
import { headlines } from "../../lib/answers/headlines.ts";

const NOTHING = { runs: [], legs: [], stationNames: new Map<string, string>() };

Deno.test("the share on time is that of the long-distance trains that ran as a whole and have arrived", () => {
  const trains = [
    { arrivalDelaySeconds: 300n },
    { arrivalDelaySeconds: -20n },
    { arrivalDelaySeconds: 301n },
    { arrivalDelaySeconds: null },
    { arrivalDelaySeconds: 10n, partiallyCancelled: true },
    { arrivalDelaySeconds: 10n, cancelled: true },
    { arrivalDelaySeconds: 10n, trainCategory: "Commuter" },
  ].map((run) => ({ trainCategory: "Long-distance", trainNumber: 1n, worstDelaySeconds: null, ...run }));
  assertEquals(headlines({ ...NOTHING, runs: trains }), [
    "on time    2 of 3 long-distance trains (66.7%), at most 5 min late at the end",
  ]);
});

Deno.test("it is 100.0% only where no train was late", () => {
  const run = { trainCategory: "Long-distance", arrivalDelaySeconds: 0 };
  const late = { ...run, arrivalDelaySeconds: 301 };
  const shareOf = (runs: readonly typeof run[]) =>
    /\(.*\)/.exec(headlines({ ...NOTHING, runs })[0] ?? "")?.[0];
  assertEquals(shareOf(Array.from({ length: 9999 }, () => run)), "(100.0%)");
  assertEquals(shareOf([...Array.from({ length: 9999 }, () => run), late]), "(99.9%)");
});

Deno.test("most is lost on the leg where all trains together are slowest, named as stations are if they have names", () => {
  const leg = (fromStation: string, toStation: string, delayAddedSeconds: bigint | null) => ({
    fromStation,
    toStation,
    delayAddedSeconds,
  });
  const legs = [leg("A", "B", 100n), leg("B", "A", 90n), leg("B", "A", 40n), leg("C", "D", null)];
  const stationNames = new Map([["B", "Bä\u001b[2J"]]);
  assertEquals(headlines({ ...NOTHING, legs, stationNames }), [
    "most lost  Bä\\u001b[2J to A: +2:10 by 2 trains together",
  ]);
  assertEquals(headlines({ ...NOTHING, legs: [leg("A", "B", -5n)] }), [], "nothing was lost");
});

Deno.test("the latest is a train with passengers, wherever it was latest; of equal ones that with the lower number", () => {
  const run = (trainNumber: bigint, trainCategory: string, worstDelaySeconds: bigint | null) => ({
    ...{ trainNumber, trainCategory, worstDelaySeconds },
    ...{ trainType: "IC", worstDelayStation: "TPE", arrivalDelaySeconds: null },
  });
  const runs = [
    ...[run(9n, "Cargo", 90_000n), run(28n, "Commuter", 7200n), run(3n, "Long-distance", 7200n)],
    run(1n, "Long-distance", null),
  ];
  const stationNames = new Map([["TPE", "Tampere asema"]]);
  assertEquals(headlines({ ...NOTHING, runs, stationNames }), [
    "latest     IC 3, +2:00:00 at Tampere asema",
  ]);
  const [line] = headlines({ ...NOTHING, runs: [{ ...run(7n, "Commuter", 90n), commuterLineID: "R" }] });
  assertEquals(line, "latest     R 7, +1:30 at TPE", "a commuter train is known by its line");
});

Deno.test("of no trains nothing is told", () => assertEquals(headlines(NOTHING), []));
