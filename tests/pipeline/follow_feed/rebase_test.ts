/** A source that is set up anew, with lower versions: the tables have what it tells now, not what it told before. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { openTable } from "../../../lib/delta/mod.ts";
import { readPublishState, updatePublishState } from "../../../lib/digitraffic/publish_state.ts";
import { BrokerError } from "../../../lib/errors.ts";
import { openWorldMessages } from "../../../lib/simulator/mqtt/world_messages.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { openWorld } from "../../../lib/simulator/world/open_world.ts";
import { TABLE_PATHS } from "../../../lib/tables/table_paths.ts";
import { rounds } from "../../rounds.ts";
import { tableLines, trueLines } from "../../soak/true_rows.ts";
import { memoryFolder, runProcess, type StoreOf } from "../process_rig.ts";
import { FeedWorld, Kill, RIGHTS } from "./feed_rig.ts";
import { MadeUpMessages } from "./made_up_messages.ts";
import { keyOf, textOf } from "./railway.ts";
import { worldAnswer } from "./world_answer.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.parse("2025-02-17T18:00:00Z");
const DATES = ["2025-02-17", "2025-02-18"];
const RHYTHM = { everyMs: 60_000, fullEveryMs: 600_000, chunkBytes: 200_000 };
const TABLE_RIGHTS = { ...RIGHTS, env: true, sys: true, ffi: true, read: true } as const;
/** The versions fall by some hours' worth, then to a start. */
const REBASES = [
  { atMs: START_MS + 5 * HOUR_MS, lowerBy: 6 * HOUR_MS },
  { atMs: START_MS + 11 * HOUR_MS, lowerBy: 40_000_000_000 },
];

/** What the tables have of the dates. */
async function rowsOf(storeOf: StoreOf): Promise<readonly string[]> {
  const table = await openTable(storeOf(TABLE_PATHS.standard), { clock: () => 0, ids: () => "reader" });
  const files = [...table.snapshot.files.values()].filter(({ partitionValues }) =>
    DATES.includes(partitionValues.departureDate ?? "")
  );
  return (await Promise.all(files.map(async (add) => tableLines(await table.readRows(add))))).flat().sort();
}

async function process(world: FeedWorld, storeOf: StoreOf, maxBatchBytes: number): Promise<void> {
  await using broker = await openEmbeddedBroker({ path: world.brokerPath, clock: () => world.nowMs });
  await runProcess({ broker, storeOf, maxBatchBytes, startMs: world.nowMs });
}

/** Breaks the follower at random moments; what is written after a kill was never written. */
function breakAtRandom(world: FeedWorld, random: () => number) {
  let state: string | null = null;
  let greatest = 0;
  const die = async () => {
    state = await Deno.readTextFile(world.statePath);
    throw new Kill("killed");
  };
  world.publish = (broker) => async (topic, messages) => {
    const known = (await readPublishState(world.statePath))[0]?.sourceEpoch ?? 0;
    for (const { headers } of messages) greatest = Math.max(greatest, Number(headers.sourceEpoch ?? 0));
    // What is published is recorded: a kill at this moment lets nobody begin with less.
    assert(greatest <= known, `${greatest} published, ${known} recorded`);
    if (random() < 0.01) await die();
    if (random() < 0.01) throw new BrokerError("Cannot publish: no leader", { retriable: true });
    const receipt = await broker.publish(topic, messages);
    if (random() < 0.01) await die();
    return receipt;
  };
  return {
    restore: async () => {
      if (state !== null) await Deno.writeTextFile(world.statePath, state);
      state = null;
    },
  };
}

