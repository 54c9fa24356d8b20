/** A follower beside one run: the same tables, whatever the batches were; and when its batches are. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { gatedStore } from "../gated_store.ts";
import { makeRound } from "../made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "../process_rig.ts";
import { readContent } from "../table_content.ts";
import { follow, type Happening, keptOpen } from "./follow_rig.ts";
import { LOG, pieces, undisturbed } from "./follow_log.ts";

Deno.test("what came within the age is one batch, at the latest when its first message is of that age", async () => {
  await using broker = await brokerWith([]);
  const round = makeRound(6, 1, 0);
  const times = [1000, 1300, 1850, 4000, 4010, 9999];
  const followed = await follow({
    openBroker: keptOpen(broker),
    storeOf: memoryFolder(),
    happenings: pieces(broker, round, times),
    untilMs: 20_000,
    maxBatchBytes: 1e9,
  });
  assertEquals(followed.batches.map(({ messages }) => messages), [3, 2, 1]);
  [1000, 4000, 9999].forEach((first, index) => {
    const atMs = followed.batches[index]?.atMs ?? 0;
    assertLess(atMs - first, 1001);
    // Not much before it is due either: commits cost.
    assertGreater(atMs - first, 699);
  });
});

Deno.test("what is a batch by its size waits for no age", async () => {
  await using broker = await brokerWith([]);
  const { batches } = await follow({
    openBroker: keptOpen(broker),
    storeOf: memoryFolder(),
    happenings: [
      { atMs: 10_000, happens: () => broker.publish(TOPIC, makeRound(2, 1, 0)) },
      { atMs: 50_000, happens: () => broker.publish(TOPIC, makeRound(30, 2, 0)) },
    ],
    untilMs: 100_000,
    maxAgeMs: 20_000,
    maxBatchBytes: 100_000,
  });
  const late = batches.filter(({ atMs }) => atMs > 40_000);
  assertEquals(batches[0]?.messages, 2);
  assertEquals(late.reduce((sum, { messages }) => sum + messages, 0), 30);
  assertLess(late.at(-1)?.atMs ?? Infinity, 52_001);
});

Deno.test("a follower whose messages come bit by bit leaves what one run leaves", async () => {
  await using all = await brokerWith(LOG);
  const expected = await undisturbed(all);
  await using broker = await brokerWith([]);
  const folder = memoryFolder();
  const times = Array.from({ length: 40 }, (_, index) => 500 * index);
  const followed = await follow({
    openBroker: keptOpen(broker),
    storeOf: folder,
    happenings: pieces(broker, LOG, times),
    untilMs: 60_000,
  });
  assertGreater(followed.summary.batches, 10);
  assertEquals(followed.summary.messages, LOG.length);
  assertEquals(await readContent(folder), { ...expected });
  assertEquals(followed.summary.run?.lag, 0);
});

Deno.test("one run beside a follower, again and again, and both leave what one leaves", async () => {
  await using all = await brokerWith(LOG);
  const expected = await undisturbed(all);
  await using broker = await brokerWith([]);
  const folder = memoryFolder();
  const times = Array.from({ length: 24 }, (_, index) => 700 * index);
  const runs = [2_000, 5_000, 9_000, 15_000].map((atMs): Happening => ({
    atMs,
    happens: () => runProcess({ broker, storeOf: folder, name: `beside${atMs}`, maxBatchBytes: 30_000 }),
  }));
  const { summary } = await follow({
    openBroker: keptOpen(broker),
    storeOf: folder,
    happenings: [...pieces(broker, LOG, times), ...runs],
    untilMs: 60_000,
  });
  assertLess(summary.messages, LOG.length);
  assertEquals(summary.failures, 0);
  assertEquals(await readContent(folder), expected);
});

Deno.test("without news a follower commits nothing, lists nothing and writes nothing for hours", async () => {
  await using broker = await brokerWith(LOG);
  const folder = memoryFolder();
  const seen = new Map<string, number>();
  let isIdle = false;
  const storeOf: StoreOf = (path) =>
    gatedStore(folder(path), ({ operation, when }) => {
      if (isIdle && when === "before") seen.set(operation, (seen.get(operation) ?? 0) + 1);
    });
  const { sleeps } = await follow({
    openBroker: keptOpen(broker),
    storeOf,
    happenings: [
      { atMs: 1_500_000, happens: () => isIdle = true },
      { atMs: 5_100_000, happens: () => isIdle = false },
    ],
    untilMs: 5_200_000,
    maxAgeMs: 10_000,
  });
  assertGreater(sleeps, 5_000);
  const { read = 0, ...others } = Object.fromEntries(seen);
  assertEquals(others, {});
  // The identity of the log, now and then.
  assertLess(read, 12 * 50);
});

Deno.test("the analysis tables and a run come while batches flow", async () => {
  await using broker = await brokerWith([]);
  const times = Array.from({ length: 400 }, (_, index) => 500 * index);
  const log = Array.from({ length: 5 }, (_, round) => makeRound(8, 1, round * 1_800_000)).flat();
  const versions: number[] = [];
  const folder = memoryFolder();
  const { lake, summary } = await follow({
    openBroker: keptOpen(broker),
    storeOf: folder,
    happenings: [
      ...times.map((atMs, index): Happening => ({
        atMs,
        happens: () =>
          broker.publish(TOPIC, [log[index % log.length] ?? { key: null, value: null, headers: {} }]),
      })),
      {
        atMs: 150_000,
        happens: async () => {
          const { openTable } = await import("../../../lib/delta/mod.ts");
          for (const path of ["analysis_zone/train_runs", "quality_zone/trains_travel"]) {
            versions.push((await openTable(folder(path))).snapshot.version);
          }
        },
      },
    ],
    untilMs: 250_000,
    measureMs: 50_000,
    maxBatchBytes: 1e6,
  });
  assert(versions.every((version) => version >= 1), `${versions}`);
  assertGreater(summary.batches, 150);
  assertLess(lake?.landing.delta.snapshot.files.size ?? Infinity, 200);
  await using all = await brokerWith(
    times.map((_, index) => log[index % log.length]).filter((each) => each !== undefined),
  );
  assertEquals(await readContent(folder), await undisturbed(all));
});
