/** The follower with trains over MQTT beside REST: sooner the same, whatever is lost on the way. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";
import { openWorldMessages } from "../../../lib/simulator/mqtt/world_messages.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { openWorld } from "../../../lib/simulator/world/open_world.ts";
import { rounds } from "../../rounds.ts";
import { memoryFolder, runProcess } from "../process_rig.ts";
import { readContent, withoutPlace } from "../table_content.ts";
import { FeedWorld, Kill, missedTrains, RIGHTS, unchangingTrains } from "./feed_rig.ts";
import { MadeUpMessages } from "./made_up_messages.ts";
import { keyOf, textOf } from "./railway.ts";
import { worldAnswer } from "./world_answer.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.parse("2025-02-17T18:00:00Z");
const RHYTHM = { everyMs: 60_000, fullEveryMs: 600_000, chunkBytes: 1_000_000 };
/** While nothing happens any more but the daily comparison. */
const SLOW_RHYTHM = { ...RHYTHM, everyMs: 600_000, fullEveryMs: 3_600_000 };

/** Follows a living world for a night and a day, then compares its last date as a whole; with MQTT if it is given. */
async function followWorld(world: FeedWorld, seed: number, messages?: MadeUpMessages): Promise<void> {
  const living = openWorld({ seed, trains: 30 });
  const worldMessages = openWorldMessages({ seed, trains: 30 });
  const random = seededRandom(seed, 5);
  let endMs = Infinity;
  world.weather = (path) => new Response(worldAnswer(living, path, Math.min(world.truthMs, endMs)));
  world.onTick = (truthMs) => {
    if (truthMs > endMs || messages === undefined) return;
    if (random() < 0.002) messages.turn(!messages.isHealthy);
    const sent = [...worldMessages(truthMs - 5_000, truthMs)].map(({ payload }) => payload);
    for (const payload of random() < 0.1 ? sent.toReversed() : sent) messages.hear(payload, truthMs);
  };
  await world.follow(9 * HOUR_MS, { ...RHYTHM, messages });
  // All that is known of what was published is lost: both ways bring trains that are there.
  await Deno.remove(world.statePath);
  await world.follow(5 * HOUR_MS, { ...RHYTHM, messages });
  endMs = world.truthMs;
  await world.follow(26 * HOUR_MS, { ...SLOW_RHYTHM, messages });
}

/** Follows a railway on which nothing happens, until all of it is known. */
async function followQuietly(world: FeedWorld): Promise<MadeUpMessages> {
  const messages = new MadeUpMessages();
  world.onTick = () => {};
  await world.follow(MINUTE_MS, { messages });
  return messages;
}

/** The standard rows of the dates that were compared as a whole, and the counts of the batches. */
async function tablesOf(
  world: FeedWorld,
): Promise<{ readonly rows: readonly string[]; readonly batches: string }> {
  await using broker = await openEmbeddedBroker({
    path: world.brokerPath,
    clock: () => world.nowMs,
    isSynced: false,
  });
  const storeOf = memoryFolder();
  await runProcess({ broker, storeOf, maxBatchBytes: 8_000_000, startMs: world.nowMs });
  const { standard, batches, wrong } = await readContent(storeOf);
  assertEquals(wrong, []);
  const unchanging = standard.filter((row) => String(JSON.parse(row).departureDate) <= LAST_DATE);
  return { rows: withoutPlace(unchanging), batches: batches.join("\n") };
}

/** As the tables write the date: the day of the end. */
const LAST_DATE = "2025-02-18";

Deno.test({
  name: "MQTT and REST together, with connections that break at random, give the same tables as REST alone",
  permissions: { ...RIGHTS, env: true, sys: true, ffi: true, read: true },
  fn: async () => {
    for (let seed = 1; seed <= rounds(2); seed++) {
      await using alone = await FeedWorld.create({ startMs: START_MS });
      await followWorld(alone, seed);
      await using both = await FeedWorld.create({ startMs: START_MS });
      const messages = new MadeUpMessages();
      await followWorld(both, seed, messages);
      assertGreater(messages.figures.messages, 150);
      const newest = await both.newest();
      const [early, missing] = [[] as string[], [] as string[]];
      const restNewest = await alone.newest();
      for (const [key, text] of restNewest) if (newest.get(key) !== text) missing.push(key);
      for (const key of newest.keys()) if (!restNewest.has(key)) early.push(key);
      // Trains of the days to come that were told before they came into the window.
      assertEquals(missing.filter((key) => key.slice(0, 10) <= LAST_DATE), []);
      assertEquals(early.filter((key) => key.slice(0, 10) <= LAST_DATE), []);
      const [withMqtt, withRest] = [await tablesOf(both), await tablesOf(alone)];
      assertGreater(withRest.rows.length, 1_000);
      assertEquals(withMqtt.rows, withRest.rows);
      assert(/duplicate=[1-9]/.test(withMqtt.batches), withMqtt.batches);
      assertEquals(withMqtt.batches.match(/conflict=[1-9]\d*/g), null);
    }
  },
});

