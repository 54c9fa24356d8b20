import { assert, assertEquals, assertGreater, assertGreaterOrEqual, assertThrows } from "@std/assert";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { departureDay, helsinkiDate } from "../../lib/simulator/world/departure_day.ts";
import { isInWindow } from "../../lib/simulator/world/live_window.ts";
import { type LivingWorld, openWorld } from "../../lib/simulator/world/open_world.ts";
import type { World } from "../../lib/simulator/world/world.ts";
import { openWorldDays } from "../../lib/simulator/world/world_days.ts";
import { worldTrains } from "../../lib/simulator/world/world_trains.ts";
import { rounds } from "../rounds.ts";

const HOUR_MS = 3_600_000;
const AT_MS = Date.parse("2026-03-10T10:00:00Z");
const WORLD: World = { seed: 1, trains: 60 };

function moments(count: number, hours: number): readonly number[] {
  const random = seededRandom(7);
  return Array.from({ length: rounds(count) }, () => AT_MS + Math.floor(random() * hours * HOUR_MS))
    .sort((a, b) => a - b);
}

/** Every train that the API has, the naive way: date by date. */
function allTrains(world: World, atMs: number): readonly SimulatedTrain[] {
  const today = helsinkiDate(atMs);
  const [from, to] = [departureDay(today, -20).date, departureDay(today, 12).date];
  return [...worldTrains(world, { from, to, atMs })];
}

function pages(living: LivingWorld, atMs: number, sinceVersion: number): readonly SimulatedTrain[] {
  const found: SimulatedTrain[] = [];
  for (let cursor = sinceVersion;;) {
    const page = [...living.changedTrains(atMs, cursor)];
    if (page.length === 0) return found;
    found.push(...page);
    cursor = Math.max(...page.map((train) => train.version));
  }
}

function name(train: SimulatedTrain): string {
  return `${train.departureDate}/${train.trainNumber}/${train.version}`;
}

Deno.test({
  name: "a version never falls, and rises when a train is told anew",
  permissions: "none",
  fn: () => {
    const living = openWorld(WORLD);
    const last = new Map<number, SimulatedTrain>();
    let rises = 0;
    for (const atMs of moments(60, 30)) {
      for (const train of living.trainsOf("2026-03-10", atMs)) {
        const before = last.get(train.trainNumber);
        if (before !== undefined) assertGreaterOrEqual(train.version, before.version);
        if (before !== undefined && train.version === before.version) {
          assertEquals(JSON.stringify(train), JSON.stringify(before));
        } else rises++;
        last.set(train.trainNumber, train);
      }
    }
    assertGreater(rises, 100);
  },
});

Deno.test({
  name: "the live trains are those of three dates with an event in the window that are not hidden or deleted",
  permissions: "none",
  fn: () => {
    const days = openWorldDays(WORLD);
    const living = openWorld(WORLD);
    let hidden = 0;
    for (const atMs of moments(60, 24)) {
      const today = helsinkiDate(atMs);
      const dates = [-1, 0, 1].map((plus) => departureDay(today, plus).date);
      const expected = dates.flatMap((date) => [...living.trainsOf(date, atMs)]).filter((train) => {
        if (train.deleted === true || !isInWindow(train, atMs)) return false;
        const life = days(train.departureDate).find((each) => each.trainNumber === train.trainNumber)?.life;
        const away = life?.fate.hidden;
        if (!away || atMs < away.fromMs || atMs >= away.untilMs) return true;
        hidden++;
        return false;
      });
      assertEquals([...living.liveTrains(atMs, 0)].map(name), expected.map(name));
      const cursor = expected[expected.length >> 1]?.version ?? 0;
      assertEquals(
        [...living.liveTrains(atMs, cursor)],
        expected.filter((train) => train.version > cursor),
      );
    }
    assertGreater(hidden, 0);
  },
});

Deno.test({
  name: "a poller of versions alone misses trains that come into the window unchanged, or come back",
  permissions: "none",
  fn: () => {
    const living = openWorld(WORLD);
    const before = new Set([...living.liveTrains(AT_MS, 0)].map(name));
    const later = [...living.liveTrains(AT_MS + HOUR_MS, 0)];
    const cursor = Math.max(...[...living.liveTrains(AT_MS, 0)].map((train) => train.version));
    const missed = later.filter((train) => !before.has(name(train)) && train.version <= cursor);
    assertGreater(missed.length, 0);
  },
});

