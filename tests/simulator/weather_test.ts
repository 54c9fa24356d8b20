import { assert, assertEquals, assertGreater } from "@std/assert";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { worldInWeather } from "../../lib/simulator/weather/rebases.ts";
import {
  type Spell,
  type Weather,
  WEATHER_KINDS,
  weatherAt,
  weatherSpells,
} from "../../lib/simulator/weather/weather.ts";
import { openWorld } from "../../lib/simulator/world/open_world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FROM_MS = Date.parse("2026-03-10T10:00:00Z");
const WEATHER: Weather = { seed: 1, fromMs: FROM_MS, untilMs: FROM_MS + 12 * DAY_MS };

Deno.test({
  name:
    "every three days have one spell of each kind, none at the same time, and the API is down for an hour",
  permissions: "none",
  fn: () => {
    for (let seed = 0; seed < 20; seed++) {
      const spells = [...weatherSpells({ ...WEATHER, seed })];
      assertEquals(spells.length, 4 * WEATHER_KINDS.length);
      for (let round = 0; round < 4; round++) {
        const inRound = spells.slice(round * WEATHER_KINDS.length, (round + 1) * WEATHER_KINDS.length);
        assertEquals(inRound.map((spell) => spell.kind).sort(), [...WEATHER_KINDS].sort());
      }
      let calmFromMs = FROM_MS + HOUR_MS;
      for (const { kind, fromMs, untilMs } of spells) {
        assert(calmFromMs <= fromMs && fromMs < untilMs);
        if (kind === "down" || kind === "refused") {
          assert(Math.abs(untilMs - fromMs - HOUR_MS) <= 2);
        }
        calmFromMs = untilMs;
      }
    }
  },
});

Deno.test({
  name: "the weather at a moment is the spell that the list has for it, and calm before and after",
  permissions: "none",
  fn: () => {
    const spells = [...weatherSpells(WEATHER)];
    const random = seededRandom(3);
    let stormy = 0;
    for (let draw = 0; draw < 1_000; draw++) {
      const atMs = FROM_MS + Math.floor((random() * 14 - 1) * DAY_MS);
      const expected = spells.find((spell) => spell.fromMs <= atMs && atMs < spell.untilMs) ?? null;
      assertEquals(weatherAt(WEATHER, atMs), expected);
      if (expected !== null) stormy++;
    }
    assertGreater(stormy, 50);
    assertEquals(spells.map((spell) => weatherAt(WEATHER, spell.fromMs)), spells);
  },
});

Deno.test({
  name:
    "the same seed makes the same weather, another one another, and a short round has all of it in its time",
  permissions: "none",
  fn: () => {
    const list = (weather: Weather) => JSON.stringify([...weatherSpells(weather)]);
    assertEquals(list(WEATHER), list({ ...WEATHER }));
    assert(list(WEATHER) !== list({ ...WEATHER, seed: 2 }));
    const day: Weather = { ...WEATHER, untilMs: FROM_MS + DAY_MS, roundMs: DAY_MS };
    const kinds = new Set([...weatherSpells(day)].map((spell: Spell) => spell.kind));
    assertEquals(kinds.size, WEATHER_KINDS.length);
  },
});

Deno.test({
  name: "each re-base lowers all versions, every second one to low numbers, and they rise again from there",
  permissions: "none",
  fn: () => {
    const plain = { seed: 1, trains: 30 };
    const living = openWorld(worldInWeather(plain, WEATHER));
    const newest = (atMs: number) => [...living.changedTrains(atMs, null)][0]?.version ?? 0;
    const rebases = [...weatherSpells(WEATHER)].filter((spell) => spell.kind === "rebase");
    assertEquals(rebases.length, 4);
    for (const [index, { fromMs }] of rebases.entries()) {
      const [before, after] = [newest(fromMs - 1), newest(fromMs)];
      assertGreater(before, after);
      assertGreater(after, 1);
      if (index === 1) assert(after <= 3_000_000_000);
      assertGreater(newest(fromMs + 600_000), after);
    }
  },
});

Deno.test({
  name: "a world that was set up anew before keeps versions above the least in any weather",
  permissions: "none",
  fn: () => {
    const own = { atMs: FROM_MS - DAY_MS, lowerBy: 320_000_000_000 };
    const world = worldInWeather({ seed: 1, trains: 30, rebases: [own] }, WEATHER);
    assertGreater(world.rebases?.length ?? 0, 3);
    const living = openWorld(world);
    for (const { atMs } of world.rebases ?? []) {
      const versions = [...living.liveTrains(atMs, 0)].map((train) => train.version);
      assertGreater(Math.min(...versions), 1);
    }
  },
});
