/** A follower in bad weather: whatever the API, the clock or the broker does, it stays, says so once and misses nothing. */
import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import type { Broker } from "../../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";
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
const HOUR_MS = 60 * MINUTE_MS;

/** Follows through the weather, then in fair weather until all that can be known is known. */
async function weather(world: FeedWorld, milliseconds: number, through: Weather): Promise<void> {
  await world.follow(10 * MINUTE_MS);
  world.weather = through;
  await world.follow(milliseconds);
  world.weather = (_, answer) => answer();
  await world.follow(20 * MINUTE_MS);
  world.onTick = () => {};
  await world.follow(20 * MINUTE_MS);
  assertEquals(await missedTrains(world, unchangingTrains(world)), []);
}

function status(code: number, headers: Record<string, string> = {}): Response {
  return new Response("no", { status: code, headers });
}

const down: Weather = () => Promise.reject(new TypeError("error sending request: connection refused"));

Deno.test({
  name: "an API that is down for an hour is two lines, few requests, and a catching up",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(10 * MINUTE_MS);
    const before = world.requests.length;
    const changed = new Set<string>();
    world.onTick = (truthMs) => {
      world.railway.batch(truthMs);
      for (const train of world.railway.live(truthMs)) changed.add(keyOf(train));
    };
    world.weather = down;
    const { lines } = world;
    const said = lines.length;
    // One follower lives through it.
    const end = world.truthMs + HOUR_MS;
    world.weather = (_, answer) => world.truthMs < end ? down("", answer) : answer();
    await world.follow(HOUR_MS + 30 * MINUTE_MS);
    const tried = world.requests.filter(({ atMs }) => atMs < 1_000 + 70 * MINUTE_MS).length - before;
    assert(tried > 20 && tried < 70, `${tried} requests while it was down`);
    assertEquals(lines.slice(said).map((line) => line.split(/[:,(]/)[0]), [
      "The API does not answer as it should",
      "Catching up",
      "Caught up with 5 pages of changes; 2 departure dates to compare as a whole",
      "The API answers again",
    ]);
    world.onTick = () => {};
    await world.follow(20 * MINUTE_MS);
    assertEquals(await missedTrains(world, changed), []);
  },
});

Deno.test({
  name: "429 for an hour makes the waits grow, and Retry-After is kept",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const asked: number[] = [];
    await weather(world, HOUR_MS, () => {
      asked.push(world.monotonicMs);
      return status(429);
    });
    assert(asked.length >= 4 && asked.length <= 9, `${asked.length} requests in an hour of 429`);
    const waits = asked.slice(1).map((atMs, i) => atMs - (asked[i] ?? 0));
    assert(waits.every((ms, i) => ms >= 60_000 && (i === 0 || ms > 0.7 * (waits[i - 1] ?? 0))), waits.join());
    const patient: number[] = [];
    await weather(world, HOUR_MS, () => {
      patient.push(world.monotonicMs);
      return status(503, { "Retry-After": "1200" });
    });
    assert(patient.length <= 4, `${patient.length} requests although it asks to wait 20 minutes`);
  },
});

Deno.test({
  name: "an answer that is cut off, HTML, an error with status 200, or no answer in time, publishes nothing",
  permissions: RIGHTS,
  fn: async () => {
    const kinds: Readonly<Record<string, Weather>> = {
      cut: async (_, answer) => new Response((await answer().text()).slice(0, -20)),
      html: () => new Response("<html><body>Down for maintenance</body></html>"),
      error: () => new Response('{"code":"TRAIN_NOT_FOUND","errorMessage":"none"}'),
      late: () => Promise.reject(new DOMException("timed out", "TimeoutError")),
      odd: () => status(500),
    };
    for (const [kind, through] of Object.entries(kinds)) {
      await using world = await FeedWorld.create({ perDate: 20 });
      await world.follow(5 * MINUTE_MS);
      const before = (await world.published()).length;
      world.weather = through;
      await world.follow(10 * MINUTE_MS);
      assertEquals((await world.published()).length, before, kind);
      assertGreater(world.figures.counts.failures, 3, kind);
      await weather(world, 10 * MINUTE_MS, through);
    }
  },
});

Deno.test({
  name: "answers out of a cache, older ones after newer ones, move no cursor back and lose nothing",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const cache = new Map<string, { readonly text: string; readonly atMs: number }>();
    const cursors: number[] = [];
    await weather(world, 2 * HOUR_MS, async (path, answer) => {
      const cached = cache.get(path);
      cursors.push((await world.feed())?.cursor ?? 0);
      // As long as the API allows, and now and then from another cache.
      if (cached !== undefined && world.truthMs - cached.atMs < 300_000) return new Response(cached.text);
      const text = await answer().text();
      cache.set(path, { text, atMs: world.truthMs });
      return new Response(text);
    });
    assertEquals(cursors, cursors.toSorted((a, b) => a - b));
    assertEquals(world.figures.counts.resyncs, 0);
  },
});

