/** A follower in fair weather: what it asks, what it publishes, what it leaves alone. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { FeedWorld, missedTrains, RIGHTS, unchangingTrains } from "./feed_rig.ts";

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
    assertEquals(await missedTrains(world, unchangingTrains(world)), []);
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
    const costs: (readonly unknown[])[] = [];
    const onStep = ({ kind }: { readonly kind: string }) => {
      const { ino } = Deno.statSync(world.statePath);
      if (kind === "live") costs.push([ino, world.calls.publish, world.calls.topicOffsets]);
    };
    // Until just before all trains are asked for again.
    await world.follow(5 * MINUTE_MS - 1_000, { onStep });
    assert(costs.length >= 14 && costs.length <= 20, `${costs.length} polls`);
    // Each record is another file.
    assertEquals(new Set(costs.map((each) => each.join())).size, 1, costs.join("\n"));
    assertEquals(world.requests.length, costs.length + 3);
  },
});