Deno.test({
  name: "over re-bases, kills and broken connections the tables end with the truth, versions and all",
  permissions: TABLE_RIGHTS,
  fn: async () => {
    let kills = 0;
    for (let seed = 1; seed <= rounds(2); seed++) {
      const random = seededRandom(seed, 31), options = { seed, trains: 20, rebases: REBASES };
      const living = openWorld(options), worldMessages = openWorldMessages(options);
      const messages = seed % 2 === 0 ? undefined : new MadeUpMessages();
      await using world = await FeedWorld.create({ seed, startMs: START_MS });
      const broken = breakAtRandom(world, random);
      let endMs = Infinity;
      world.weather = (path) => new Response(worldAnswer(living, path, Math.min(world.truthMs, endMs)));
      world.onTick = (truthMs) => {
        if (truthMs > endMs || messages === undefined) return;
        if (random() < 0.002) messages.turn(!messages.isHealthy);
        for (const { payload } of worldMessages(truthMs - 5_000, truthMs)) messages.hear(payload, truthMs);
      };
      const storeOf = memoryFolder();
      const follow = async (until: number) => {
        while (world.truthMs < until) {
          const wasKilled = await world.follow(until - world.truthMs, { ...RHYTHM, messages });
          await broken.restore();
          if (!wasKilled) continue;
          kills++;
          world.pass(random() < 0.2 ? random() * HOUR_MS : 5_000);
        }
      };
      for (let part = 1; part <= 6; part++) {
        await follow(START_MS + part * 2.5 * HOUR_MS);
        await process(world, storeOf, 50_000 + random() * 1_000_000);
      }
      endMs = world.truthMs;
      await follow(world.truthMs + 26 * HOUR_MS);
      await process(world, storeOf, 8_000_000);
      const truth = trueLines(DATES.flatMap((date) => [...living.trainsOf(date, endMs)]));
      assertGreater(truth.length, 400);
      assertEquals([seed, ...await rowsOf(storeOf)], [seed, ...truth]);
      // The same from the log alone, in batches of another size.
      const again = memoryFolder();
      await process(world, again, 3_000_000);
      assertEquals(await rowsOf(again), truth);
      assertEquals((await readPublishState(world.statePath))[0]?.sourceEpoch, 2);
    }
    assertGreater(kills, 3);
  },
});

Deno.test({
  name: "a count that fell, and was past the last known version before anybody looked, is noticed too",
  permissions: TABLE_RIGHTS,
  fn: async () => {
    const living = openWorld({
      seed: 7,
      trains: 20,
      rebases: [{ atMs: START_MS + 5 * HOUR_MS, lowerBy: HOUR_MS }],
    });
    await using world = await FeedWorld.create({ startMs: START_MS });
    world.onTick = () => {};
    let endMs = Infinity;
    world.weather = (path) => new Response(worldAnswer(living, path, Math.min(world.truthMs, endMs)));
    await world.follow(4.8 * HOUR_MS, RHYTHM);
    const cursor = (await world.feed())?.cursor ?? Infinity;
    world.pass(2 * HOUR_MS);
    assert([...living.liveTrains(world.truthMs, 0)].some(({ version }) => version > cursor));
    await world.follow(9 * HOUR_MS, RHYTHM);
    endMs = world.truthMs;
    await world.follow(26 * HOUR_MS, RHYTHM);
    assertEquals(world.figures.counts.resyncs, 1);
    const storeOf = memoryFolder();
    await process(world, storeOf, 8_000_000);
    assertEquals(
      await rowsOf(storeOf),
      trueLines(DATES.flatMap((date) => [...living.trainsOf(date, endMs)])),
    );
  },
});

/** All versions of the railway begin again. */
function setUpAnew({ railway }: FeedWorld, version = 1000): void {
  for (const train of railway.trains.values()) {
    Object.assign(train, { version: version + (train.number % 5), changes: 0 });
  }
  railway.version = version + 10;
}

/** Versions that are known from before the railway was set up anew are this high. */
const HIGH = 1_000_000;