Deno.test({
  name: "a clock on the wall that jumps, forwards or back, costs a catching up and keeps the polls going",
  permissions: RIGHTS,
  fn: async () => {
    for (const jumpMs of [26 * HOUR_MS, -26 * HOUR_MS, 3 * 365 * 24 * HOUR_MS]) {
      await using world = await FeedWorld.create();
      await world.follow(10 * MINUTE_MS);
      const before = world.figures.counts.polls;
      const jumpAt = world.truthMs + 10 * MINUTE_MS;
      let hasJumped = false;
      world.onTick = (truthMs) => {
        world.railway.batch(truthMs);
        if (hasJumped || truthMs < jumpAt) return;
        hasJumped = true;
        world.nowMs += jumpMs;
      };
      await world.follow(30 * MINUTE_MS);
      assertGreater(world.figures.counts.polls - before, 90, `${jumpMs}`);
      assert(mostInAMinute(world) <= 31);
      assertGreater(world.figures.counts.catchUpPages, 0);
      world.nowMs = world.truthMs;
      world.onTick = () => {};
      await world.follow(20 * MINUTE_MS);
      assertEquals(await missedTrains(world, unchangingTrains(world)), []);
    }
  },
});

Deno.test({
  name: "a version that the API refuses is let go: all live trains give the next one",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    let refused = 0;
    await weather(world, 20 * MINUTE_MS, (path, answer) => {
      if (!path.startsWith("/live-trains?version=") || refused++ >= 2) return answer();
      return new Response('{"code":"VERSION_TOO_OLD","errorMessage":"too old"}', { status: 400 });
    });
    assertEquals(world.figures.counts.failures, 2);
    const paths = world.requests.map(({ path, atMs }) => ({ atMs, path: path.split("=")[0] }));
    const at = paths.findIndex(({ atMs, path }) => atMs > 601_000 && path === "/live-trains?version");
    // All live trains at once, not when they are due.
    const [no, next] = paths.slice(at);
    assertEquals([no?.path, next?.path], ["/live-trains?version", "/live-trains"]);
    assert((next?.atMs ?? Infinity) - (no?.atMs ?? 0) <= 2_000);
  },
});

Deno.test({
  name: "a source whose versions fell for good is noticed, said once, and published again",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(20 * MINUTE_MS);
    const { railway } = world;
    railway.version = 1000;
    for (const train of railway.trains.values()) {
      Object.assign(train, { version: 1000 + (train.number % 5), changes: 0 });
    }
    railway.version = 1010;
    await world.follow(30 * MINUTE_MS);
    const warnings = world.lines.filter((line) => line.startsWith("The versions of the source fell"));
    assertEquals([warnings.length, world.figures.counts.resyncs], [1, 1]);
    world.onTick = () => {};
    await world.follow(10 * MINUTE_MS);
    assertEquals(
      (await world.feed())?.cursor,
      railway.live(world.truthMs).reduce((max, { version }) => Math.max(max, version), 0),
    );
    assertEquals(await missedTrains(world, unchangingTrains(world)), []);
    // From here on its versions are the known ones.
    assertEquals((await world.follow(30 * MINUTE_MS), world.figures.counts.resyncs), 1);
  },
});

Deno.test({
  name: "a broker that is down for an hour is said once, and gets afterwards what it missed",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(10 * MINUTE_MS);
    const end = world.truthMs + HOUR_MS;
    const changed = new Set<string>();
    world.onTick = (truthMs) => {
      world.railway.batch(truthMs);
      for (const train of world.railway.live(truthMs)) changed.add(keyOf(train));
    };
    let refused = 0;
    world.publish = (broker) => (topic, messages) => {
      if (world.truthMs >= end || refused++ % 3 === 0) return broker.publish(topic, messages);
      return Promise.reject(new BrokerError("Cannot publish: disk full", { retriable: true }));
    };
    await world.follow(HOUR_MS + 30 * MINUTE_MS);
    const about = world.lines.filter((line) => line.startsWith("The broker"));
    assert(about.length >= 2 && about.length % 2 === 0, about.join("\n"));
    world.onTick = () => {};
    await world.follow(20 * MINUTE_MS);
    assertEquals(await missedTrains(world, changed), []);
  },
});

Deno.test({
  name: "a broker that does not say where its log ends is asked more and more rarely, and then all goes on",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    // It is connected then, and looks before it asks for all live trains.
    const from = world.truthMs + 7 * MINUTE_MS, end = from + 20 * MINUTE_MS;
    let failed = 0;
    world.onTopicOffsets = () => {
      // Whoever asks without a pause would never come to the end.
      if (world.truthMs < from || world.truthMs >= end || failed > 1_000) return;
      failed++;
      throw new BrokerError("Cannot look up offsets: no leader", { retriable: true });
    };
    await world.follow(40 * MINUTE_MS);
    assert(failed > 2 && failed < 100, `${failed}`);
    assertEquals(world.lines.filter((line) => line.startsWith("The broker")).length, 2);
    world.onTick = () => {};
    await world.follow(10 * MINUTE_MS);
    assertEquals(await missedTrains(world, unchangingTrains(world)), []);
  },
});

