/** Two runs at once on the same tables, in many interleavings: seeded waits before and after each store operation. */

import { assert, assertEquals } from "@std/assert";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Broker } from "../../lib/broker/broker.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { checkAccount } from "../../lib/quality/account.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { gatedStore } from "./gated_store.ts";
import { makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, wrapBroker } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const INTERLEAVINGS = Number(Deno.env.get("RATALAKE_INTERLEAVINGS") ?? 2);
const FIRST = Number(Deno.env.get("RATALAKE_FIRST") ?? 0);

/** Each operation waits for some turns of the event loop, now and then for many. */
function withWaits(storeOf: StoreOf, random: Random): StoreOf {
  return (path) =>
    gatedStore(storeOf(path), async () => {
      const turns = random() < 0.05 ? 30 : Math.floor(random() * 4);
      for (let turn = 0; turn < turns; turn++) await nextTurn();
    });
}

Deno.test("two runs at once, with batches cut differently, leave what one run leaves", async () => {
  const log = makeLog({ trains: 5 });
  await using broker = await brokerWith(log);
  const alone = memoryFolder();
  await runProcess({ broker, storeOf: alone, chunkBytes: 20_000, maxBatchBytes: 20_000 });
  const expected = await readContent(alone);
  assertEquals(expected.wrong, []);
  for (let seed = FIRST; seed < FIRST + INTERLEAVINGS; seed++) {
    const shared = memoryFolder();
    const random = seededRandom(seed, 5);
    const runs = ["a", "b"].map((name, i) =>
      runProcess({
        broker,
        storeOf: withWaits(shared, seededRandom(seed, i)),
        chunkBytes: 8_000 + Math.floor(random() * 60_000),
        maxBatchBytes: 8_000 + Math.floor(random() * 120_000),
        name,
      })
    );
    const summaries = await Promise.all(runs);
    assertEquals({ seed, ...await readContent(shared) }, { seed, ...expected });
    for (const { run } of summaries) {
      assert(run !== null);
      const wrong = checkAccount(run.account).filter(({ holds }) => !holds);
      assertEquals({ seed, lag: run.lag, wrong }, { seed, lag: 0, wrong: [] });
    }
  }
});

/** As a worker that was given one partition sees the topic. */
function onlyPartition(broker: Broker, expected: number): Broker {
  return wrapBroker(broker, {
    topicOffsets: async (topic) =>
      (await broker.topicOffsets(topic)).filter(({ partition }) => partition === expected),
  });
}

Deno.test("a run that ends while another is between two commits finishes these, so that its account adds up", async () => {
  const log = makeLog({ trains: 5 });
  await using broker = await brokerWith(log, 2);
  const alone = memoryFolder();
  await runProcess({ broker, storeOf: alone });
  const shared = memoryFolder();
  const reached = Promise.withResolvers<void>(), released = Promise.withResolvers<void>();
  // Stops between its standard commit and the accounting of it.
  const halting: StoreOf = (path) =>
    gatedStore(shared(path), async ({ operation, path: file, when }) => {
      const isCommit = path === TABLE_PATHS.batches && file.endsWith("1.json") && operation === "putIfAbsent";
      if (!isCommit || when === "after") return;
      reached.resolve();
      await released.promise;
    });
  const other = onlyPartition(broker, 0);
  // It has looked at the tables, and not begun, when the first one stops.
  const late = wrapBroker(other, {
    async *read(topic, ranges) {
      first = runProcess({ broker: onlyPartition(broker, 1), storeOf: halting, name: "first" });
      await reached.promise;
      yield* other.read(topic, ranges);
    },
  });
  let first: ReturnType<typeof runProcess> | undefined;
  const { run } = await runProcess({ broker: late, storeOf: shared, name: "second" });
  assert(run !== null);
  assertEquals(checkAccount(run.account).filter(({ holds }) => !holds), []);
  released.resolve();
  await first;
  assertEquals(await readContent(shared), await readContent(alone));
});
