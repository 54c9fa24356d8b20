/** Messages that a wrong rule has rejected come back as if they had never been away. */
import { assert, assertEquals } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeLog, SOME_BAD_MESSAGES, trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { processStrictly, replayAll, type StrictRule } from "./strict_process.ts";
import { readContent } from "./table_content.ts";

const ROUNDS = Number(Deno.env.get("RATALAKE_REPLAY_ROUNDS") ?? 1);
const TRAINS = [...simulateTrains({ seed: 5, trains: 4, atMs: FIRST_ROUND_MS })]
  .map((train) => ({ ...train, timeTableRows: train.timeTableRows.slice(0, 4) }));
const encoder = new TextEncoder();

/** Few trains, versions, epochs and contents: duplicates, stale messages and conflicts are many. */
function someMessages(random: Random, count: number): readonly Message[] {
  const below = (most: number) => Math.floor(random() * most);
  return Array.from({ length: count }, (_, at): Message => {
    if (random() < 0.08) {
      const value = SOME_BAD_MESSAGES[below(SOME_BAD_MESSAGES.length)] ?? null;
      const bytes = typeof value === "string" ? encoder.encode(value) : value;
      return { key: `bad/${at}`, value: bytes, headers: {}, timestampMs: FIRST_ROUND_MS + at };
    }
    const train = TRAINS[below(TRAINS.length)];
    return trainMessage(
      { ...train, version: 1 + below(2), runningCurrently: random() < 0.5 },
      FIRST_ROUND_MS + at,
      { sourceEpoch: below(2) },
    );
  });
}

/** Rejects some messages, for one of two reasons. */
function wrongRule(random: Random, share: number): StrictRule {
  return () => random() >= share ? undefined : random() < 0.5 ? "out_of_range" : "wrong_type";
}

async function assertAsNeverRejected(folder: StoreOf, clean: StoreOf, place: unknown): Promise<void> {
  const [{ batches: _a, ...found }, { batches: _b, ...expected }] = [
    await readContent(folder),
    await readContent(clean),
  ];
  assertEquals({ place, ...found }, { place, ...expected });
}

Deno.test("what a wrong rule has rejected, in any pieces and order, leaves the tables as if it never had", async () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = seededRandom(seed, 3);
    await using broker = await brokerWith([], 2);
    const folder = memoryFolder();
    for (let phase = 0; phase < 4; phase++) {
      await broker.publish(TOPIC, someMessages(random, 5 + Math.floor(random() * 40)));
      if (random() < 0.7) await processStrictly(broker, folder, wrongRule(random, random()));
      else await runProcess({ broker, storeOf: folder });
      const releaseBytes = [1, 30_000, 1e6][Math.floor(random() * 3)] ?? 1;
      const filter = random() < 0.7 ? { reasons: ["out_of_range"] } : {};
      if (random() < 0.5) await replayAll(folder, { ...filter, releaseBytes });
      assertEquals([seed, phase, (await readContent(folder)).wrong], [seed, phase, []]);
    }
    await replayAll(folder);
    const clean = memoryFolder();
    await runProcess({ broker, storeOf: clean });
    await assertAsNeverRejected(folder, clean, seed);
    // Nothing is left to do.
    const { released } = await replayAll(folder);
    assertEquals(released, 0);
    await runProcess({ broker, storeOf: folder });
    await assertAsNeverRejected(folder, clean, seed);
  }
});

Deno.test("only what the filter takes is replayed, the counts say what became of it, and a dry run changes nothing", async () => {
  const messages = [1, 2, 3].map((version) =>
    trainMessage({ ...TRAINS[0], version }, FIRST_ROUND_MS + version)
  );
  await using broker = await brokerWith([...messages, trainMessage({ ...TRAINS[1], version: 1 }, 0)], 1);
  const folder = memoryFolder();
  await processStrictly(broker, folder, ({ offset }) => offset < 2n ? "wrong_type" : "out_of_range");
  const before = await readContent(folder);
  assertEquals((await replayAll(folder, { isDry: true })).released, 4);
  assertEquals(await readContent(folder), before);
  const late = await replayAll(folder, { reasons: ["wrong_type"], sinceMs: FIRST_ROUND_MS + 2 });
  assertEquals(late, { replayed: 1, released: 1, accepted: 1, duplicate: 0, stale: 0 });
  assertEquals(await replayAll(folder, { reasons: ["wrong_type"] }), {
    replayed: 1,
    released: 1,
    accepted: 0,
    duplicate: 0,
    stale: 1,
  });
  assertEquals(await replayAll(folder), { replayed: 2, released: 2, accepted: 2, duplicate: 0, stale: 0 });
  const { quarantine, wrong } = await readContent(folder);
  assertEquals([quarantine, wrong], [[], []]);
  assert(before.quarantine.length === 4);
});

Deno.test("however many files rejected messages lie in, they leave quarantine in as few releases as memory allows", async () => {
  await using broker = await brokerWith(makeLog({ trains: 6 }), 1);
  const folder = memoryFolder();
  await processStrictly(broker, folder, () => "wrong_type");
  const quarantine = async () => (await openTable(folder(TABLE_PATHS.quarantine))).snapshot;
  const { files, version } = await quarantine();
  assert(files.size > 3, `${files.size} files`);
  const { released } = await replayAll(folder, { releaseBytes: 1e6 });
  assert(released > 3, `${released} messages`);
  assertEquals((await quarantine()).version, version + 1);
});
