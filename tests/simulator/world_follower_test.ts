import { assertEquals, assertGreater } from "@std/assert";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { worldInWeather } from "../../lib/simulator/weather/rebases.ts";
import { departureDay, helsinkiDate } from "../../lib/simulator/world/departure_day.ts";
import { type LivingWorld, openWorld } from "../../lib/simulator/world/open_world.ts";
import type { World } from "../../lib/simulator/world/world.ts";
import { worldTrains } from "../../lib/simulator/world/world_trains.ts";

const MINUTE_MS = 60_000;
const POLL_MS = 3 * MINUTE_MS;
const HOUR_MS = 3_600_000;
const WORLD: World = { seed: 4, trains: 50 };
/** With the night in which Helsinki's clock is moved. */
const FROM_MS = Date.parse("2026-03-27T12:00:00Z");
const UNTIL_MS = Date.parse("2026-03-31T18:00:00Z");

const BREAK_MS = Date.parse("2026-03-29T06:00:00Z");

/** What it leaves out. */
interface Habits {
  readonly withoutFull?: boolean;
  readonly withoutDates?: boolean;
  readonly breakHours?: number;
  readonly withoutCatchUp?: boolean;
}

/** A cursor that is above all that the API has tells of a re-base: from there everything is new, past dates too. */
class Table {
  readonly held = new Map<string, SimulatedTrain>();
  #base = new Map<string, number>();
  cursor = 0;

  /** Takes what is newer; gives the newest version of the answer. */
  take(trains: Iterable<SimulatedTrain>): number {
    let newest = 0;
    for (const train of trains) {
      newest = Math.max(newest, train.version);
      const key = `${train.departureDate}/${train.trainNumber}`;
      if (train.version <= (this.#base.get(key) ?? 0)) continue;
      this.held.set(key, train);
      this.#base.set(key, train.version);
    }
    return newest;
  }

  /** True when it was a re-base. */
  takeFull(trains: readonly SimulatedTrain[]): boolean {
    const isRebased = Math.max(...trains.map((train) => train.version)) < this.cursor;
    if (isRebased) {
      this.#base = new Map();
      this.cursor = 0;
    }
    this.cursor = Math.max(this.cursor, this.take(trains));
    return isRebased;
  }
}

/** Worlds answer alike whoever asks, and what was worked out for one follower serves the next. */
const LIVING = openWorld(WORLD);

/** Follows the world as `worldTrains` says that a follower must, without any HTTP; gives what it holds in the end. */
function follow(living: LivingWorld, habits: Habits = {}): ReadonlyMap<string, SimulatedTrain> {
  const table = new Table();
  let asked = "";
  for (let atMs = FROM_MS; atMs <= UNTIL_MS; atMs += POLL_MS) {
    if (atMs === BREAK_MS && habits.breakHours !== undefined) {
      atMs += habits.breakHours * HOUR_MS;
      if (!habits.withoutCatchUp) {
        for (let page = table.cursor; page > 0;) page = table.take(living.changedTrains(atMs, page));
      }
    }
    table.cursor = Math.max(table.cursor, table.take(living.liveTrains(atMs, table.cursor)));
    const isRebased = !habits.withoutFull && atMs % (15 * MINUTE_MS) === 0 &&
      table.takeFull([...living.liveTrains(atMs, 0)]);
    const today = helsinkiDate(atMs - 2 * HOUR_MS);
    for (let day = -7; isRebased && day <= 1; day++) {
      table.take(living.trainsOf(departureDay(today, day).date, atMs));
    }
    if (today === asked || habits.withoutDates) continue;
    asked = today;
    for (const date of [departureDay(today, -1).date, today]) table.take(living.trainsOf(date, atMs));
  }
  return table.held;
}

const truths = new Map<World, readonly SimulatedTrain[]>();

function truthOf(world: World): readonly SimulatedTrain[] {
  const span = { from: "2026-03-26", to: "2026-03-30", atMs: UNTIL_MS };
  const truth = truths.get(world) ?? [...worldTrains(world, span)];
  truths.set(world, truth);
  return truth;
}

/** Trains of the days that change no more by the rule of which the table holds something else than the truth. */
function wrongTrains(held: ReadonlyMap<string, SimulatedTrain>, world = WORLD): readonly string[] {
  return truthOf(world)
    .filter((train) => {
      const told = held.get(`${train.departureDate}/${train.trainNumber}`);
      return JSON.stringify(told) !== JSON.stringify(train);
    })
    .map((train) => `${train.departureDate}/${train.trainNumber}`);
}

Deno.test({
  name:
    "a follower that does as the truth says ends with the truth, also over a moved clock and after a break",
  permissions: "none",
  fn: () => {
    assertEquals(wrongTrains(follow(LIVING)), []);
    assertEquals(wrongTrains(follow(LIVING, { breakHours: 20 })), []);
    assertEquals(wrongTrains(follow(LIVING, { breakHours: 3.75, withoutCatchUp: true })), []);
  },
});

Deno.test({
  name: "over re-bases it ends with the truth, versions and all, also where no page can hold a burst",
  permissions: "none",
  fn: () => {
    const weather = { seed: 9, fromMs: FROM_MS, untilMs: UNTIL_MS, roundMs: 36 * HOUR_MS };
    const world = worldInWeather({ ...WORLD, trainsPerVersion: 30 }, weather);
    assertGreater(world.rebases?.length ?? 0, 2);
    assertEquals(wrongTrains(follow(openWorld(world)), world), []);
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
    const wrong = careless.map((habits) => wrongTrains(follow(LIVING, habits)).length);
    for (const count of wrong) assertGreater(count, 0);
    assertGreater(wrong[2] ?? 0, wrong[1] ?? 0);
  },
});