Deno.test({
  name: "a message is in the log at once, also while REST is asked, under the time at which it came",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const messages = await followQuietly(world);
    const [train] = world.railway.live(world.truthMs);
    assert(train !== undefined);
    const published = Promise.withResolvers<void>();
    world.publish = (broker) => async (topic, sent) => {
      const receipt = await broker.publish(topic, sent);
      if (sent.some(({ key }) => key === keyOf(train))) {
        assertEquals(sent.map(({ headers }) => headers?.fetchedAt), [new Date(1_000).toISOString()]);
        assertEquals(sent.map(({ headers }) => headers?.source), ["ws://127.0.0.1:9/mqtt"]);
        published.resolve();
      }
      return receipt;
    };
    // An answer that comes only when the message, which came after the question, is published.
    world.weather = async (_, answer) => {
      world.railway.change([keyOf(train)]);
      messages.hear(textOf(train), 1_000);
      await published.promise;
      world.weather = (_, answer) => answer();
      return answer();
    };
    await world.follow(6 * MINUTE_MS, { messages });
    await published.promise;
    assertEquals((await world.texts()).filter(({ text }) => text === textOf(train)).length, 1);
  },
});

Deno.test({
  name:
    "an older version after a newer one is left out, by whichever way, and so is other content of the same one",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const messages = await followQuietly(world);
    const [train] = world.railway.live(world.truthMs);
    assert(train !== undefined);
    const before = textOf(train);
    world.railway.change([keyOf(train)]);
    const newer = textOf(train);
    messages.hear(newer, 1);
    await world.follow(1_000, { messages });
    messages.hear(before, 2);
    messages.hear(newer.replace("{", '{"note":"other",'), 3);
    // REST, from a cache, has the old one too.
    world.weather = (_) => new Response(`[${before}]`);
    await world.follow(4 * MINUTE_MS, { messages });
    const texts = (await world.texts()).filter(({ key }) => key === keyOf(train)).map(({ text }) => text);
    assertEquals(texts, [before, newer]);
  },
});

Deno.test({
  name:
    "while MQTT is healthy changes are asked for once a minute, else as ever, and at once when it connects",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const messages = new MadeUpMessages();
    world.onTick = () => {};
    const polls = async (milliseconds: number) => {
      const before = world.requests.length;
      await world.follow(milliseconds, { messages, fullEveryMs: HOUR_MS });
      return world.requests.slice(before).filter(({ path }) => path.startsWith("/live-trains?")).length;
    };
    await polls(MINUTE_MS);
    const healthy = await polls(20 * MINUTE_MS);
    assert(healthy >= 14 && healthy <= 20, `${healthy}`);
    messages.turn(false);
    const away = await polls(20 * MINUTE_MS);
    assert(away >= 55 && away <= 80, `${away}`);
    // In the middle of a wait for a minute it breaks, and comes again.
    const breaks = new Set([61, 62].map((count) => world.truthMs + count * 5_000));
    world.onTick = (truthMs) => breaks.has(truthMs) && messages.turn(!messages.isHealthy);
    messages.turn(true);
    const before = world.requests.length;
    await world.follow(20 * MINUTE_MS, { messages, fullEveryMs: HOUR_MS });
    const gaps = world.requests.slice(before).map(({ atMs }, index, all) =>
      atMs - (all[index - 1]?.atMs ?? atMs)
    );
    assert(gaps.some((gap) => gap > 50_000));
  },
});

Deno.test({
  name: "what was lost is made good by all live trains, not more often than twice a minute in a flood",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const messages = new MadeUpMessages();
    await world.follow(MINUTE_MS, { messages });
    world.onTick = (truthMs) => {
      world.railway.batch(truthMs);
      messages.gap = "lost";
      messages.turn(true);
      messages.hear('{"no":"train"}', truthMs);
    };
    const before = world.requests.length;
    await world.follow(20 * MINUTE_MS, { messages, fullEveryMs: HOUR_MS });
    const fulls = world.requests.slice(before).filter(({ path }) => path === "/live-trains").length;
    assert(fulls >= 10 && fulls <= 41, `${fulls}`);
    // The same odd message again and again is one.
    assertEquals((await world.texts()).filter(({ text }) => text === '{"no":"train"}').length, 1);
  },
});

