/** Whatever the weather, and whenever it is killed: in the end the topic has the truth. */
import { assertEquals, assertGreater } from "@std/assert";
import { BrokerError } from "../../../lib/errors.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { rounds } from "../../rounds.ts";
import {
  FeedWorld,
  Kill,
  missedTrains,
  mostInAMinute,
  RIGHTS,
  unchangingTrains,
  type Weather,
} from "./feed_rig.ts";
import { keyOf } from "./railway.ts";

const MINUTE_MS = 60_000;
const SEEDS = rounds(6);

/** Weather by chance: one kind for a while, then another; mostly fair. */
function changeable(world: FeedWorld, random: () => number): Weather {
  const cache = new Map<string, string>();
  const kinds: readonly Weather[] = [
    () => Promise.reject(new TypeError("connection reset")),
    () => new Response("slow down", { status: 429 }),
    () => new Response("<html>", { status: random() < 0.5 ? 200 : 502 }),
    async (_, answer) => {
      const text = await answer().text();
      return new Response(text.slice(0, Math.floor(text.length * random())));
    },
    async (path, answer) => {
      const text = cache.get(path) ?? await answer().text();
      cache.set(path, text);
      return new Response(text);
    },
    () => new Response('{"code":"TOO_OLD","errorMessage":"no"}', { status: 400 }),
    () => new Response("[]"),
    (path, answer) => path.startsWith("/live-trains") ? new Response("no", { status: 500 }) : answer(),
    (path, answer) => path.startsWith("/trains/") ? new Response("[]") : answer(),
  ];
  let untilMs = 0;
  let kind: Weather | undefined;
  return (path, answer) => {
    if (world.truthMs >= untilMs) {
      untilMs = world.truthMs + random() * 10 * MINUTE_MS;
      kind = random() < 0.6 ? undefined : kinds[Math.floor(random() * kinds.length)];
      cache.clear();
    }
    return kind === undefined ? answer() : kind(path, answer);
  };
}

Deno.test({
  name:
    "in random weather and killed at random moments, a follower misses no train that was live or reconciled",
  permissions: RIGHTS,
  fn: async () => {
    let kills = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed, 99);
      await using world = await FeedWorld.create({ seed, perDate: 40 });
      const live = new Set<string>();
      world.onTick = (truthMs) => {
        world.railway.batch(truthMs);
        if (random() < 0.001) {
          world.nowMs += Math.floor((random() - 0.5) * (random() < 0.2 ? 6 * 86_400_000 : 7_200_000));
        }
        for (const train of world.railway.live(truthMs)) live.add(keyOf(train));
      };
      world.weather = changeable(world, random);
      let state: string | null = null;
      const die = async (what: string) => {
        state = await Deno.readTextFile(world.statePath).catch(() => null);
        throw new Kill(what);
      };
      world.publish = (broker) => async (topic, messages) => {
        if (random() < 0.02) await die("before the broker has it");
        if (random() < 0.02) throw new BrokerError("Cannot publish: no leader", { retriable: true });
        const receipt = await broker.publish(topic, messages);
        if (random() < 0.02) await die("before it is recorded");
        return receipt;
      };
      const onStep = () => {
        if (random() < 0.01) throw new Kill("after it is recorded");
      };
      const end = world.truthMs + 5 * 60 * MINUTE_MS;
      while (world.truthMs < end) {
        if (!await world.follow(end - world.truthMs, { onStep })) break;
        kills++;
        // What is written after the kill was never written.
        if (state !== null) await Deno.writeTextFile(world.statePath, state);
        state = null;
        world.pass(random() < 0.1 ? random() * 90 * MINUTE_MS : 5_000);
      }
      world.weather = (_, answer) => answer();
      world.publish = (broker) => (topic, messages) => broker.publish(topic, messages);
      await world.follow(20 * MINUTE_MS);
      world.onTick = () => {};
      world.nowMs = world.truthMs;
      await world.follow(20 * MINUTE_MS);
      // Each start after a kill has a pace of its own, and waits for its first turn.
      assertEquals(mostInAMinute(world) <= 30, true, `${mostInAMinute(world)} requests in a minute`);
      // Of those that left the window the last change may have come after their last poll: the daily comparison knows.
      world.pass(20 * 60 * MINUTE_MS);
      await world.follow(20 * MINUTE_MS);
      assertEquals(
        await missedTrains(world, new Set([...live, ...unchangingTrains(world)])),
        [],
        `seed ${seed}`,
      );
    }
    assertGreater(kills, 5 * SEEDS);
  },
});
