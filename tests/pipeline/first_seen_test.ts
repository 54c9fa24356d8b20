/** When a train was first seen, and in which version: by a naive model that looks at all messages of a log. */
import { assert, assertEquals } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { analyseLake } from "../../lib/pipeline/analysis/analyse_lake.ts";
import { AnalysisWork } from "../../lib/pipeline/analysis/analysis_work.ts";
import { bringAllForward, keepAnalysis } from "../../lib/pipeline/analysis/keep_analysis.ts";
import { ingestAll } from "../../lib/pipeline/run_steps/ingest_all.ts";
import { counterSource } from "../../lib/quality/standard_counter.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { TrainIndex } from "../../lib/standard/train_index.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { ANALYSIS_PATHS } from "../../lib/tables/table_paths.ts";
import { rounds } from "../rounds.ts";
import { FIRST_ROUND_MS, trainMessage } from "./made_up_log.ts";
import { mortal, untilDeath } from "./mortal_stores.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { processStrictly, replayAll } from "./strict_process.ts";

const TRAINS = [...simulateTrains({ seed: 5, trains: 6, trainsPerDay: 2, atMs: FIRST_ROUND_MS })]
  .map((train) => ({ ...train, timeTableRows: train.timeTableRows.slice(0, 4) }));
const CONTEXT = {
  clock: () => FIRST_ROUND_MS,
  ids: () => crypto.randomUUID(),
  backoff: () => Promise.resolve(),
};

/** Date, number, first version, its epoch, and first time (ms) of a train. */
type First = readonly [key: string, version: number, epoch: number, seenMs: number];

/** Messages and what they say of a train each. */
interface Told {
  readonly messages: readonly Message[];
  readonly firsts: readonly First[];
}

/** Versions rise and fall, and so do the times; epochs too, from `least` on. */
function someMessages(random: Random, count: number, least = 0): Told {
  const below = (most: number) => Math.floor(random() * most);
  const firsts: First[] = [];
  const messages = Array.from({ length: count }, (): Message => {
    const train = TRAINS[below(TRAINS.length)], version = 1 + below(9);
    const seenMs = FIRST_ROUND_MS + below(1_000_000);
    assert(train !== undefined);
    const sourceEpoch = least + below(2);
    firsts.push([`${train.departureDate}/${train.trainNumber}`, version, sourceEpoch, seenMs]);
    return trainMessage({ ...train, version, runningCurrently: random() < 0.5 }, seenMs, { sourceEpoch });
  });
  return { messages, firsts };
}

/** The least of each, which is all there is to it. */
function naive(told: readonly First[]): readonly First[] {
  return [...Map.groupBy(told, ([key]) => key)].map(([key, mine]): First => [
    key,
    ...mine.map(([, version, epoch]): [number, number] => [version, epoch])
      .reduce((a, b) => b[1] < a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a),
    Math.min(...mine.map(([, , , seenMs]) => seenMs)),
  ]).sort();
}

async function firstsOf(folder: StoreOf): Promise<readonly First[]> {
  const table = await openTable(folder(ANALYSIS_PATHS.train_runs), CONTEXT);
  const rows = await Promise.all([...table.snapshot.files.values()].map((add) => table.readRows(add)));
  return rows.flat().map((row): First => [
    `${row.departureDate}/${row.trainNumber}`,
    Number(row.firstVersion),
    Number(row.firstSourceEpoch ?? 0),
    Number(row.firstSeen) / 1000,
  ]).sort();
}

async function analyse(storeOf: StoreOf, isRebuild = false): Promise<void> {
  const { signal } = new AbortController(), releaseMemory = () => Promise.resolve();
  await analyseLake({ storeOf, context: CONTEXT, signal, releaseMemory, isRebuild });
}