Deno.test({
  name: "an epoch that cannot be recorded is not published, and is when it can",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.railway.version = HIGH;
    await world.follow(10 * MINUTE_MS);
    setUpAnew(world);
    const state = await Deno.readTextFile(world.statePath), breaksAtMs = world.truthMs + 3 * MINUTE_MS;
    const epochs = async () =>
      [...new Set((await world.texts()).map(({ sourceEpoch }) => sourceEpoch))].sort();
    let phase = "before", during = 0;
    world.onTick = (truthMs) => {
      world.railway.batch(truthMs);
      if (phase === "before" && truthMs > breaksAtMs) {
        phase = "broken";
        Deno.removeSync(world.statePath);
        Deno.mkdirSync(world.statePath);
      } else if (phase === "broken" && truthMs > breaksAtMs + 20 * MINUTE_MS) {
        phase = "mended";
        during = epochPublished;
        Deno.removeSync(world.statePath);
        Deno.writeTextFileSync(world.statePath, state);
      }
    };
    let epochPublished = 0;
    world.publish = (broker) => async (topic, messages) => {
      for (const { headers } of messages) {
        epochPublished = Math.max(epochPublished, Number(headers.sourceEpoch ?? 0));
      }
      return await broker.publish(topic, messages);
    };
    await world.follow(60 * MINUTE_MS);
    assertEquals([phase, during, await epochs(), world.figures.counts.resyncs], ["mended", 0, [0, 1], 1]);
  },
});

Deno.test({
  name: "what came over MQTT before the source was known to be another is not published as newer",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.railway.version = HIGH;
    const messages = new MadeUpMessages();
    await world.follow(10 * MINUTE_MS, { messages });
    const old = world.railway.live(world.truthMs).map((train) => JSON.parse(textOf(train)));
    setUpAnew(world);
    world.weather = (_, answer) => {
      // They wait while the answer is judged.
      if (world.figures.counts.resyncs === 0) {
        queueMicrotask(() => old.forEach((train) => messages.hear(JSON.stringify(train), world.nowMs)));
      }
      return answer();
    };
    await world.follow(40 * MINUTE_MS, { messages });
    assertEquals(world.figures.counts.resyncs, 1);
    const newer = (await world.texts()).filter(({ sourceEpoch }) => sourceEpoch === 1);
    assertGreater(newer.length, 20);
    assertEquals(newer.filter(({ text }) => JSON.parse(text).version >= HIGH), []);
  },
});

Deno.test({
  name:
    "two followers with states of their own count to the same number, and one without learns it from the log",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.railway.version = HIGH;
    const other = { statePath: `${world.folder}/other.json` };
    const third = { statePath: `${world.folder}/third.json` };
    await world.follow(10 * MINUTE_MS);
    await world.follow(10 * MINUTE_MS, other);
    setUpAnew(world);
    await world.follow(30 * MINUTE_MS);
    await world.follow(30 * MINUTE_MS, other);
    await world.follow(10 * MINUTE_MS, third);
    for (const { statePath } of [world, other, third]) {
      assertEquals((await readPublishState(statePath))[0]?.sourceEpoch, 1);
    }
    setUpAnew(world, 10);
    await world.follow(30 * MINUTE_MS, third);
    await world.follow(30 * MINUTE_MS);
    assertEquals((await readPublishState(third.statePath))[0]?.sourceEpoch, 2);
    assertEquals((await readPublishState(world.statePath))[0]?.sourceEpoch, 2);
    const newest = await world.newest();
    const live = world.railway.live(world.truthMs - 10 * MINUTE_MS).map(keyOf);
    assert(live.every((key) => JSON.parse(newest.get(key) ?? "{}").version < 1000));
  },
});

Deno.test({
  name:
    "another source, whose trains are older than those of the first, is never taken for the first set up anew",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await FeedWorld.create();
    world.railway.version = HIGH;
    await world.follow(10 * MINUTE_MS);
    // As if the first had been somewhere else.
    await updatePublishState(world.statePath, (logs) =>
      logs.map((log) => ({
        ...log,
        feeds: (log.feeds ?? []).map((feed) => ({ ...feed, source: "http://elsewhere.test" })),
      })));
    setUpAnew(world);
    await world.follow(20 * MINUTE_MS);
    await world.follow(20 * MINUTE_MS);
    // Not even when it is set up anew itself.
    setUpAnew(world, 10);
    await world.follow(40 * MINUTE_MS);
    const [log] = await readPublishState(world.statePath);
    assertEquals([log?.sourceEpoch, world.figures.counts.resyncs], [0, 0]);
    assertEquals(world.lines.filter((line) => line.includes("older than what was published")).length, 1);
    assert((await world.texts()).every(({ sourceEpoch }) => sourceEpoch === 0));
  },
});