Deno.test({
  name: "pages of changes glued together are all trains with a higher version, ordered by it",
  permissions: "none",
  fn: () => {
    const world = { ...WORLD, trainsPerVersion: 250 };
    const living = openWorld(world);
    const all = allTrains(world, AT_MS);
    const newest = Math.max(...all.map((train) => train.version));
    for (const hours of [0.01, 3, 30, 100, 400]) {
      const since = newest - hours * HOUR_MS;
      const expected = all.filter((train) => train.version > since)
        .sort((a, b) => a.version - b.version || Number(name(a) > name(b)) - Number(name(a) < name(b)));
      const found = pages(living, AT_MS, since);
      assertEquals(found.map(name).sort(), expected.map(name).sort());
      assertEquals(found.map((train) => train.version), expected.map((train) => train.version));
      assert(hours < 100 || found.length > 250);
      assert(hours < 100 || found.some((train) => train.deleted === true));
    }
  },
});

Deno.test({
  name: "without a version there are the trains of the newest",
  permissions: "none",
  fn: () => {
    const living = openWorld(WORLD);
    for (const atMs of moments(5, 24)) {
      const all = allTrains(WORLD, atMs);
      const newest = Math.max(...all.map((train) => train.version));
      assertEquals(
        [...living.changedTrains(atMs, null)].map(name).sort(),
        all.filter((train) => train.version === newest).map(name).sort(),
      );
    }
  },
});

Deno.test({
  name:
    "a burst of as many trains as a version may have is in no page; what is left of it is in the next version",
  permissions: "none",
  fn: () => {
    const world = { ...WORLD, trainsPerVersion: 40 };
    const atMs = departureDay("2026-03-10").momentMs((23 * 60 + 16) * 60);
    const living = openWorld(world);
    const burst = [...living.trainsOf("2026-03-21", atMs)];
    const [first, second, ...more] = [...new Set(burst.map((train) => train.version))].sort((a, b) => a - b);
    assertEquals([more.length, burst.filter((train) => train.version === first).length], [0, 40]);
    const found = pages(living, atMs, (first ?? 0) - 1).map((train) => train.version);
    assert(!found.includes(first ?? 0));
    assertEquals(
      found.filter((version) => version === second).length,
      burst.filter((train) => train.version === second).length,
    );
  },
});

Deno.test({
  name: "several trains share a version",
  permissions: "none",
  fn: () => {
    const versions = [...openWorld({ seed: 1, trains: 800 }).liveTrains(AT_MS, 0)].map((train) =>
      train.version
    );
    assertGreater(versions.length, new Set(versions).size * 1.2);
  },
});

Deno.test({
  name: "a date has its timetables eleven days before and its trains for 720 days, and no other date has any",
  permissions: "none",
  fn: () => {
    const living = openWorld(WORLD);
    const count = (date: string) => [...living.trainsOf(date, AT_MS)].length;
    assertGreater(count("2026-03-20"), 40);
    assertEquals([count("2026-03-10"), count("2026-03-05")], [60, 60]);
    assertEquals([count("2024-03-20"), count("2024-03-19")], [60, 0]);
    assertEquals([count("2026-03-21"), count("2030-01-01"), count("1999-01-01")], [0, 0, 0]);
    const old = [...living.trainsOf("2024-03-20", AT_MS)];
    assert(old.every((train) => train.runningCurrently === false));
    const one = old[7];
    assertEquals([...living.trainsOf("2024-03-20", AT_MS, one?.trainNumber)], [one]);
    assertEquals([...living.trainsOf("2024-03-20", AT_MS, 99_999)], []);
  },
});

Deno.test({
  name: "from a re-base on all versions are lower, in order as before, and pages go on from lower cursors",
  permissions: "none",
  fn: () => {
    const atMs = AT_MS + HOUR_MS;
    const rebased: World = { ...WORLD, rebases: [{ atMs, lowerBy: 3 * 24 * HOUR_MS }] };
    assertEquals(allTrains(rebased, atMs - 1).map(name), allTrains(WORLD, atMs - 1).map(name));
    const lowered = allTrains(WORLD, atMs).map((train) => ({
      ...train,
      version: train.version - 3 * 24 * HOUR_MS,
    }));
    assert(JSON.stringify(allTrains(rebased, atMs)) === JSON.stringify(lowered));
    const since = Math.max(...lowered.map((train) => train.version)) - 2 * HOUR_MS;
    assertEquals(
      pages(openWorld(rebased), atMs, since).map(name).sort(),
      lowered.filter((train) => train.version > since).map(name).sort(),
    );
    const low: World = { ...WORLD, rebases: [{ atMs, lowerBy: 1e12 }] };
    assert(allTrains(low, atMs).every((train) => train.version === 1));
  },
});

Deno.test({
  name: "worlds that cannot be are refused",
  permissions: "none",
  fn: () => {
    for (const trains of [-1, 1.5, 7_001]) {
      assertThrows(() => openWorld({ seed: 1, trains }), RangeError, "expected 0 to 7000");
    }
    assertThrows(() => openWorld({ seed: 1, trains: 1, trainsPerVersion: 0 }), RangeError, "from 1");
  },
});
