/** Two runs at once on the same tables, in many interleavings: seeded waits before and after each store operation. */

import { assertEquals } from "@std/assert";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { gatedStore } from "./gated_store.ts";
import { makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const INTERLEAVINGS = Number(Deno.env.get("RATALAKE_INTERLEAVINGS") ?? 6);
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
  const log = makeLog({ trains: 9 });
  await using broker = await brokerWith(log);
  const alone = memoryFolder();
  await runProcess({ broker, storeOf: alone, sliceBytes: 20_000, maxBatchBytes: 20_000 });
  const expected = await readContent(alone);
  assertEquals(expected.wrong, []);
  for (let seed = FIRST; seed < FIRST + INTERLEAVINGS; seed++) {
    const shared = memoryFolder();
    const random = seededRandom(seed, 5);
    const runs = ["a", "b"].map((name, i) =>
      runProcess({
        broker,
        storeOf: withWaits(shared, seededRandom(seed, i)),
        sliceBytes: 8_000 + Math.floor(random() * 60_000),
        maxBatchBytes: 8_000 + Math.floor(random() * 120_000),
        name,
      })
    );
    const summaries = await Promise.all(runs);
    assertEquals({ seed, ...await readContent(shared) }, { seed, ...expected });
    for (const { run } of summaries) assertEquals([seed, run?.lag], [seed, 0]);
  }
});
