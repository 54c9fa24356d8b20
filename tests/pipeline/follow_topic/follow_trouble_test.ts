/** A follower in bad weather: what it waits for, what ends it, and that nothing is lost or doubled by either. */
import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import type { Broker } from "../../../lib/broker/broker.ts";
import { openTable } from "../../../lib/delta/mod.ts";
import { BrokerError, OtherLogError } from "../../../lib/errors.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../../lib/tables/table_paths.ts";
import { gatedStore } from "../gated_store.ts";
import { FIRST_ROUND_MS, makeRound } from "../made_up_log.ts";
import { mortal, untilDeath } from "../mortal_stores.ts";
import { brokerWith, memoryFolder, type StoreOf, TOPIC, wrapBroker } from "../process_rig.ts";
import { readContent } from "../table_content.ts";
import { follow, type Happening, keptOpen } from "./follow_rig.ts";
import { LOG, pieces, undisturbed } from "./follow_log.ts";

Deno.test("followers that die anywhere, one after the other, leave what one run leaves", async () => {
  await using all = await brokerWith(LOG);
  const expected = await undisturbed(all);
  for (let seed = 1; seed <= 3; seed++) {
    const random = seededRandom(seed, 21);
    await using broker = await brokerWith([]);
    const folder = memoryFolder();
    const step = Math.ceil(LOG.length / 12);
    let deaths = 0;
    for (let from = 0; from < LOG.length; from += step) {
      await broker.publish(TOPIC, LOG.slice(from, from + step));
      const { storeOf } = mortal(folder, Math.floor(random() * 120));
      const life = follow({
        openBroker: keptOpen(broker),
        storeOf,
        untilMs: 5_000,
        measureMs: 1_000,
        diesOfFailure: true,
      });
      const ended = await untilDeath(life.then(({ summary }) => {
        if (summary.failures > 0) deaths++;
      }));
      if (ended === "died") deaths++;
    }
    assertGreater(deaths, 4);
    await follow({ openBroker: keptOpen(broker), storeOf: folder, untilMs: 5_000 });
    assertEquals({ seed, ...await readContent(folder) }, { seed, ...expected });
  }
});

Deno.test("a broker that is away for an hour is asked again more and more rarely, and then all goes on", async () => {
  await using broker = await brokerWith([]);
  let isAway = false, asked = 0;
  const refuse = () => {
    asked++;
    throw new BrokerError("Cannot connect: connection refused", { retriable: true });
  };
  const open = () =>
    Promise.resolve(
      isAway ? refuse() : wrapBroker(broker, {
        topicOffsets: (topic) => isAway ? refuse() : broker.topicOffsets(topic),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    );
  const folder = memoryFolder();
  const half = Math.ceil(LOG.length / 2);
  const { figures, summary } = await follow({
    openBroker: async () => await open(),
    storeOf: folder,
    happenings: [
      { atMs: 100, happens: () => broker.publish(TOPIC, LOG.slice(0, half)) },
      { atMs: 60_000, happens: () => isAway = true },
      { atMs: 3_600_000, happens: () => isAway = false },
      { atMs: 3_600_001, happens: () => broker.publish(TOPIC, LOG.slice(half)) },
    ],
    untilMs: 3_700_000,
  });
  assertEquals(summary.messages, LOG.length);
  // Once a minute, of which a part is left to chance.
  assertLess(asked, 120);
  assertGreater(asked, 50);
  assertEquals(figures.counts.failures, asked);
  assertEquals(figures.heartbeat({ pid: 1, host: "h", topic: TOPIC, everySeconds: 5 }).errors.length, 5);
  await using all = await brokerWith(LOG);
  assertEquals(await readContent(folder), await undisturbed(all));
});

Deno.test("a disk that is full for a while is waited for, and nothing is lost or doubled", async () => {
  await using all = await brokerWith(LOG);
  const expected = await undisturbed(all);
  await using broker = await brokerWith([]);
  const folder = memoryFolder();
  let isFull = false;
  const storeOf: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, when }) => {
      if (isFull && when === "before" && operation.startsWith("put")) {
        throw new Error("No space left on device");
      }
    });
  const times = Array.from({ length: 20 }, (_, index) => 1_000 * index);
  const { summary } = await follow({
    openBroker: keptOpen(broker),
    storeOf,
    happenings: [
      ...pieces(broker, LOG, times),
      { atMs: 4_500, happens: () => isFull = true },
      { atMs: 300_000, happens: () => isFull = false },
    ],
    untilMs: 500_000,
  });
  assertGreater(summary.failures, 3);
  assertEquals(await readContent(folder), expected);
});