Deno.test({
  name: "while the broker is down messages wait, and the state is written every few seconds and at the end",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const messages = await followQuietly(world);
    const trains = world.railway.live(world.truthMs).slice(0, 20);
    let failures = 3;
    let written = 0;
    const failedAtMs: number[] = [];
    world.publish = (broker) => (topic, sent) => {
      if (failures-- > 0) {
        failedAtMs.push(world.monotonicMs);
        return Promise.reject(new BrokerError("Cannot publish: no leader", { retriable: true }));
      }
      return broker.publish(topic, sent);
    };
    let mtime = (await Deno.stat(world.statePath)).mtime?.getTime();
    const onStep = () => {
      const now = Deno.statSync(world.statePath).mtime?.getTime();
      if (now !== mtime) written++;
      mtime = now;
    };
    for (const [index, train] of trains.entries()) {
      world.railway.change([keyOf(train)]);
      messages.hear(textOf(train), index);
    }
    world.weather = () => Promise.reject(new TypeError("no REST"));
    await world.follow(2 * MINUTE_MS, { messages, onStep });
    const newest = await world.newest();
    assertEquals(trains.map((train) => newest.get(keyOf(train))), trains.map(textOf));
    assert(written <= 3, `${written}`);
    // A broker that does not answer is not asked again at once.
    const [first = 0, second = 0, third = 0] = failedAtMs;
    assertEquals([second - first >= 2_000, third - second >= 4_000], [true, true], failedAtMs.join());
    const published = world.figures.counts.published;
    // What was published is known to whoever comes next.
    await world.follow(MINUTE_MS, { messages: undefined });
    for (const train of trains) messages.hear(textOf(train), 1);
    await world.follow(MINUTE_MS, { messages });
    assertEquals(world.figures.counts.published, published);
  },
});

Deno.test({
  name:
    "killed at random moments, with messages that are lost, doubled and late, it misses no train that is live",
  permissions: RIGHTS,
  fn: async () => {
    let [kills, messaged] = [0, 0];
    for (let seed = 1; seed <= rounds(6); seed++) {
      const random = seededRandom(seed, 17);
      await using world = await FeedWorld.create({ seed, perDate: 40 });
      let messages = new MadeUpMessages();
      let late: string[] = [];
      world.onTick = (truthMs) => {
        const { version } = world.railway;
        world.railway.batch(truthMs);
        for (const text of late.splice(0)) messages.hear(text, truthMs);
        const changed = [...world.railway.trains.values()].filter((train) => train.version > version);
        for (const text of changed.map(textOf)) {
          if (random() < 0.8) messages.hear(text, truthMs);
          if (random() < 0.2) late = [...late, text];
        }
        if (random() < 0.02) messages.turn(!messages.isHealthy);
      };
      let state: string | null = null;
      world.publish = (broker) => async (topic, sent) => {
        const die = random() < 0.02;
        const receipt = await broker.publish(topic, sent);
        if (!die) return receipt;
        state = await Deno.readTextFile(world.statePath).catch(() => null);
        throw new Kill("before it is recorded");
      };
      const end = world.truthMs + 3 * HOUR_MS;
      while (world.truthMs < end && await world.follow(end - world.truthMs, { messages })) {
        kills++;
        // What is written after the kill was never written.
        if (state !== null) await Deno.writeTextFile(world.statePath, state);
        messaged += messages.figures.messages;
        messages = new MadeUpMessages();
        world.pass(5_000);
      }
      world.publish = (broker) => (topic, sent) => broker.publish(topic, sent);
      world.onTick = () => {};
      await world.follow(20 * MINUTE_MS, { messages });
      assertEquals(await missedTrains(world, unchangingTrains(world)), []);
      // Nothing is in the log that was never there, and of each train the newest is what the API has.
      const newest = await world.newest();
      const wrong = [...newest].filter(([key, text]) => {
        const train = world.railway.trains.get(key);
        return train === undefined || JSON.parse(text).version > train.version;
      });
      assertEquals(wrong, []);
    }
    assertGreater(kills, 5);
    assertGreater(messaged, 100);
  },
});

Deno.test({
  name: "who ends and cannot record what came last ends all the same, and the next one publishes it again",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    const messages = await followQuietly(world);
    const [train] = world.railway.live(world.truthMs);
    assert(train !== undefined);
    world.railway.change([keyOf(train)]);
    messages.hear(textOf(train), 1);
    // Answers would be recorded, and what came before with them.
    world.weather = () => Promise.reject(new TypeError("no REST"));
    await Deno.mkdir(`${world.statePath}.tmp/blocked`, { recursive: true });
    await world.follow(3_000, { messages });
    world.weather = (_, answer) => answer();
    await Deno.remove(`${world.statePath}.tmp`, { recursive: true });
    await world.follow(10 * MINUTE_MS, { messages });
    assertEquals((await world.texts()).filter(({ text }) => text === textOf(train)).length, 2);
  },
});
