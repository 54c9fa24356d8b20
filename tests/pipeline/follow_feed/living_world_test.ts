/** The follower in the simulator's living world: night jobs, re-timed, cancelled, deleted and hidden trains. */
import { assertEquals, assertGreater } from "@std/assert";
import { openWorld } from "../../../lib/simulator/world/open_world.ts";
import { FeedWorld, RIGHTS } from "./feed_rig.ts";
import { worldAnswer } from "./world_answer.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2025-02-17T18:00:00Z");

for (
  const [what, options] of Object.entries({
    "whose night job makes a version too large for a page": { trainsPerVersion: 30 },
    "that is set up anew in the night": { rebases: [{ atMs: START_MS + 7 * HOUR_MS, lowerBy: 100_000_000 }] },
  })
) {
  Deno.test({
    name: `in a living world ${what} all trains of a day are in the topic as the API has them`,
    permissions: RIGHTS,
    fn: async () => {
      const living = openWorld({ seed: 3, trains: 40, ...options });
      await using world = await FeedWorld.create({ startMs: START_MS });
      world.onTick = () => {};
      let endMs = Infinity;
      world.weather = (path) => new Response(worldAnswer(living, path, Math.min(world.truthMs, endMs)));
      const rhythm = { everyMs: 60_000, fullEveryMs: 600_000, chunkBytes: 1_000_000 };
      await world.follow(10 * HOUR_MS, rhythm);
      world.pass(2 * HOUR_MS);
      await world.follow(4 * HOUR_MS, rhythm);
      // The world stops, and the next comparison is of all of its day.
      endMs = world.truthMs;
      await world.follow(26 * HOUR_MS, { ...rhythm, everyMs: 600_000, fullEveryMs: 3_600_000 });
      const last = new Map((await world.texts()).map(({ key, text }) => [key, text]));
      const truth = [...living.trainsOf("2025-02-18", endMs)];
      const wrong = truth.filter((train) =>
        last.get(`${train.departureDate}/${train.trainNumber}`) !== JSON.stringify(train)
      );
      assertGreater(truth.length, 30);
      assertEquals(wrong.map(({ trainNumber }) => trainNumber), []);
      assertEquals(world.figures.counts.resyncs, "rebases" in options ? 1 : 0);
    },
  });
}