Deno.test("a topic that was made anew ends the follower with what to do about it", async () => {
  await using first = await brokerWith(makeRound(6, 1, 0));
  await using second = await brokerWith(makeRound(2, 2, 0));
  let broker: Broker = first;
  const open = () =>
    Promise.resolve(wrapBroker(first, {
      topicOffsets: (topic) => broker.topicOffsets(topic),
      logId: (topic) => broker.logId(topic),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  await assertRejects(
    () =>
      follow({
        openBroker: open,
        storeOf: memoryFolder(),
        happenings: [{ atMs: 30_000, happens: () => broker = second }],
        untilMs: 100_000,
      }),
    OtherLogError,
    "deno task reset",
  );
});

Deno.test("a follower waits for a topic that does not exist yet", async () => {
  await using broker = await brokerWith([]);
  let exists = false;
  const open = () =>
    Promise.resolve(wrapBroker(broker, {
      topicOffsets: async (topic) => exists ? await broker.topicOffsets(topic) : [],
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  const { summary, figures } = await follow({
    openBroker: open,
    storeOf: memoryFolder(),
    happenings: [
      { atMs: 50_000, happens: () => exists = true },
      { atMs: 55_000, happens: () => broker.publish(TOPIC, makeRound(2, 1, 0)) },
    ],
    untilMs: 100_000,
  });
  assertEquals([summary.messages, figures.counts.failures], [2, 0]);
});

Deno.test("a follower stopped without a topic records nothing", async () => {
  await using broker = await brokerWith([]);
  const open = () =>
    Promise.resolve(wrapBroker(broker, {
      topicOffsets: () => Promise.resolve([]),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  const { summary } = await follow({ openBroker: open, storeOf: memoryFolder(), untilMs: 10_000 });
  assertEquals([summary.run, summary.batches], [null, 0]);
});

Deno.test("a topic that is gone for a while, as from brokers that start, is waited for", async () => {
  await using broker = await brokerWith(makeRound(4, 1, 0));
  let isGone = false;
  const open = () =>
    Promise.resolve(wrapBroker(broker, {
      topicOffsets: async (topic) => isGone ? [] : await broker.topicOffsets(topic),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  const { summary } = await follow({
    openBroker: open,
    storeOf: memoryFolder(),
    happenings: [
      { atMs: 30_000, happens: () => isGone = true },
      { atMs: 60_000, happens: () => isGone = false },
      { atMs: 61_000, happens: () => broker.publish(TOPIC, makeRound(2, 2, 0)) },
    ],
    untilMs: 200_000,
  });
  assertEquals(summary.messages, 6);
  assertGreater(summary.failures, 0);
});

Deno.test("what retention took before it was landed is counted as lost", async () => {
  await using broker = await brokerWith(makeRound(4, 1, 0));
  let from = 0n;
  const open = () =>
    Promise.resolve(wrapBroker(broker, {
      topicOffsets: async (topic) =>
        (await broker.topicOffsets(topic)).map(({ earliest, ...each }) => ({
          ...each,
          earliest: earliest > from ? earliest : from < each.end ? from : each.end,
        })),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  const storeOf = memoryFolder();
  await follow({ openBroker: open, storeOf, untilMs: 10_000 });
  const before = (await broker.topicOffsets(TOPIC)).map(({ end }) => end);
  await broker.publish(TOPIC, makeRound(12, 2, 0));
  from = before.reduce((most, end) => end > most ? end : most) + 1n;
  const after = (await broker.topicOffsets(TOPIC)).map(({ end }) => end);
  const lost = before.reduce((sum, end, index) => {
    const until = from < (after[index] ?? 0n) ? from : after[index] ?? 0n;
    return sum + Number(until > end ? until - end : 0n);
  }, 0);
  const { summary } = await follow({ openBroker: open, storeOf, untilMs: 10_000 });
  assertGreater(lost, 0);
  assertEquals([summary.lost, summary.run?.newlyExpired], [lost, lost]);
});

Deno.test("analysis tables that cannot be written hold up no message, and are right when they can be again", async () => {
  await using broker = await brokerWith([]);
  // No message tells again when a train was first seen.
  const log = [0, 30, 60].flatMap((minutes) => makeRound(6, 1, FIRST_ROUND_MS + minutes * 60_000));
  const folder = memoryFolder();
  let isBroken = false;
  const storeOf: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, when }) => {
      const isWrite = isBroken && when === "before" && operation.startsWith("put");
      if (isWrite && path.startsWith("analysis_zone/")) throw new Error("Input/output error");
    });
  const times = Array.from({ length: log.length }, (_, index) => 5_000 * index);
  const { summary, batches, figures } = await follow({
    openBroker: keptOpen(broker),
    storeOf,
    happenings: [
      ...pieces(broker, log, times),
      { atMs: 10_000, happens: () => isBroken = true },
      { atMs: 100_000, happens: () => isBroken = false },
    ],
    untilMs: 5_000 * log.length + 70_000,
  });
  assertGreater(summary.failures, 0);
  const [error] = figures.heartbeat({ pid: 1, host: "h", topic: TOPIC, everySeconds: 5 }).errors;
  assertEquals(error?.message.startsWith("Cannot bring the analysis tables forward: "), true);
  // Each message is a batch of its own, also while it is broken.
  assertEquals(batches.length, log.length);
  for (const { atMs } of batches) assertLess(atMs % 5_000, 1_001);
  await using all = await brokerWith(log);
  assertEquals(await readContent(folder), await undisturbed(all));
});

Deno.test("what a follower that died left unmeasured is measured by the next, though nothing new comes", async () => {
  await using broker = await brokerWith(LOG);
  const folder = memoryFolder();
  const deadly: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, path: file }) => {
      if (path !== TABLE_PATHS.runs || operation === "read" || !file.endsWith(".parquet")) return;
      throw new Error("died");
    });
  const runs = async () => (await openTable(folder(TABLE_PATHS.runs))).snapshot.version;
  const live = async (storeOf: StoreOf, untilMs: number) => {
    const versions: number[] = [];
    const look: Happening = { atMs: 80_000, happens: async () => versions.push(await runs()) };
    const options = { storeOf, untilMs, measureMs: 20_000, happenings: [look], diesOfFailure: true };
    await follow({ openBroker: keptOpen(broker), ...options });
    return versions;
  };
  assertEquals([await live(deadly, 30_000), await runs()], [[], 0]);
  assertEquals(await live(folder, 90_000), [1]);
  // Its end recorded no other, and the next finds nothing to measure while it lives.
  assertEquals(await live(folder, 90_000), [1]);
});

Deno.test("who is stopped between two dates of the analysis tables does them at its end", async () => {
  const [first, second] = [0, 2].map((days) => makeRound(4, 1, FIRST_ROUND_MS + days * 86_400_000));
  assert(first !== undefined && second !== undefined);
  await using broker = await brokerWith(first);
  const folder = memoryFolder(), stop = new AbortController();
  let isWatched = false;
  const storeOf: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, path: file }) => {
      const isRead = operation === "read" && file.endsWith(".parquet");
      if (isWatched && path === ANALYSIS_PATHS.train_runs && isRead) stop.abort();
    });
  await follow({
    ...{ openBroker: keptOpen(broker), storeOf, untilMs: 200_000, measureMs: 20_000, stopping: stop.signal },
    happenings: [{
      atMs: 100_000,
      happens: async () => {
        isWatched = true;
        // The first round tells nothing new, so that its dates are looked at first, and the others are left.
        await broker.publish(TOPIC, [...first, ...second]);
      },
    }],
  });
  assert(stop.signal.aborted);
  await using all = await brokerWith([...first, ...first, ...second]);
  assertEquals(await readContent(folder), { ...await undisturbed(all) });
});
