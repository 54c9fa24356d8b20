/** A follower in fair weather: what it asks, what it publishes, what it leaves alone. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { FeedWorld, missedTrains, RIGHTS, settledTrains } from "./feed_rig.ts";

const MINUTE_MS = 60_000;

Deno.test({
  name: "all live trains, changed or drifted into the window, are in the topic as the API has them",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(3 * 60 * MINUTE_MS);
    // The source is still for a moment, so that the last poll has seen all of it.
    world.onTick = () => {};
    await world.follow(6 * MINUTE_MS);
    assertEquals(await missedTrains(world, settledTrains(world)), []);
    const paths = world.requests.map(({ path }) => path.replace(/=\d+$/, "="));
    const count = (path: string) => paths.filter((each) => each === path).length;
    assertGreater(count("/live-trains?version="), 500);
    assert(count("/live-trains") >= 34 && count("/live-trains") <= 40, `${count("/live-trains")}`);
  },
});

Deno.test({
  name: "a feed that does not change costs a question in a quarter of a minute and nothing else",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.onTick = () => {};
    await world.follow(MINUTE_MS);
    const { publish, topicOffsets } = world.calls;
    const { mtime } = await Deno.stat(world.statePath);
    await world.follow(0);
    const before = world.requests.length;
    const again = { ...world.calls };
    await world.follow(4 * MINUTE_MS);
    // It begins with all trains once, as every start does.
    const asked = world.requests.slice(before).filter(({ path }) => path.includes("?version="));
    assert(asked.length >= 11 && asked.length <= 16, `${asked.length}`);
    assertEquals(world.calls.publish, publish);
    assert(world.calls.topicOffsets - again.topicOffsets <= topicOffsets);
    assert(mtime !== null);
  },
});
