import { assertEquals, assertGreater } from "@std/assert";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { departureDay, helsinkiDate } from "../../lib/simulator/world/departure_day.ts";
import { type LivingWorld, openWorld } from "../../lib/simulator/world/open_world.ts";
import type { World } from "../../lib/simulator/world/world.ts";
import { worldTrains } from "../../lib/simulator/world/world_trains.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WORLD: World = { seed: 4, trains: 50 };
/** With the night in which Helsinki's clock is moved. */
const FROM_MS = Date.parse("2026-03-27T12:00:00Z");
const UNTIL_MS = Date.parse("2026-03-31T18:00:00Z");

/** What it leaves out. */
interface Habits {
  readonly withoutFull?: boolean;
  readonly withoutDates?: boolean;
  readonly breakHours?: number;
  readonly withoutCatchUp?: boolean;
}

/** Follows the world as `worldTrains` says that a follower must, without any HTTP; gives what it holds in the end. */
function follow(living: LivingWorld, habits: Habits = {}): ReadonlyMap<string, SimulatedTrain> {
  const held = new Map<string, SimulatedTrain>();
  const breakMs = (habits.breakHours ?? 0) * HOUR_MS;
  const breakFromMs = Date.parse("2026-03-29T06:00:00Z");
  let cursor = 0;
  let asked = "";
  const take = (trains: Iterable<SimulatedTrain>) => {
    let newest = 0;
    for (const train of trains) {
      newest = Math.max(newest, train.version);
      const key = `${train.departureDate}/${train.trainNumber}`;
      if (train.version > (held.get(key)?.version ?? 0)) held.set(key, train);
    }
    return newest;
  };
  for (let atMs = FROM_MS; atMs <= UNTIL_MS; atMs += MINUTE_MS) {
    if (atMs === breakFromMs && breakMs > 0) {
      atMs += breakMs;
      if (!habits.withoutCatchUp) {
        for (let page = cursor; page > 0;) page = take(living.changedTrains(atMs, page));
      }
    }
    cursor = Math.max(cursor, take(living.liveTrains(atMs, cursor)));
    if (!habits.withoutFull && atMs % (15 * MINUTE_MS) === 0) take(living.liveTrains(atMs, 0));
    const today = helsinkiDate(atMs - 2 * HOUR_MS);
    if (today === asked || habits.withoutDates) continue;
    asked = today;
    for (const date of [departureDay(today, -1).date, today]) take(living.trainsOf(date, atMs));
  }
  return held;
}

/** Trains of the days that are settled by the rule of which the table holds something else than the truth. */
function wrongTrains(held: ReadonlyMap<string, SimulatedTrain>): readonly string[] {
  return [...worldTrains(WORLD, { from: "2026-03-26", to: "2026-03-30", atMs: UNTIL_MS })]
    .filter((train) =>
      JSON.stringify(held.get(`${train.departureDate}/${train.trainNumber}`)) !== JSON.stringify(train)
    )
    .map((train) => `${train.departureDate}/${train.trainNumber}`);
}

Deno.test({
  name:
    "a follower that does as the truth says ends with the truth, also over a moved clock and after a break",
  permissions: "none",
  fn: () => {
    assertEquals(wrongTrains(follow(openWorld(WORLD))), []);
    assertEquals(wrongTrains(follow(openWorld(WORLD), { breakHours: 20 })), []);
  },
});

Deno.test({
  name: "a follower that leaves out the full answers, the dates or the catch-up does not",
  permissions: "none",
  fn: () => {
    const careless: readonly Habits[] = [
      { withoutFull: true, withoutDates: true },
      { withoutDates: true },
      { withoutDates: true, breakHours: 20, withoutCatchUp: true },
    ];
    const wrong = careless.map((habits) => wrongTrains(follow(openWorld(WORLD), habits)).length);
    for (const count of wrong) assertGreater(count, 0);
    assertGreater(wrong[2] ?? 0, wrong[1] ?? 0);
  },
});