Deno.test({
  name: "a broker that is down for hours is four lines, however often it is tried",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(10 * MINUTE_MS);
    const end = world.truthMs + 3 * HOUR_MS;
    world.publish = (broker) => (topic, messages) =>
      world.truthMs >= end
        ? broker.publish(topic, messages)
        : Promise.reject(new BrokerError("Cannot publish: no leader", { retriable: true }));
    await world.follow(4 * HOUR_MS);
    assertEquals(world.lines.map((line) => line.split(/[:,(]/)[0]), [
      "The broker does not take messages",
      "Catching up",
      "The broker takes messages again",
      world.lines.at(-1)?.split(/[:,(]/)[0] ?? "",
    ]);
  },
});

Deno.test({
  name: "a broker file that is moved away under a running follower is begun anew with all trains",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(10 * MINUTE_MS);
    const moveAt = world.truthMs + 4 * MINUTE_MS;
    world.onTick = (truthMs) => {
      if (truthMs < moveAt + 15 * MINUTE_MS) world.railway.batch(truthMs);
      if (truthMs !== moveAt) return;
      for (const end of ["", "-wal", "-shm"]) {
        Deno.renameSync(world.brokerPath + end, `${world.folder}/away.db${end}`);
      }
    };
    // One follower lives through it.
    await world.follow(30 * MINUTE_MS);
    assertEquals(await missedTrains(world, unchangingTrains(world)), []);
    // Those too that only the comparison of a date brings.
    const published = new Set(await world.published());
    const ofToday = world.railway.ofDate("2025-02-17").map(keyOf);
    assertEquals(ofToday.filter((key) => !published.has(key)), []);
    assertEquals(world.lines.filter((line) => line.startsWith("Publishing all trains again")).length, 1);
  },
});

Deno.test({
  name: "a topic that is made anew, and takes messages as before, gets all trains with the next full poll",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const paths = [`${world.folder}/first.db`, `${world.folder}/second.db`];
    const open = (path = "") => openEmbeddedBroker({ path, clock: () => world.nowMs });
    const logs = await Promise.all(paths.map(open));
    const madeAnew = world.truthMs + 14 * MINUTE_MS;
    const log = () => logs[world.truthMs < madeAnew ? 0 : 1] as (typeof logs)[number];
    const openBroker = () =>
      Promise.resolve<Broker>({
        ...{ label: "kafka a:9092", logId: () => Promise.resolve(null) },
        ensureTopic: (topic, partitions) => log().ensureTopic(topic, partitions),
        topicOffsets: (topic) => log().topicOffsets(topic),
        forget: (topic, limits) => log().forget(topic, limits),
        publish: async (topic, messages) => {
          await log().ensureTopic(topic, 3);
          return await log().publish(topic, messages);
        },
        read: (topic, ranges, options) => log().read(topic, ranges, options),
        commitOffsets: (group, topic, offsets) => log().commitOffsets(group, topic, offsets),
        committedOffsets: (group, topic) => log().committedOffsets(group, topic),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    // One follower lives through it.
    const stillAt = world.truthMs + 30 * MINUTE_MS;
    world.onTick = (truthMs) => truthMs < stillAt && world.railway.batch(truthMs);
    await world.follow(40 * MINUTE_MS, { openBroker });
    await Promise.all(logs.map((each) => each[Symbol.asyncDispose]()));
    world.brokerPath = paths[1] ?? "";
    assertEquals(await missedTrains(world, unchangingTrains(world)), []);
    assertEquals(world.lines.filter((line) => line.startsWith("Publishing all trains again")).length, 1);
  },
});

Deno.test({
  name: "a state that cannot be written is said once and stops nothing",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    await world.follow(5 * MINUTE_MS);
    await Deno.mkdir(`${world.statePath}.tmp/blocked`, { recursive: true });
    const before = world.figures.counts.published;
    await world.follow(10 * MINUTE_MS);
    assertGreater(world.figures.counts.published, before);
    assertEquals(world.lines.filter((line) => line.includes("cannot be recorded")).length, 1);
    await Deno.remove(`${world.statePath}.tmp`, { recursive: true });
    world.onTick = () => {};
    await world.follow(10 * MINUTE_MS);
    assertEquals(await missedTrains(world, unchangingTrains(world)), []);
  },
});

Deno.test({
  name: "a fault of this program, or of the settings, ends the follower",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.publish = () => () => Promise.reject(new RangeError("a bug"));
    await assertRejects(() => world.follow(MINUTE_MS), RangeError, "a bug");
    world.publish = () => () => Promise.reject(new Kill("kill -9"));
    assertEquals(await world.follow(MINUTE_MS), true);
    const refusing = () => Promise.reject(new BrokerError("Cannot open: no broker's file"));
    await assertRejects(
      () => world.follow(MINUTE_MS, { openBroker: refusing }),
      BrokerError,
      "no broker's file",
    );
  },
});
