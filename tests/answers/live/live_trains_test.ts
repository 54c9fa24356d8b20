/** Where trains are, beside a naive model that looks at the wire's own trains. */
import { assert, assertEquals } from "@std/assert";
import { liveFigures, runningAt } from "../../../lib/answers/live/live_figures.ts";
import { type LiveTrain, liveTrains } from "../../../lib/answers/live/live_trains.ts";
import type { SimulatedTrain } from "../../../lib/simulator/observe_train.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import { rowsOfTrains } from "../../quality/count_trains.ts";

const AT_MS = Date.parse("2026-02-17T12:00:00Z");
const DATE = "2026-02-17";

/** As one would explain it to somebody: the last row that has happened, and the next that will. */
function naivePlace(train: SimulatedTrain) {
  if (train.cancelled) return null;
  const rows = train.timeTableRows.filter(({ cancelled }) => !cancelled);
  const happened = rows.filter(({ actualTime }) => actualTime !== undefined);
  const last = happened.at(-1);
  const next = last && rows[rows.indexOf(last) + 1];
  if (last === undefined || next === undefined) return null;
  const leftMs = Date.parse(last.actualTime ?? "");
  const delayMs = leftMs - Date.parse(last.scheduledTime);
  const due = next.liveEstimateTime ?? new Date(Date.parse(next.scheduledTime) + delayMs).toISOString();
  return {
    from: last.stationShortCode,
    to: last.type === "DEPARTURE" ? next.stationShortCode : last.stationShortCode,
    leftMs,
    dueMs: Math.max(Date.parse(due), leftMs),
    delaySeconds: Math.round(delayMs / 1000),
  };
}

Deno.test("trains are where a naive look at the wire says, on legs and at stations, at any hour", async () => {
  let legs = 0, halts = 0;
  for (const hours of [0, 5, 11, 19]) {
    const simulated = [...simulateTrains({ seed: 5, trains: 700, atMs: AT_MS + hours * 3_600_000 })]
      .filter(({ departureDate }) => departureDate === DATE);
    const expected = simulated.flatMap((train) => {
      const place = naivePlace(train);
      return place === null ? [] : [[train.trainNumber, place] as const];
    });
    const found = liveTrains(DATE, await rowsOfTrains(simulated, AT_MS));
    const places = found.map(({ id, from, to, leftMs, dueMs, delaySeconds }) => {
      return [Number(id.split("/")[1]), { from, to, leftMs, dueMs, delaySeconds }] as const;
    });
    assertEquals(new Map(places), new Map(expected));
    legs += found.filter(({ from, to }) => from !== to).length;
    halts += found.filter(({ from, to }) => from === to).length;
  }
  assert(legs > 50 && halts > 5, `${legs} on legs, ${halts} at stations`);
});

const TRAIN: LiveTrain = {
  ...{ id: "2026-02-17/27", name: "IC 27", kind: "longDistance", from: "HKI", to: "PSL" },
  ...{ leftMs: AT_MS, dueMs: AT_MS + 300_000, delaySeconds: 300, isOnTime: true },
};

Deno.test("trains are counted by kind, on time by the limits of their kind, and the latest are named", () => {
  const other: LiveTrain = { ...TRAIN, id: "2026-02-17/9", name: "X 9", kind: null };
  const late = (id: string, delaySeconds: number): LiveTrain => ({
    ...TRAIN,
    id,
    delaySeconds,
    isOnTime: false,
  });
  const figures = liveFigures([TRAIN, late("b", 400), late("a", 900), late("c", 400), other]);
  assertEquals([figures.running, figures.onTime], [5, 2]);
  assertEquals(figures.kinds, [
    { kind: "longDistance", name: "long-distance", running: 4, onTime: 1 },
    { kind: "other", name: "other", running: 1, onTime: 1 },
  ]);
  assertEquals(figures.latest.map(({ id }) => id), ["a", "b", "c"]);
});

Deno.test("a train that was due an hour ago and is not heard of is not said to run", () => {
  assertEquals(runningAt([TRAIN], TRAIN.dueMs + 3_600_000).length, 1);
  assertEquals(runningAt([TRAIN], TRAIN.dueMs + 3_600_001).length, 0);
  assertEquals(runningAt([TRAIN], TRAIN.leftMs - 3_600_001).length, 0);
});
