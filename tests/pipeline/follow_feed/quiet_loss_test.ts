/** What loses trains, or asks too often, without an error: answers that are empty, one endpoint that fails, wrong clocks. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { readPublishState } from "../../../lib/digitraffic/publish_state.ts";
import { FeedWorld, Kill, missedTrains, mostInAMinute, RIGHTS, type Weather } from "./feed_rig.ts";
import { keyOf } from "./railway.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const none: Weather = () => new Response("[]");
const fair: Weather = (_, answer) => answer();

/** All trains of dates, as the topic should have them. */
function trainsOf({ railway }: FeedWorld, ...dates: readonly string[]): readonly string[] {
  return dates.flatMap((date) => railway.ofDate(date)).map(keyOf);
}

Deno.test({
  name: "an API that has no trains, or none with a version, is asked no more often than for changes",
  permissions: RIGHTS,
  fn: async () => {
    for (const text of ["[]", '[{"trainNumber":1,"departureDate":"2025-02-17"}]']) {
      await using world = await FeedWorld.create({ perDate: 5 });
      world.weather = () => new Response(text);
      await world.follow(30 * MINUTE_MS);
      assert(world.requests.length <= 140, `${world.requests.length} requests in half an hour of ${text}`);
    }
  },
});

Deno.test({
  name: "live trains that fail alone make no loop of catching up",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(10 * MINUTE_MS);
    const before = world.requests.length, said = world.lines.length;
    const endMs = world.truthMs + 2 * HOUR_MS;
    world.weather = (path, answer) =>
      path.startsWith("/live-trains") && world.truthMs < endMs
        ? new Response("no", { status: 500 })
        : answer();
    await world.follow(2 * HOUR_MS);
    assert(world.requests.length - before < 120, `${world.requests.length - before} requests in two hours`);
    assert(world.lines.length - said <= 4, world.lines.slice(said).join("\n"));
    await world.follow(30 * MINUTE_MS);
    assertEquals((await world.feed())?.catchUp, null);
  },
});

Deno.test({
  name:
    "an API that has lost all trains for an hour, before the daily comparison or after a break, costs none",
  permissions: RIGHTS,
  fn: async () => {
    for (const isBreak of [false, true]) {
      // Half an hour before trains of today and yesterday are compared.
      await using world = await FeedWorld.create({ startMs: Date.parse("2025-02-17T02:30:00Z") });
      await world.follow(10 * MINUTE_MS);
      const leaving = world.railway.live(world.truthMs).map(keyOf);
      world.weather = none;
      if (isBreak) world.pass(HOUR_MS);
      const endMs = world.truthMs + HOUR_MS + 40 * MINUTE_MS;
      world.weather = (path, answer) => world.truthMs < endMs ? none(path, answer) : answer();
      world.onTick = () => {};
      world.railway.change([...leaving, ...trainsOf(world, "2025-02-16", "2025-02-17")]);
      const said = world.lines.length;
      await world.follow(3 * HOUR_MS);
      assertEquals(await missedTrains(world, trainsOf(world, "2025-02-16", "2025-02-17")), []);
      assert(world.lines.length - said <= 4, world.lines.slice(said).join("\n"));
    }
  },
});

Deno.test({
  name: "a departure date that cannot be had keeps no other from being compared",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.onTick = () => {};
    world.weather = (path, answer) =>
      path.startsWith("/trains/2025-02-17") ? new Response("too much", { status: 500 }) : answer();
    await world.follow(HOUR_MS);
    assertEquals(await missedTrains(world, trainsOf(world, "2025-02-16")), []);
    const failed = world.requests.filter(({ path }) => path.startsWith("/trains/2025-02-17")).length;
    assert(failed >= 8 && failed <= 20, `${failed} requests`);
    world.weather = fair;
    await world.follow(10 * MINUTE_MS);
    assertEquals(await missedTrains(world, trainsOf(world, "2025-02-17")), []);
  },
});

Deno.test({
  name:
    "a machine that starts with the clock of its last end, or of 1970, loses no day once the clock is right",
  permissions: RIGHTS,
  fn: async () => {
    for (const clock of ["last end", "1970"]) {
      await using world = await FeedWorld.create({
        startMs: Date.parse("2025-02-15T10:00:00Z"),
        perDate: 30,
      });
      await world.follow(30 * MINUTE_MS);
      const endMs = world.nowMs;
      world.pass(2 * DAY_MS);
      world.onTick = () => {};
      const dates = ["2025-02-14", "2025-02-15", "2025-02-16", "2025-02-17"];
      world.railway.change(trainsOf(world, ...dates));
      world.nowMs = clock === "1970" ? 0 : endMs + MINUTE_MS;
      await world.follow(5 * MINUTE_MS);
      world.nowMs = world.truthMs;
      await world.follow(20 * MINUTE_MS);
      assertEquals(await missedTrains(world, trainsOf(world, ...dates)), [], clock);
    }
  },
});

Deno.test({
  name:
    "a clock that was years ahead leaves a state that can be read, and no questions for dates that are far off",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create({ perDate: 20 });
    world.onTick = () => {};
    await world.follow(10 * MINUTE_MS);
    for (let year = 1; year <= 20; year++) {
      world.nowMs = world.truthMs + year * 365 * DAY_MS;
      await world.follow(2 * MINUTE_MS);
    }
    world.nowMs = world.truthMs;
    await world.follow(20 * MINUTE_MS);
    assertGreater((await readPublishState(world.statePath))[0]?.versions.size ?? 0, 0);
    const before = world.requests.length;
    await world.follow(2 * HOUR_MS);
    const far = world.requests.slice(before).filter(({ path }) => /^\/trains\/20(2[6-9]|[34])/.test(path));
    assertEquals(far, []);
  },
});

Deno.test({
  name: "a new source whose trains are older than what another one gave is warned of, once",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.onTick = () => {};
    await world.follow(10 * MINUTE_MS);
    // The state names another source from now on, and this one's versions are lower.
    const state = await Deno.readTextFile(world.statePath);
    await Deno.writeTextFile(world.statePath, state.replace(/"source":"[^"]*"/, '"source":"http://other"'));
    for (const train of world.railway.trains.values()) train.version -= 1_000_000;
    await world.follow(20 * MINUTE_MS);
    assertEquals(world.lines.filter((line) => line.includes("the source has gone back")).length, 1);
  },
});

Deno.test({
  name: "a follower that is started again as soon as it ends keeps the pace all the same",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create({ perDate: 5 });
    for (let start = 1; start <= 60; start++) {
      await world.follow(MINUTE_MS, {
        onStep: () => {
          throw new Kill("at once");
        },
      });
      world.pass(500);
    }
    assert(mostInAMinute(world) <= 30, `${mostInAMinute(world)} requests in a minute`);
  },
});
