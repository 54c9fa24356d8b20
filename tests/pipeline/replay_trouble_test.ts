/** A replay that dies at any one of its store operations, and replays beside each other and beside `process`. */
import { assert, assertEquals } from "@std/assert";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Broker, Message } from "../../lib/broker/broker.ts";
import { MemoryStore } from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { copiedStore } from "../delta/copied_store.ts";
import { gatedStore } from "./gated_store.ts";
import { mortal, untilDeath } from "./mortal_stores.ts";
import { FIRST_ROUND_MS, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { processStrictly, replayAll } from "./strict_process.ts";
import { readContent, type TableContent } from "./table_content.ts";

/** Every how manieth moment is tried; 1 tries all. */
const STRIDE = Number(Deno.env.get("RATALAKE_CRASH_STRIDE") ?? 47);
const INTERLEAVINGS = Number(Deno.env.get("RATALAKE_INTERLEAVINGS") ?? 2);
const FIRST = Number(Deno.env.get("RATALAKE_FIRST") ?? 0);
const TRAINS = [...simulateTrains({ seed: 5, trains: 3, atMs: FIRST_ROUND_MS })]
  .map((train) => ({ ...train, timeTableRows: train.timeTableRows.slice(0, 4) }));

function someMessages(random: Random, count: number): readonly Message[] {
  return Array.from({ length: count }, (_, at) => {
    const train = TRAINS[Math.floor(random() * TRAINS.length)];
    const version = 1 + Math.floor(random() * 3);
    return trainMessage({ ...train, version, runningCurrently: random() < 0.5 }, FIRST_ROUND_MS + at);
  });
}

/** The tables after a wrong rule in two batches and more, so that quarantine has several files. */
async function rejectedFolder(broker: Broker, random: Random): Promise<StoreOf> {
  const folder = memoryFolder();
  for (const count of [12, 12]) {
    await broker.publish(TOPIC, someMessages(random, count));
    await processStrictly(broker, folder, () => random() < 0.5 ? "out_of_range" : undefined);
  }
  return folder;
}

async function copyOf(folder: StoreOf): Promise<StoreOf> {
  const stores = new Map<string, MemoryStore>();
  for (const path of [...Object.values(TABLE_PATHS), ...Object.values(ANALYSIS_PATHS)]) {
    const store = folder(path);
    assert(store instanceof MemoryStore);
    stores.set(path, await copiedStore(store, () => FIRST_ROUND_MS));
  }
  return (path) => stores.get(path) ?? new MemoryStore();
}

async function cleanContent(broker: Broker): Promise<Omit<TableContent, "batches">> {
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder });
  return await contentOf(folder);
}

/** All but the counts: what was rejected first may be accepted or stale in the end, depending on when. */
async function contentOf(folder: StoreOf): Promise<Omit<TableContent, "batches">> {
  const { batches: _, ...content } = await readContent(folder);
  return content;
}

Deno.test("a replay that dies anywhere is completed by the next replay, or by process, to the same end", async () => {
  const random = seededRandom(21);
  await using broker = await brokerWith([], 2);
  const rejected = await rejectedFolder(broker, random);
  const expected = await cleanContent(broker);
  const counted = mortal(await copyOf(rejected), Infinity);
  await replayAll(counted.storeOf);
  assert(counted.moments() > 100);
  for (let deathAt = Math.floor(random() * STRIDE); deathAt < counted.moments(); deathAt += STRIDE) {
    const folder = await copyOf(rejected);
    await untilDeath(replayAll(mortal(folder, deathAt).storeOf));
    if (random() < 0.5) {
      // What it has begun is finished by process, and what it has not is left.
      await runProcess({ broker, storeOf: folder });
      assertEquals([deathAt, (await readContent(folder)).wrong], [deathAt, []]);
    }
    await replayAll(folder);
    assertEquals({ deathAt, ...await contentOf(folder) }, { deathAt, ...expected });
  }
});

Deno.test("a replay that dies again and again, with process between, gets there in the end", async () => {
  const random = seededRandom(22);
  await using broker = await brokerWith([], 2);
  const folder = await rejectedFolder(broker, random);
  const expected = await cleanContent(broker);
  for (let lifetime = 30; lifetime < 260; lifetime += 12) {
    const { storeOf } = mortal(folder, Math.floor(random() * lifetime));
    await untilDeath(random() < 0.3 ? runProcess({ broker, storeOf }) : replayAll(storeOf));
  }
  await replayAll(folder);
  assertEquals(await contentOf(folder), expected);
});

Deno.test("rules that are mended between a crash and the next run leave what was rejected to the replay", async () => {
  const random = seededRandom(24);
  await using broker = await brokerWith(someMessages(random, 20), 2);
  const expected = await cleanContent(broker);
  const strictly = (storeOf: StoreOf) =>
    processStrictly(broker, storeOf, ({ offset }) => offset % 3n === 0n ? "out_of_range" : undefined);
  const counted = mortal(memoryFolder(), Infinity);
  await strictly(counted.storeOf);
  for (
    let deathAt = Math.floor(random() * STRIDE);
    deathAt < counted.moments();
    deathAt += Math.ceil(STRIDE / 4)
  ) {
    const folder = memoryFolder();
    await untilDeath(strictly(mortal(folder, deathAt).storeOf));
    await runProcess({ broker, storeOf: folder });
    assertEquals([deathAt, (await readContent(folder)).wrong], [deathAt, []]);
    await replayAll(folder);
    assertEquals({ deathAt, ...await contentOf(folder) }, { deathAt, ...expected });
  }
});

/** Each operation waits for some turns of the event loop, now and then for many. */
function withWaits(storeOf: StoreOf, random: Random): StoreOf {
  return (path) =>
    gatedStore(storeOf(path), async () => {
      const turns = random() < 0.05 ? 30 : Math.floor(random() * 4);
      for (let turn = 0; turn < turns; turn++) await nextTurn();
    });
}

Deno.test("two replays and a process at once leave what one after the other leaves", async () => {
  for (let seed = FIRST; seed < FIRST + INTERLEAVINGS; seed++) {
    const random = seededRandom(seed, 23);
    await using broker = await brokerWith([], 2);
    const folder = await rejectedFolder(broker, random);
    await broker.publish(TOPIC, someMessages(random, 15));
    const expected = await cleanContent(broker);
    const waits = [1, 2, 3].map((number) => withWaits(folder, seededRandom(seed, number)));
    const [first = folder, second = folder, third = folder] = waits;
    const [one, other, { run }] = await Promise.all([
      replayAll(first, { name: "first" }),
      replayAll(second, { name: "second" }),
      runProcess({ broker, storeOf: third, name: "process", maxBatchBytes: 10_000, chunkBytes: 5_000 }),
    ]);
    assert(run !== null);
    assertEquals({ seed, ...await contentOf(folder) }, { seed, ...expected });
    assert(one.released + other.released > 0);
    await runProcess({ broker, storeOf: folder });
    assertEquals({ seed, ...await contentOf(folder) }, { seed, ...expected });
  }
});