Deno.test("it is the least that any message says, whatever dies in between and whoever works it out", async () => {
  for (let seed = 1; seed <= rounds(8); seed++) {
    const random = seededRandom(seed, 8), told: First[] = [];
    const folder = memoryFolder();
    await using broker = await brokerWith([], 2);
    for (let phase = 0; phase < 4; phase++) {
      const { messages, firsts } = someMessages(random, 1 + Math.floor(random() * 25), 3 - phase);
      told.push(...firsts);
      await broker.publish(TOPIC, messages);
      const sizes = { chunkBytes: 3000, maxBatchBytes: 3000 + random() * 20_000 };
      const { storeOf } = mortal(folder, phase > 0 && random() < 0.6 ? Math.floor(random() * 200) : Infinity);
      await untilDeath(runProcess({ broker, storeOf, ...sizes, name: `${seed}-${phase}` }));
      if (random() < 0.2) await analyse(folder, random() < 0.5);
    }
    await runProcess({ broker, storeOf: folder, name: `${seed}-end` });
    assertEquals([seed, ...await firstsOf(folder)], [seed, ...naive(told)]);
  }
});

Deno.test("a message that changes nothing, and one that is stale, tell it too", async () => {
  const folder = memoryFolder(), train = TRAINS[0];
  assert(train !== undefined);
  await using broker = await brokerWith([], 2);
  const told: [version: number, afterMs: number][] = [[5, 9000], [5, 7000], [3, 8000], [6, 6000], [4, 5000]];
  for (const [version, afterMs] of told) {
    await broker.publish(TOPIC, [trainMessage({ ...train, version }, FIRST_ROUND_MS + afterMs)]);
    await runProcess({ broker, storeOf: folder, name: `${afterMs}` });
  }
  assertEquals(await firstsOf(folder), [
    [`${train.departureDate}/${train.trainNumber}`, 3, 0, FIRST_ROUND_MS + 5000],
  ]);
});

Deno.test("what was seen by a run whose work on the tables was stopped is in them when the run ends", async () => {
  const folder = memoryFolder(), train = TRAINS[0];
  assert(train !== undefined);
  await using broker = await brokerWith([trainMessage({ ...train, version: 5 }, FIRST_ROUND_MS + 9000)]);
  await runProcess({ broker, storeOf: folder, name: "before" });
  await broker.publish(TOPIC, [trainMessage({ ...train, version: 3 }, FIRST_ROUND_MS + 5000)]);
  await using analysis = new AnalysisWork({ keepsFacts: false });
  const lake = await openLake(folder, { topic: TOPIC, ...CONTEXT });
  const { signal } = new AbortController();
  const surroundings = { ...CONTEXT, signal, monotonic: () => 0, releaseMemory: () => Promise.resolve() };
  const run = { broker, lake, group: "test", counter: counterSource(), index: new TrainIndex(), analysis };
  const whole = { ...run, storeOf: folder, limits: { maxBatchBytes: 1e6 }, surroundings };
  await ingestAll(whole, { onPlan: () => {}, onBatch: () => {} });
  await bringAllForward({ ...whole, surroundings: { ...surroundings, signal: AbortSignal.abort() } });
  await keepAnalysis(whole);
  assertEquals(await firstsOf(folder), [
    [`${train.departureDate}/${train.trainNumber}`, 3, 0, FIRST_ROUND_MS + 5000],
  ]);
});

Deno.test("messages in quarantine do not tell it, and do when they are released", async () => {
  const random = seededRandom(3, 8), folder = memoryFolder();
  const { messages, firsts } = someMessages(random, 40);
  await using broker = await brokerWith(messages, 2);
  await processStrictly(broker, folder, ({ offset }) => offset % 2n === 0n ? "out_of_range" : undefined);
  await runProcess({ broker, storeOf: folder, name: "after" });
  const some = await firstsOf(folder);
  await analyse(folder, true);
  assertEquals(await firstsOf(folder), some);
  await replayAll(folder, {});
  const all = await firstsOf(folder);
  assertEquals(all, naive(firsts));
  assert(JSON.stringify(all) !== JSON.stringify(some));
});

Deno.test("a table that has lost it gets it back from landing, by the next run or by analyse", async () => {
  const random = seededRandom(4, 8), { messages, firsts } = someMessages(random, 40);
  for (const bringBack of ["process", "analyse"]) {
    const folder = memoryFolder(), anew = memoryFolder();
    await using broker = await brokerWith(messages, 2);
    await runProcess({ broker, storeOf: folder });
    const without: StoreOf = (path) => path === ANALYSIS_PATHS.train_runs ? anew(path) : folder(path);
    if (bringBack === "analyse") await analyse(without);
    else await runProcess({ broker, storeOf: without, name: "again" });
    assertEquals(await firstsOf(without), naive(firsts));
  }
});
