/** What is asked beside the live trains: changes after a break, all trains of a date, and what is odd in them. */
import { assert, assertEquals } from "@std/assert";
import { FeedWorld, missedTrains, RIGHTS } from "./feed_rig.ts";
import { keyOf } from "./railway.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

Deno.test({
  name: "after a night off it gets what changed meanwhile, of the dates that matter alone",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(20 * MINUTE_MS);
    const before = new Map([...world.railway.trains.values()].map((train) => [keyOf(train), train.version]));
    const published = (await world.published()).length;
    world.pass(9 * HOUR_MS);
    world.onTick = () => {};
    await world.follow(15 * MINUTE_MS);
    const changed = [...world.railway.trains.values()].filter((train) =>
      train.version !== before.get(keyOf(train))
    );
    const matter = new Set(["2025-02-16", "2025-02-17", "2025-02-18"]);
    assertEquals(
      await missedTrains(world, changed.filter(({ date }) => matter.has(date)).map(keyOf)),
      [],
    );
    const since = (await world.texts()).slice(0).map(({ key }) => key.slice(0, 10));
    assertEquals(new Set(since).difference(matter).size, 0);
    assert(since.length > published);
    assertEquals((await world.feed())?.catchUp, null);
  },
});

Deno.test({
  name: "more trains of one version than a page holds are compared by their dates",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(20 * MINUTE_MS);
    world.pass(HOUR_MS);
    const { railway } = world;
    const burst = [...railway.trains.values()].filter(({ date }) => date >= "2025-02-16").map(keyOf);
    railway.change(burst);
    world.pass(HOUR_MS);
    world.onTick = () => {};
    await world.follow(20 * MINUTE_MS);
    const matter = burst.filter((key) => key < "2025-02-19");
    assertEquals(await missedTrains(world, matter), []);
    const asked = new Set(world.requests.map(({ path }) => path.split("?")[0]));
    assert(asked.has("/trains/2025-02-18") && !asked.has("/trains/2025-02-19"));
  },
});

Deno.test({
  name: "each day yesterday and today are compared once more, and deleted trains come with them",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create({ perDate: 20 });
    world.onTick = () => {};
    await world.follow(10 * MINUTE_MS);
    const count = () => world.requests.filter(({ path }) => path.startsWith("/trains/")).length;
    assertEquals(count(), 2);
    // In the night a train of today is deleted that was live before.
    const [key = ""] = world.railway.live(world.truthMs).map(keyOf);
    Object.assign(world.railway.trains.get(key) ?? {}, { deleted: true });
    world.railway.change([key]);
    await world.follow(20 * HOUR_MS, { everyMs: 300_000, fullEveryMs: 600_000 });
    // The new day at midnight, both dates in the morning.
    assertEquals(count(), 5);
    assertEquals(await missedTrains(world, [key]), []);
    assertEquals(world.figures.counts.deleted, 1);
  },
});

Deno.test({
  name: "what names no train, or has no version, is published once by a follower, not with each answer",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create({ perDate: 5 });
    const odd = ["7", '{"trainNumber":1,"departureDate":"2025-02-17","version":"x"}'];
    world.weather = async (path, answer) => {
      const text = await answer().text();
      if (path !== "/live-trains") return new Response(text);
      return new Response(text === "[]" ? `[${odd.join(",")}]` : text.replace("]", `,${odd.join(",")}]`));
    };
    await world.follow(30 * MINUTE_MS);
    const texts = (await world.texts()).map(({ text }) => text);
    for (const each of odd) assertEquals(texts.filter((text) => text === each).length, 1, each);
  },
});
